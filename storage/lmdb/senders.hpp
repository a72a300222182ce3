#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/sender_store.hpp"

namespace hauspost::storage::lmdb {

class senders final : public sender_store {
public:
    explicit senders(store_core& core) : core_(core) {}

    awaitable<sender_state> find(account_id account, std::vector<mail_address> outside) override;
    awaitable<std::vector<account_id>> untold() override;
    awaitable<result<bool>> note_unknown(unknown_recipients noted) override;
    awaitable<error_code> freeze(account_id account, freeze_reason reason) override;
    awaitable<result<std::size_t>> unfreeze(account_id account) override;
    awaitable<error_code> note_told(account_id account) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
