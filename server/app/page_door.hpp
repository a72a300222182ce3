#pragma once

#include "admin/owner_door.hpp"
#include "base/clock.hpp"
#include "server/auth/authenticator.hpp"
#include "server/auth/owner_login.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hauspost::server {

/// The use cases' way to the verdict on the owner's password and codes.
class page_door final : public admin::owner_door {
public:
    /// All outlive this object.
    page_door(auth::owner_login& login, auth::authenticator& hashes, const clock& time)
        : login_(login), hashes_(hashes), time_(time) {}

    awaitable<admin::door_verdict> sign_in(secret password,
                                           secret code,
                                           storage::web_session opened,
                                           storage::session_limits limits) override;
    awaitable<admin::door_verdict> check_password(secret password, std::string peer) override;
    awaitable<std::optional<bool>> is_present(std::string password_hash, secret password) override;
    [[nodiscard]] std::optional<std::uint64_t> find_step(const secret& totp_key,
                                                         const std::string& code) const override;

private:
    auth::owner_login& login_;
    auth::authenticator& hashes_;
    const clock& time_;
};

}  // namespace hauspost::server
