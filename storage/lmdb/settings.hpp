#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/setting_store.hpp"

namespace hauspost::storage::lmdb {

class settings final : public setting_store {
public:
    explicit settings(store_core& core) : core_(core) {}

    awaitable<std::vector<setting>> list() override;
    awaitable<error_code> put(std::string name, std::string value, std::uint64_t seen) override;
    awaitable<error_code> remove(std::string name, std::uint64_t seen) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
