#pragma once

#include "admin/machine.hpp"
#include "base/awaitable.hpp"
#include "storage/check_report.hpp"

#include <optional>

namespace hauspost::admin {

/// The port to what is done to the whole store; implemented in server/. One piece of work at a
/// time, on a thread of its own.
///
/// Throws  storage::fault, all calls
/// Thread  any; all resume on the caller's executor
class upkeep {
public:
    virtual ~upkeep() = default;
    /// Verifies all cross references, counters and checksums; reads all mail.
    /// Returns  nullopt when others wait for theirs already
    virtual awaitable<std::optional<storage::check_report>> check() = 0;
    /// Has the next start take the store for an older copy that was put back.
    /// Returns  false when checks are running
    virtual awaitable<bool> tell_put_back() = 0;
    /// Returns  nullopt when too much work waits
    virtual awaitable<std::optional<machine_figures>> look() = 0;
};

}  // namespace hauspost::admin
