#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/queue_item.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace hauspost::storage {

/// The port to mail that waits to leave. Items come in by delivery_store::deliver.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk, and may end unsure.
class queue_store {
public:
    virtual ~queue_store() = default;

    /// In the order of their due time, the first `limit` of them.
    virtual awaitable<std::vector<queue_item>> list(std::size_t limit) = 0;

    /// One small read. nullopt: it has left, or was given up.
    virtual awaitable<std::optional<queue_item>> find(queue_id id) = 0;

    /// Writes recipients, due_at and held of an item back; all else stays as it came in.
    /// Refuses  no_such_message, disk_full, busy
    virtual awaitable<error_code> update(queue_item item) = 0;

    /// Takes the item out: done or given up. Its octets go with the last reference to them.
    /// Refuses  no_such_message, busy
    virtual awaitable<error_code> remove(queue_id id) = 0;
};

}  // namespace hauspost::storage
