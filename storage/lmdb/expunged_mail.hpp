#pragma once

#include "storage/expunged_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class expunged_mail final : public expunged_store {
public:
    explicit expunged_mail(store_core& core) : core_(core) {}

    awaitable<account_usage> expunged(mail_address address) override;
    awaitable<result<std::uint64_t>> purge(mail_address address) override;
    awaitable<result<restored_mail>> restore(mail_address address,
                                             std::chrono::seconds within) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
