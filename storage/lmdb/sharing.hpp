#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/sharing_store.hpp"

namespace hauspost::storage::lmdb {

class sharing final : public sharing_store {
public:
    explicit sharing(store_core& core) : core_(core) {}

    awaitable<result<shared_mailbox>> find_shared(account_id viewer,
                                                  mail_address owner,
                                                  std::string name) override;
    awaitable<result<std::vector<shared_mailbox>>> list_shared(account_id viewer) override;
    awaitable<result<std::vector<named_share>>> shared_names(account_id viewer) override;
    awaitable<result<std::vector<shared_mailbox>>> describe_shared(
        account_id viewer, std::span<const named_share> some) override;
    awaitable<result<std::vector<grant>>> grants(mailbox_key mailbox) override;
    awaitable<error_code> change_rights(mailbox_key mailbox,
                                        std::string identifier,
                                        mail::change how,
                                        mail::rights_set rights) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
