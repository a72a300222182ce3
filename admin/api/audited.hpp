#pragma once

#include "admin/api/commands.hpp"

#include <optional>

namespace hauspost::admin::api {

/// Why a command is not for this caller; nullopt: it is.
[[nodiscard]] std::optional<refusal> find_limit(const command& what, const caller& who);

/// Runs an operation that may change something, and has the audit log tell of it.
///
/// what, request  outlive the operation
/// operation      has not begun
awaitable<answer> audited(context with,
                          const command& what,
                          const json::object& request,
                          awaitable<answer> operation);

}  // namespace hauspost::admin::api
