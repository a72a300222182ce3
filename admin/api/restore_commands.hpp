#pragma once

#include "admin/api/commands.hpp"

#include <vector>

namespace hauspost::admin::api {

/// Of mail and accounts that were deleted and can be brought back.
[[nodiscard]] std::vector<command> restore_commands();

}  // namespace hauspost::admin::api
