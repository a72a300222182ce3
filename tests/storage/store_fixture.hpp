#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "storage/lmdb/store_options.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage::test {

using hauspost::test::run;
using hauspost::test::run_until;
using hauspost::test::tmp_dir;

class fake_clock final : public clock {
public:
    [[nodiscard]] wall_time now() const override {
        return std::chrono::system_clock::from_time_t(seconds) +
               std::chrono::milliseconds(milliseconds);
    }
    std::atomic<std::int64_t> seconds = 1'700'000'000;
    std::atomic<int> milliseconds = 0;
};

template <class T>
awaitable<void> keep_outcome(awaitable<T> task, std::optional<T>& into) {
    into.emplace(co_await std::move(task));
}

/// Runs one operation to its end and returns what it returned.
template <class T>
T await(asio::io_context& io, awaitable<T> task) {
    std::optional<T> outcome;
    run(io, keep_outcome(std::move(task), outcome));
    return std::move(*outcome);
}

/// Options for tests: no waiting, no reserve of disk space, background work only by tidy().
[[nodiscard]] lmdb::store_options small_store(const std::filesystem::path& folder,
                                              const clock& time);

/// A body of so many octets that no other seed gives.
[[nodiscard]] std::string body_text(std::uint64_t seed, std::size_t octets);

/// All UIDs.
[[nodiscard]] mail::uid_ranges everything();
[[nodiscard]] mail::uid_ranges only(std::uint32_t first, std::uint32_t last = 0);
[[nodiscard]] std::vector<std::uint32_t> numbers(const mail::uid_ranges& ranges);
[[nodiscard]] std::vector<std::uint32_t> numbers(const std::vector<mail::uid_block>& blocks);

/// One message as a walk saw it, owned.
struct seen_message {
    std::uint32_t uid = 0;
    std::uint32_t flags = 0;
    std::vector<std::uint16_t> extra;
    std::uint64_t modseq = 0;
    std::uint64_t octets = 0;
    mail::date_time internal_date;
    std::int64_t save_date = 0;
    blob_id blob;
    std::string prefix;
    std::string summary;
};

/// A store on real files in a folder of its own, with one account, a@example.test. Checked for
/// soundness at the end of each test.
class store_fixture {
public:
    store_fixture();
    ~store_fixture();

    template <class T>
    T get(awaitable<T> task) {
        return await(io, std::move(task));
    }
    const ports& operator*() const { return *store; }
    const ports* operator->() const { return store.get(); }

    void close() { store.reset(); }
    void reopen();

    account_id add_account(const std::string& name, std::uint64_t quota_octets = 0);
    mailbox_key make_box(const std::string& name);
    [[nodiscard]] mailbox_key inbox() const { return {ann, mailbox_id(1)}; }

    std::shared_ptr<staged_blob> staged(const std::string& body);
    result<append_result> append(mailbox_key box,
                                 const std::string& body,
                                 mail::flag_names flags = {},
                                 const std::string& prefix = "",
                                 const std::string& summary = "sum");
    error_code deliver(const std::string& body,
                       std::vector<local_copy> local,
                       std::vector<queue_item> remote = {});
    result<store_result> change(mailbox_key box,
                                mail::uid_ranges uids,
                                mail::change how,
                                mail::flag_names what);

    std::vector<seen_message> walk(mailbox_key box, const mail::uid_ranges& ranges = everything());
    mailbox_snapshot snapshot(mailbox_key box);
    account_usage usage(account_id account) {
        return get(store->directory.usages({account})).front();
    }
    std::string read_blob(blob_id blob, std::uint64_t offset, std::size_t octets = 4096);
    /// Prefix and body of a message that a walk saw.
    std::string text_of(const seen_message& message);
    /// Prefix and body, as FETCH BODY[] gives them.
    std::string text_of(mailbox_key box, std::uint32_t id);
    std::vector<std::string> findings() { return store->keeper.check().findings; }

    tmp_dir dir;
    fake_clock time;
    lmdb::store_options options;
    asio::io_context io{1};
    std::shared_ptr<const ports> store;
    account_id ann;
    bool is_sound_at_end = true;  // false: the test damages the store
};

}  // namespace hauspost::storage::test
