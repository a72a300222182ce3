#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/queue_store.hpp"

namespace hauspost::storage::lmdb {

class queue final : public queue_store {
public:
    explicit queue(store_core& core) : core_(core) {}

    awaitable<queue_page> list(queue_id from, std::size_t limit) override;
    awaitable<std::optional<queue_item>> find(queue_id id) override;
    awaitable<queue_figures> figures() override;

    awaitable<result<queue_claims>> claim(claim_request wanted) override;
    awaitable<error_code> renew(queue_claim held, std::int64_t lease_until) override;
    awaitable<error_code> settle(queue_settlement done) override;

    awaitable<error_code> retry(queue_id id, std::int64_t now) override;
    awaitable<error_code> hold(queue_id id, bool held) override;
    awaitable<error_code> remove(queue_id id) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
