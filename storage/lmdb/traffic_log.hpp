#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/traffic_store.hpp"

namespace hauspost::storage::lmdb {

class traffic_log final : public traffic_store {
public:
    explicit traffic_log(store_core& core) : core_(core) {}

    void note_sign_in(bool right) noexcept override;
    awaitable<std::vector<hourly_traffic>> read(std::int64_t since) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
