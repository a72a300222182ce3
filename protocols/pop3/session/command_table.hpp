#pragma once

#include "base/awaitable.hpp"
#include "protocols/pop3/command.hpp"
#include "protocols/pop3/session/context.hpp"

#include <string_view>

/// The one table of all commands: name, when they are allowed, and who answers them. How one is
/// added: docs/develop.md.
namespace hauspost::pop3 {

/// Where a command may be given (RFC 1939 3).
struct command_rule {
    std::string_view name;
    bool in_authorization = false;
    bool in_transaction = false;
};

[[nodiscard]] const command_rule& rule_of(const command& wanted) noexcept;

[[nodiscard]] constexpr bool is_allowed(const command_rule& rule, phase now) noexcept {
    return now == phase::transaction ? rule.in_transaction : rule.in_authorization;
}

/// Calls the handler. Precondition: the command is allowed. wanted must live until it is answered.
awaitable<void> dispatch(context& session, const command& wanted);

}  // namespace hauspost::pop3
