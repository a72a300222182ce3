#pragma once

#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/grammar/refusal.hpp"

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
/// is_utf8     mailbox names are UTF-8, not modified UTF-7 (RFC 9755 3, RFC 9051 5.1)
/// no_charset  UTF8=ACCEPT is enabled: a search names no CHARSET (RFC 9755 3)
///
/// Returns  the command, or the refusal to send as its answer. Whether the command is allowed in
///          the session's state is not looked at.
/// Cost     linear in the text (sets: n log n); nesting deeper than max_nesting_depth is refused
/// RFC      3501 9 with the extensions named in command.hpp
[[nodiscard]] std::variant<tagged_command, refusal> parse_command(std::string_view text,
                                                                  bool is_utf8 = false,
                                                                  bool no_charset = false);

/// Is it a search that is to leave its result in `$` (RFC 5182 2.1)? Tells so of a command that
/// parse_command refuses, too; a name in it that looks like RETURN (SAVE) may deceive it.
[[nodiscard]] bool asks_to_save(std::string_view text) noexcept;

/// The tag alone, for refusals: "*" when there is none.
[[nodiscard]] std::string_view tag_of(std::string_view text) noexcept;

}  // namespace hauspost::imap
