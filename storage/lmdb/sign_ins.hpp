#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/sign_in_store.hpp"

namespace hauspost::storage::lmdb {

class sign_ins final : public sign_in_store {
public:
    explicit sign_ins(store_core& core) : core_(core) {}

    void note(const sign_in& seen) noexcept override;
    awaitable<std::vector<last_sign_in>> find(account_id account) override;
    awaitable<std::map<account_id, last_sign_in>> latest(std::vector<account_id> accounts) override;
    awaitable<std::vector<std::pair<account_id, std::string>>> networks(std::size_t most) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
