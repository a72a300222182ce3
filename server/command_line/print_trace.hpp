#pragma once

#include "admin/api/answer.hpp"

#include <string>

namespace hauspost::command_line {

/// Messages, one on each line; of a message that was asked for by its id, all that happened to it. Texts
/// of strangers are printable.
[[nodiscard]] std::string trace_text(const admin::api::json::object& answer);

}  // namespace hauspost::command_line
