#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/commands.hpp"

#include <string>

namespace hauspost::command_line {

/// The result of a command for people: a line, or a table with one row for each entry. Ends with a
/// line end; may be empty (an empty list).
[[nodiscard]] std::string to_text(const admin::api::command& command,
                                  const admin::api::json::object& result);

}  // namespace hauspost::command_line
