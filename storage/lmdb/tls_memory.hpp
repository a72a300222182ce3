#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/tls_store.hpp"

namespace hauspost::storage::lmdb {

class tls_memory final : public tls_store {
public:
    explicit tls_memory(store_core& core) : core_(core) {}

    awaitable<std::optional<kept_policy>> find_policy(std::string domain) override;
    awaitable<error_code> keep_policy(kept_policy policy) override;
    awaitable<std::vector<tls_day>> days_before(std::uint32_t day, std::size_t limit) override;
    awaitable<result<std::vector<tls_result>>> take_results(tls_day of) override;
    awaitable<error_code> count(std::vector<tls_result> results) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
