#pragma once

#include "admin/api/commands.hpp"

#include <vector>

namespace hauspost::admin::api {

[[nodiscard]] std::vector<command> certificate_commands();

}  // namespace hauspost::admin::api
