#pragma once

#include "storage/check_report.hpp"
#include "storage/fault.hpp"
#include "storage/keeping.hpp"
#include "storage/summary_maker.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace hauspost::storage {

/// How a store is, for its owner.
struct store_figures {
    double map_used = 0;  // 0 .. 1
    std::uint64_t free_octets = 0;
    std::uint64_t segment_octets = 0;  // on disk, as the segment table counts them
    std::uint64_t live_octets = 0;
    bool is_disk_full = false;
    bool is_broken = false;
    std::uint64_t staged_memory_octets = 0;  // of messages on their way in
    std::uint64_t staged_files = 0;          // open for them
};

/// The port to a store as a whole: its end, its health, and the work on all of it.
///
/// Throws  storage::fault, all calls but stop and on_broken
/// Thread  any that may block, where nothing else is said: never a network thread
class store_keeper {
public:
    virtual ~store_keeper() = default;

    /// Commits what is queued; later writes are refused as busy. May be called twice.
    virtual void stop() = 0;

    /// Calls listener once, on some thread of the store, when nothing can be written any more: a
    /// sync failed, or the engine gave up. All that is in flight and comes later ends with a fault;
    /// the process should end so that another one opens the store anew.
    ///
    /// listener  empty: the one that was given is called no more
    /// Thread    any
    virtual void on_broken(std::function<void(const std::string& what)> listener) = 0;

    /// Verifies all cross references, counters, and every message's checksum. Slow: reads all.
    [[nodiscard]] virtual check_report check() = 0;

    /// One round of purging expired messages and returning space, which goes on in the background
    /// anyway.
    ///
    /// Returns  how many messages were purged
    virtual std::size_t tidy() = 0;

    /// Thread  any; one small read
    [[nodiscard]] virtual store_figures figures() = 0;

    /// From now on. Never waits.
    /// Thread  any
    virtual void keep(const keeping& wanted) noexcept = 0;

    /// How often this store was a copy of an earlier state that was put back: what was derived from
    /// it before is not of this store any more.
    [[nodiscard]] virtual std::uint64_t put_backs() = 0;

    /// The next opening takes this store for such a copy. For copies that do not show it
    /// (docs/storage_format.md).
    virtual void tell_put_back() = 0;

    /// Before anybody is served: makes all summaries anew when this maker is of another version
    /// than the one that made them. About 1 ms for each megabyte of mail.
    ///
    /// Returns  how many have changed
    virtual std::size_t renew_summaries(const summary_maker& maker) = 0;
};

}  // namespace hauspost::storage
