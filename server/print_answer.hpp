#pragma once

#include "admin/outcome.hpp"

#include <string>

namespace hauspost::server {

/// The answer to a command for people: a line, or a table with one row for each entry. Ends with a
/// line end; may be empty (an empty list).
/// command  as in the request, "account list"
[[nodiscard]] std::string to_text(const std::string& command, const admin::json::object& answer);

}  // namespace hauspost::server
