#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/secret_store.hpp"

namespace hauspost::storage::lmdb {

class secrets final : public secret_store {
public:
    explicit secrets(store_core& core) : core_(core) {}

    awaitable<std::optional<named_secret>> find(std::string name) override;
    awaitable<std::vector<named_secret>> list(std::string prefix) override;
    awaitable<error_code> put(std::string name, secret octets, std::uint64_t seen) override;
    awaitable<error_code> remove(std::string name) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
