#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/segment_files.hpp"

#include <map>
#include <vector>

namespace hauspost::storage {

/// Octets that stand where they will stay, ready to be referred to.
struct placed_blob {
    blob_id blob;
    blob_place place;
    std::uint64_t octets = 0;
    std::uint64_t checksum = 0;
};

/// A body that nothing refers to any more.
struct freed_blob {
    blob_id blob;
    blob_place place;
    std::uint64_t octets = 0;
};

/// One write transaction and what has to be done around its commit.
class write_context {
public:
    write_context(write_txn& transaction, std::int64_t now_seconds, bool map_is_low)
        : tx(transaction), now(now_seconds), is_map_low(map_is_low) {}

    write_txn& tx;
    const std::int64_t now;  // Unix seconds
    const bool is_map_low;   // operations that bring mail in are refused as disk_full

    /// Accounts whose sessions are to be told, with the last modseq.
    std::map<account_id, modseq> touched;
    /// Accounts whose sessions have to end.
    std::vector<account_id> credentials_changed;
    std::vector<freed_blob> freed;
    /// Accounts that keep more expunged messages now, and how many more.
    std::map<account_id, std::size_t> expunged;

    // --- blobs ---------------------------------------------------------------------------------
    void add_blob(const placed_blob& body, std::uint32_t references);
    void add_reference(blob_id blob);
    /// Removes the blob with its last reference.
    void drop_reference(blob_id blob);
    /// Moves a blob that is still where `from` says; false when it is gone or elsewhere.
    bool move_blob(const placed_blob& body, const blob_place& from);

    /// Writes the segment rows that the calls above changed. Before each commit.
    void flush_segments();

private:
    struct segment_change {
        std::uint64_t end = 0;
        std::int64_t live = 0;
    };
    void count(const blob_place& place, std::uint64_t octets, int sign);
    std::map<std::uint32_t, segment_change> segments_;
};

/// u64 numbers in table "meta". 0 when there is none.
[[nodiscard]] std::uint64_t meta_number(const txn& within, std::string_view name);
void set_meta_number(write_txn& tx, std::string_view name, std::uint64_t number);

}  // namespace hauspost::storage
