#pragma once

#include "storage/forward_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class forwards final : public forward_store {
public:
    explicit forwards(store_core& core) : core_(core) {}

    awaitable<std::vector<forward_state>> list(mail_address by) override;
    awaitable<result<forward_state>> note_refusal(forward_way way,
                                                  std::string reply,
                                                  std::int64_t now,
                                                  std::int64_t forget_before) override;
    awaitable<error_code> note_delivery(forward_way way) override;
    awaitable<error_code> suspend(forward_way way, std::int64_t now) override;
    awaitable<error_code> resume(forward_way way) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
