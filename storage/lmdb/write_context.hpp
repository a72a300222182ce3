#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/segment_files.hpp"
#include "storage/office_news.hpp"
#include "storage/trace_event.hpp"

#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {

/// Octets that stand where they will stay, ready to be referred to.
struct placed_blob {
    blob_id blob;
    blob_place place;
    std::uint64_t octets = 0;
    std::uint64_t checksum = 0;
};

/// A body that an operation brings. It stays where it is until its operation has ended.
class pending_body {
public:
    virtual ~pending_body() = default;
    /// False when the octets already stand in their place; else they are laid down with the batch.
    [[nodiscard]] virtual bool is_in_memory() const = 0;
    [[nodiscard]] virtual std::string_view memory() const = 0;
    /// Blob and length; place and checksum when it is not in memory.
    [[nodiscard]] virtual const placed_blob& placed() const = 0;
    /// A commit refers to the octets in their place now.
    virtual void keep() noexcept = 0;
};

/// A body that nothing refers to any more.
struct freed_blob {
    blob_id blob;
    blob_place place;
    std::uint64_t octets = 0;
};

/// One write transaction and what has to be done around its commit. Octets are laid down only for
/// operations that were not refused; when it is destroyed without keep_bodies() they go again.
class write_context {
public:
    write_context(write_txn& transaction,
                  segment_files& files,
                  std::int64_t now_seconds,
                  bool room_is_low)
        : tx(transaction), now(now_seconds), is_room_low(room_is_low), files_(files) {}

    write_txn& tx;
    const std::int64_t now;  // Unix seconds
    /// The map or the disk has less than its reserve: what makes the store grow is refused as
    /// disk_full, what makes it smaller goes on.
    const bool is_room_low;

    /// Accounts whose sessions are to be told, with the last modseq.
    std::map<account_id, modseq> touched;
    /// Accounts whose sessions have to end.
    std::vector<account_id> credentials_changed;
    /// What an address leads to may be another.
    bool directory_changed = false;
    /// Something waits to leave, or at another time.
    bool queue_changed = false;
    /// Of what only the owner looks at.
    office_news office;
    std::vector<freed_blob> freed;
    /// Accounts that keep more expunged messages now, and how many more.
    std::map<account_id, std::size_t> expunged;
    /// What the trace has to tell of the operations, written with their commit.
    std::vector<trace_event> trace;
    /// Messages that are gone for good, by account and by who did it.
    std::map<std::pair<account_id, trace_door>, std::vector<blob_id>> purged;

    // --- blobs ---------------------------------------------------------------------------------
    void add_blob(pending_body& body, std::uint32_t references);
    void add_reference(blob_id blob);
    /// Removes the blob with its last reference.
    void drop_reference(blob_id blob);
    /// Moves a blob that is still where `from` says; false when it is gone or elsewhere.
    bool move_blob(const placed_blob& body, const blob_place& from);

    /// Writes the segment rows that the calls above changed. Before each commit.
    void flush_segments();
    /// Writes the octets of the bodies that were in memory, neighbours in one call, and makes all
    /// of them durable. Before each commit.
    /// Throws  storage_full or fault
    void lay_down();
    /// After the commit.
    void keep_bodies() noexcept;

private:
    struct segment_change {
        std::uint64_t end = 0;
        std::int64_t live = 0;
    };
    void count(const blob_place& place, std::uint64_t octets, int sign);
    segment_files& files_;
    std::map<std::uint32_t, segment_change> segments_;
    std::vector<pending_body*> placed_before_;
    std::vector<segment_files::record> records_;
    std::vector<segment_files::reservation> reserved_;  // for the records
};

/// u64 numbers in table "meta". 0 when there is none.
[[nodiscard]] std::uint64_t meta_number(const txn& within, std::string_view name);
void set_meta_number(write_txn& tx, std::string_view name, std::uint64_t number);

}  // namespace hauspost::storage::lmdb
