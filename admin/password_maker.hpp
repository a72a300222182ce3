#pragma once

#include "base/awaitable.hpp"
#include "base/secret.hpp"
#include "protocols/sasl/new_password.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

/// The port to password rules and hashes; implemented in server/ over server/auth.
/// Thread: any; all resume on the caller's executor.
class password_maker {
public:
    virtual ~password_maker() = default;
    [[nodiscard]] virtual sasl::password_rules rules() const = 0;
    /// All rules that a new password breaks; empty: it may be used; nullopt: too many wait.
    virtual awaitable<std::optional<std::vector<sasl::password_fault>>> find_faults(
        secret password, std::string address) = 0;
    /// How hard it is to guess, 0 to 4; nullopt: too many wait.
    virtual awaitable<std::optional<std::uint32_t>> score(secret password) = 0;
    /// A random one that keeps all rules.
    [[nodiscard]] virtual secret generate(const std::string& address) const = 0;
    /// Returns nullopt when too many hashes wait.
    virtual awaitable<std::optional<std::string>> hash(secret password) = 0;
};

}  // namespace hauspost::admin
