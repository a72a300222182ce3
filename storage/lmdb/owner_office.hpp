#pragma once

#include "storage/lmdb/store_core.hpp"
#include "storage/owner_store.hpp"

namespace hauspost::storage::lmdb {

class owner_office final : public owner_store {
public:
    explicit owner_office(store_core& core) : core_(core) {}

    awaitable<owner> find_owner() override;
    awaitable<std::optional<setup_link>> find_setup_link() override;
    awaitable<std::optional<web_session>> find_session(sha256_digest key) override;
    awaitable<std::vector<web_session>> list_sessions() override;
    awaitable<error_code> change_owner(owner wanted, std::optional<web_session> opened) override;
    awaitable<error_code> reset_owner(setup_link fresh) override;
    awaitable<error_code> put_setup_link(setup_link fresh) override;
    awaitable<error_code> open_setup(sha256_digest digest,
                                     web_session opened,
                                     session_limits limits) override;
    awaitable<result<sign_in_end>> sign_in(owner_proof proof,
                                           web_session opened,
                                           session_limits limits) override;
    awaitable<result<bool>> renew_password_hash(std::string old_hash,
                                                std::string new_hash) override;
    awaitable<error_code> note_seen(sha256_digest key, std::int64_t now) override;
    awaitable<result<bool>> end_session(sha256_digest key) override;

private:
    store_core& core_;
};

}  // namespace hauspost::storage::lmdb
