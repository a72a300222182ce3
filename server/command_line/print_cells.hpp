#pragma once

#include "admin/api/answer.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What is printed of single fields of an answer, and in columns.
namespace hauspost::command_line {

using row = std::vector<std::string>;

/// "2026-11-23 10:26:50", where the machine is; 0: "".
[[nodiscard]] std::string time_text(std::int64_t seconds);

/// A field on one line, printable; addresses in U-labels, times as time_text.
[[nodiscard]] std::string cell(std::string_view key, const admin::api::json::value* what);
/// The same of a field that need not be there.
[[nodiscard]] std::string cell(const admin::api::json::object& of, std::string_view key);

/// Columns as wide as their widest cell. At least one row.
[[nodiscard]] std::string table(const std::vector<row>& rows);

}  // namespace hauspost::command_line
