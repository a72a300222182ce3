#pragma once

#include "storage/ban_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class bans final : public ban_store {
public:
    explicit bans(store_core& core) : core_(core) {}

    void note(ban row) noexcept override;
    void note_end(ban_name name) noexcept override;
    awaitable<std::vector<ban>> list() override;
    awaitable<error_code> put(ban row) override;
    awaitable<error_code> remove(std::vector<ban_name> names) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
