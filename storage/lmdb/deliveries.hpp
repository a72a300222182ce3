#pragma once

#include "storage/delivery_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class deliveries final : public delivery_store {
public:
    explicit deliveries(store_core& core) : core_(core) {}

    awaitable<delivery_outcome> deliver(delivery_request request) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
