#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/queue_store.hpp"

namespace hauspost::storage::lmdb {

class queue final : public queue_store {
public:
    explicit queue(store_core& core) : core_(core) {}

    awaitable<std::vector<queue_item>> list(std::size_t limit) override;
    awaitable<std::optional<queue_item>> find(queue_id id) override;
    awaitable<error_code> update(queue_item item) override;
    awaitable<error_code> remove(queue_id id) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
