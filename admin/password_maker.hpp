#pragma once

#include "base/awaitable.hpp"
#include "base/secret.hpp"

#include <optional>
#include <string>

namespace hauspost::admin {

/// The port to password rules and hashes; implemented in server/ over server/auth.
class password_maker {
public:
    virtual ~password_maker() = default;
    /// What is wrong with a new password, as sentences that name each rule it breaks, or that the
    /// server is busy; nullopt: it may be used.
    virtual awaitable<std::optional<std::string>> find_fault(secret password,
                                                             std::string address) = 0;
    /// A random one that keeps all rules.
    [[nodiscard]] virtual secret generate(const std::string& address) const = 0;
    /// Returns nullopt when too many hashes wait.
    virtual awaitable<std::optional<std::string>> hash(secret password) = 0;
};

}  // namespace hauspost::admin
