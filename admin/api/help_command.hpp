#pragma once

#include "admin/api/commands.hpp"

namespace hauspost::admin::api {

/// {"commands": [{"name", "help", "offered": "everywhere", "page" or "console", "in_setup",
/// "arguments": [{"name", "kind": "text", "texts", "secret", "number" or "boolean", "required"}]}]}
[[nodiscard]] json::object help_json(const std::vector<command>& all);

/// Says what there is, for programs: the table of commands itself, so it cannot be behind it.
[[nodiscard]] std::vector<command> help_commands();

}  // namespace hauspost::admin::api
