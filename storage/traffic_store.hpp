#pragma once

#include "base/awaitable.hpp"
#include "storage/fault.hpp"
#include "storage/traffic.hpp"

#include <cstdint>
#include <vector>

namespace hauspost::storage {

/// The port to what passed in each hour. Messages are counted in the commits that take them, refuse
/// them or settle them, also where no trace is kept; sign-ins with the next change of the store, so a
/// crash may lose the last few. Hours stay for hours_kept.
///
/// Thread  any; awaitables resume on the caller's executor
class traffic_store {
public:
    static constexpr std::int64_t hours_kept = 40 * 24;

    virtual ~traffic_store() = default;

    /// Somebody wanted to sign in, by whatever protocol. Never waits.
    virtual void note_sign_in(bool right) noexcept = 0;

    /// The hours from this time on that had any traffic, the oldest first. A small read on the
    /// calling thread: a thousand rows at most.
    /// since   Unix seconds
    /// Throws  storage::fault
    virtual awaitable<std::vector<hourly_traffic>> read(std::int64_t since) = 0;
};

}  // namespace hauspost::storage
