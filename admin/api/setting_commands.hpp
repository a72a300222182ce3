#pragma once

#include "admin/api/commands.hpp"

#include <vector>

namespace hauspost::admin::api {

[[nodiscard]] std::vector<command> setting_commands();

}  // namespace hauspost::admin::api
