#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost {

/// What is behind this is cut off: a line of the log has an end, whatever a library says in it.
inline constexpr std::size_t max_log_fact = 8192;

/// Appends a text as it may stand in a line: letters of all scripts as they are; octets of what is
/// not harmless (utf8::is_harmless), what is no UTF-8, and each of `marks` as \xNN.
void append_escaped(std::string& out, std::string_view text, std::string_view marks);

/// Appends a fact as it stands in a text log (append_escaped), so that one line stays one line.
void append_text_fact(std::string& out, std::string_view fact);

/// Appends the members of a JSON object (RFC 8259) that say a fact, with a comma in front:
/// `refuse cid=7 peer="a\x22b"` becomes `,"event":"refuse","cid":7,"peer":"a\"b"`. Digits without
/// quotes are numbers (up to 15 of them, so that every reader holds them exactly). A fact that is
/// not written as a word and keys becomes `,"fact":"..."`. Always well-formed, always UTF-8; what
/// is not harmless stands as \uNNNN.
void append_json_fact(std::string& out, std::string_view fact);

}  // namespace hauspost
