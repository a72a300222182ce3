#pragma once

#include "base/worker_pool.hpp"
#include "storage/index/search_indexer.hpp"
#include "tests/storage/store_fixture.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace hauspost::storage::test {

/// Octets up to the first empty line are the header, its first line the subject; the rest is the
/// body. Nothing is decoded. A summary "long" is too much text, "open" an incomplete one.
class plain_text final : public text_maker {
public:
    [[nodiscard]] std::string version() const override { return number; }
    [[nodiscard]] std::optional<std::vector<octet_range>> ranges(
        std::string_view summary) const override;
    [[nodiscard]] indexed_text make(std::string_view summary,
                                    std::span<const std::string> octets) const override;
    std::string number = "1";
};

/// Reads that fail on demand.
class failing_blobs final : public blob_store {
public:
    explicit failing_blobs(blob_store& real) : real_(real) {}
    [[nodiscard]] std::unique_ptr<staged_blob> stage() override { return real_.stage(); }
    awaitable<result<std::size_t>> read(blob_id blob,
                                        std::uint64_t offset,
                                        std::span<char> into) override;
    result<std::size_t> read_here(blob_id blob,
                                  std::uint64_t offset,
                                  std::span<char> into) override {
        return real_.read_here(blob, offset, into);
    }
    std::atomic<int> faults = 0;  // so many reads fail
    std::atomic<int> reads = 0;

private:
    blob_store& real_;
};

/// A store with one account and its index, which looks at each change at once and commits when it
/// is told to settle.
class index_fixture {
public:
    index_fixture();
    ~index_fixture();

    void open();
    void close() { index.reset(); }
    void settle();

    /// UIDs of INBOX that may hold the text, uncovered ones included; nullopt: no answer.
    std::optional<std::set<std::uint32_t>> may_hold(std::string text,
                                                    text_field field = text_field::body);
    std::optional<std::set<std::uint32_t>> may_hold(mailbox_key box,
                                                    std::string text,
                                                    text_field field = text_field::body);
    std::optional<index_answer> ask(needle wanted);
    uid put(const std::string& body, const std::string& subject = "none", mailbox_key box = {});
    [[nodiscard]] std::filesystem::path folder_of(account_id account) const;
    void wait_until_indexed(std::uint64_t messages);

    store_fixture at;
    plain_text text;
    index::indexer_settings settings;
    std::unique_ptr<failing_blobs> blobs;
    change_feed* changes = nullptr;  // instead of the store's own
    std::unique_ptr<worker_pool> workers;
    std::unique_ptr<storage::index::search_indexer> index;
};

using uid_set = std::set<std::uint32_t>;

}  // namespace hauspost::storage::test
