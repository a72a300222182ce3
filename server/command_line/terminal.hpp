#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What people see and type at a terminal.
namespace hauspost::command_line {

/// Text that somebody else chose, for a terminal: control characters, and those that turn the
/// direction of writing round, become U+FFFD, as does what is not UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that the text takes: 2 for wide East Asian characters and emoji, 0 for combining marks.
/// text  UTF-8
[[nodiscard]] std::size_t display_width(std::string_view text);

/// True when somebody sits at standard input.
[[nodiscard]] bool is_terminal();

/// Shows the question and reads a line without showing what is typed. Echo is on again afterwards,
/// also when a signal ends the process meanwhile.
/// Returns  nullopt at the end of the input
[[nodiscard]] std::optional<std::string> ask_secretly(const std::string& question);

/// Shows the question; true for "y" and "yes".
[[nodiscard]] bool ask_yes(const std::string& question);

}  // namespace hauspost::command_line
