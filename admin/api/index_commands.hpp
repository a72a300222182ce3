#pragma once

#include "admin/api/commands.hpp"

#include <vector>

namespace hauspost::admin::api {

/// Commands on the full-text index.
[[nodiscard]] std::vector<command> index_commands();

}  // namespace hauspost::admin::api
