#include "storage/lmdb/check_references.hpp"

#include "storage/lmdb/check_queue.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/segment_files.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t counted_per_snapshot = 5'000;  // some 2 ms
constexpr int rounds = 4;

class references_checker {
public:
    references_checker(environment& env,
                       blob_counts references,
                       function_ref<void(std::string)> find)
        : env_(env), counted_(std::move(references)), find_(find) {}

    blob_figures run() {
        {
            const read_txn tx(env_);
            check_queue(tx, find_, counted_);
            check_blobs(tx);
            check_segments(tx);
        }
        for (int round = 0; round < rounds && !suspects_.empty(); ++round)
            count_again();
        if (!suspects_.empty()) tell_for_sure();
        return figures_;
    }

private:
    template <class... Args>
    void find(fmt::format_string<Args...> text, Args&&... args) {
        find_(fmt::format(text, std::forward<Args>(args)...));
    }

    void check_blobs(const txn& tx) {
        cursor at(tx, table::blob);
        for (bool more = at.first(); more; more = at.next()) {
            const blob_id id(load_be<std::uint64_t>(at.key().data()));
            const auto row = decode_blob(at.value());
            ++figures_.blobs;
            figures_.octets += row.octets;
            const auto found = counted_.find(id);
            if ((found == counted_.end() ? 0 : found->second) != row.references) suspects_[id] = 0;
            if (row.segment != 0) live_[row.segment] += segment_files::record_octets(row.octets);
        }
    }

    void check_segments(const txn& tx) {
        cursor at(tx, table::segment);
        for (bool more = at.first(); more; more = at.next()) {
            const auto number = load_be<std::uint32_t>(at.key().data());
            const auto row = decode_segment(at.value());
            if (row.live != live_[number])
                find("segment {} counts {} live octets, there are {}", number, row.live,
                     live_[number]);
            if (row.live > row.committed)
                find("segment {} has more live octets than it is long", number);
        }
    }

    /// Counts references to suspects in some rows from `from` on, which becomes the key to go on
    /// with, or "" at the end.
    void count(const txn& tx, table which, std::string& from, std::size_t most) {
        cursor at(tx, which);
        bool more = from.empty() ? at.first() : at.seek(from);
        for (std::size_t n = 0; more && n < most; ++n, more = at.next()) {
            const auto suspect = suspects_.find(blob_of(which, at.key(), at.value()));
            if (suspect != suspects_.end()) ++suspect->second;
        }
        from = more ? std::string(at.key()) : std::string();
    }

    static blob_id blob_of(table which, std::string_view key, std::string_view value) {
        if (which == table::queue)
            return queue_rows::decode(queue_id(load_be<std::uint64_t>(key.data())), value).blob;
        return decode_message(which == table::expunged ? value.substr(expunged_row_head) : value)
            .blob;
    }

    /// In short snapshots. Those that fit now are none any more.
    void count_again() {
        for (auto& [id, counted] : suspects_)
            counted = 0;
        for (const auto which : {table::message, table::expunged, table::queue}) {
            std::string from;
            do {
                const read_txn tx(env_);
                count(tx, which, from, counted_per_snapshot);
            } while (!from.empty());
        }
        const read_txn tx(env_);
        std::erase_if(suspects_, [&tx](const auto& one) {
            const auto row = tx.get(table::blob, blob_key(one.first));
            return !row || decode_blob(*row).references == one.second;
        });
    }

    /// In one snapshot: nothing changes meanwhile.
    void tell_for_sure() {
        for (auto& [id, counted] : suspects_)
            counted = 0;
        const read_txn tx(env_);
        for (const auto which : {table::message, table::expunged, table::queue}) {
            std::string from;
            count(tx, which, from, SIZE_MAX);
        }
        for (const auto& [id, counted] : suspects_) {
            const auto row = tx.get(table::blob, blob_key(id));
            if (row && decode_blob(*row).references != counted)
                find("blob {} counts {} references, there are {}", id.value(),
                     decode_blob(*row).references, counted);
        }
    }

    environment& env_;
    blob_counts counted_;
    function_ref<void(std::string)> find_;
    blob_figures figures_;
    std::map<blob_id, std::uint32_t> suspects_;
    std::map<std::uint32_t, std::uint64_t> live_;
};

}  // namespace

blob_figures check_references(environment& env,
                              blob_counts references,
                              function_ref<void(std::string)> find) {
    return references_checker(env, std::move(references), find).run();
}

}  // namespace hauspost::storage::lmdb
