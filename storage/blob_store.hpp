#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hauspost::storage {

/// Octets of one message that are being received or are ready to be committed. Small ones stand
/// in memory, larger ones in an unlinked file; destroying it without commit leaves nothing behind.
///
/// Calling sequence: write(...) as octets come, finish() once, then view() and/or hand it to
/// mailbox_store::append or delivery_store::deliver. Who holds several until one commit lays down
/// those that wait.
///
/// Throws  storage::fault, where it waits for the disk
/// Thread  any, one at a time; all resume on the caller's executor
class staged_blob {
public:
    virtual ~staged_blob() = default;

    /// Adds octets.
    /// Refuses  disk_full, busy (the object is then useless)
    virtual awaitable<error_code> write(std::string_view octets) = 0;

    /// No more octets follow.
    /// Refuses  disk_full, busy
    virtual awaitable<error_code> finish() = 0;

    [[nodiscard]] virtual std::uint64_t octets() const noexcept = 0;

    /// All octets as one piece (mapped when they stand in a file). Only after finish(); valid as
    /// long as this object. Walking a large view may wait for the disk: not on a network thread.
    [[nodiscard]] virtual std::string_view view() = 0;

    /// Puts the octets where they will stay when they are committed, and gives memory and file
    /// back; without a commit the room goes back, too. After finish() and the last view().
    /// Refuses  disk_full, busy
    virtual awaitable<error_code> lay_down() = 0;
};

/// The port to message octets, each kept once however many mailboxes show it. A blob is made by
/// the commit that first refers to it and goes when nothing refers to it any more.
class blob_store {
public:
    virtual ~blob_store() = default;

    /// Begins to receive a message.
    [[nodiscard]] virtual std::unique_ptr<staged_blob> stage() = 0;

    /// Reads from a blob into a buffer. In place when the octets are in the page cache, else on a
    /// reader thread.
    ///
    /// Returns  how many octets were read: into.size(), less only at the blob's end
    /// Refuses  no_such_message when the blob is gone, busy
    /// Throws   storage::fault
    /// Thread   any; resumes on the caller's executor
    virtual awaitable<result<std::size_t>> read(blob_id blob,
                                                std::uint64_t offset,
                                                std::span<char> into) = 0;

    /// The same for code that runs on a worker thread anyway: waits for the disk right here.
    /// Thread   any that may block, never a network thread
    virtual result<std::size_t> read_here(blob_id blob,
                                          std::uint64_t offset,
                                          std::span<char> into) = 0;
};

}  // namespace hauspost::storage
