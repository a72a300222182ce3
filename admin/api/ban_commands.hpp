#pragma once

#include "admin/api/commands.hpp"

#include <vector>

namespace hauspost::admin::api {

/// Of who may not try to sign in.
[[nodiscard]] std::vector<command> ban_commands();

}  // namespace hauspost::admin::api
