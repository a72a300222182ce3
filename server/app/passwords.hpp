#pragma once

#include "admin/password_maker.hpp"
#include "server/auth/authenticator.hpp"
#include "server/auth/password_rules.hpp"
#include "server/services/current.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::server {

/// The administrators' way to password rules and hashes.
class passwords final : public admin::password_maker {
public:
    /// authenticator  hashes; must outlive this object
    passwords(auth::authenticator& authenticator, const auth::password_rules& rules)
        : authenticator_(authenticator), rules_(rules) {}

    /// For new passwords from now on.
    void set(const auth::password_rules& rules) { rules_.set(rules); }
    [[nodiscard]] auth::password_rules rules() const override { return *rules_.get(); }
    awaitable<std::optional<std::vector<auth::password_fault>>> find_faults(
        secret password, std::string address) override;
    awaitable<std::optional<std::uint32_t>> score(secret password) override;
    [[nodiscard]] secret generate(const std::string& address) const override;
    awaitable<std::optional<std::string>> hash(secret password) override;

private:
    auth::authenticator& authenticator_;
    current<auth::password_rules> rules_;
};

}  // namespace hauspost::server
