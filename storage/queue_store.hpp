#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/types.hpp"

#include <vector>

namespace hauspost::storage {

/// The port to mail that waits to leave. Items come in by delivery_store::deliver.
class queue_store {
public:
    virtual ~queue_store() = default;

    /// In the order of their due time.
    virtual awaitable<std::vector<queue_item>> list(std::size_t limit) = 0;
    virtual awaitable<std::optional<queue_item>> find(queue_id id) = 0;
    /// Writes recipients, due_at and held of an item back. Refuses no_such_message.
    virtual awaitable<error_code> update(queue_item item) = 0;
    /// Takes the item out: done or given up.
    virtual awaitable<error_code> remove(queue_id id) = 0;
};

}  // namespace hauspost::storage
