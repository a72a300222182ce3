#pragma once

#include "admin/api/commands.hpp"

#include <vector>

namespace hauspost::admin::api {

/// Of the owner, his page and passwords in general.
[[nodiscard]] std::vector<command> owner_commands();
/// Of what was done to the server.
[[nodiscard]] std::vector<command> audit_commands();

}  // namespace hauspost::admin::api
