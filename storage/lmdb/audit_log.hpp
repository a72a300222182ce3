#pragma once

#include "storage/audit_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class audit_log final : public audit_store {
public:
    explicit audit_log(store_core& core) : core_(core) {}

    awaitable<result<audit_place>> begin(audit_entry entry) override;
    awaitable<error_code> complete(audit_entry entry) override;
    awaitable<error_code> forget(audit_place place) override;
    awaitable<result<audit_page>> list(audit_query wanted) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
