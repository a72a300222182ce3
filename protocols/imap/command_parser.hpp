#pragma once

#include "protocols/imap/command.hpp"
#include "protocols/imap/refusal.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace hauspost::imap {

struct tagged_command {
    std::string tag;
    imap::command command;
};

/// Reads one whole command as the assembler gives it: without the last CRLF, each literal in place
/// as "{n}" CRLF and n octets.
///
/// Returns  the command, or the refusal to send as its answer. Whether the command is allowed in
///          the session's state is not looked at.
/// Cost     linear in the text (sets: n log n); nesting deeper than max_nesting_depth is refused
/// RFC      3501 9 with the extensions named in command.hpp
[[nodiscard]] std::variant<tagged_command, refusal> parse_command(std::string_view text);

/// The tag alone, for refusals: "*" when there is none.
[[nodiscard]] std::string_view tag_of(std::string_view text) noexcept;

/// The text before a literal: is the literal the message of an APPEND?
struct append_head {
    std::string tag;
    cmd::append command;  // octets and is_synchronising are left to the assembler
};
struct no_append {};  // another command, or the literal is the mailbox name

/// text  all that came before the announcement "{n}"
[[nodiscard]] std::variant<no_append, append_head, refusal> parse_append(std::string_view text);

}  // namespace hauspost::imap
