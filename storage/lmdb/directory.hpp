#pragma once

#include "storage/directory_store.hpp"
#include "storage/lmdb/store_core.hpp"

namespace hauspost::storage::lmdb {

class directory final : public directory_store {
public:
    explicit directory(store_core& core) : core_(core) {}

    awaitable<directory_entry> find_address(std::string name) override;
    awaitable<std::optional<account>> find_account(account_id id) override;
    awaitable<std::optional<domain>> find_domain(std::string name) override;
    awaitable<met_address> find_recipient(std::vector<mail_address> names) override;
    awaitable<std::optional<account>> first_account(std::string domain) override;
    awaitable<std::vector<account_usage>> usages(std::vector<account_id> ids) override;
    awaitable<std::vector<account>> list_accounts(std::string after, std::size_t limit) override;
    awaitable<std::vector<alias>> list_aliases(std::string after, std::size_t limit) override;
    awaitable<std::vector<domain>> list_domains() override;
    awaitable<result<account_id>> add_account(account wanted) override;
    awaitable<error_code> change_account(account_id id, account_change change) override;
    awaitable<result<bool>> renew_password_hash(account_id id,
                                                std::string old_hash,
                                                std::string new_hash) override;
    awaitable<error_code> remove_account(account_id id) override;
    awaitable<result<std::size_t>> rename_account(mail_address from,
                                                  mail_address to,
                                                  bool keep_alias) override;
    awaitable<error_code> add_alias(alias wanted) override;
    awaitable<result<std::vector<mail_address>>> remove_targets(
        std::string name, std::vector<mail_address> targets) override;
    awaitable<error_code> enable_alias(std::string name, bool enabled) override;
    awaitable<error_code> remove_alias(alias seen) override;
    awaitable<error_code> add_domain(domain wanted) override;
    awaitable<error_code> set_catch_all(domain seen, mail_address target) override;
    awaitable<error_code> remove_domain(std::string name) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
