#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost {

/// What is behind this is cut off: a line of the log has an end, whatever a library says in it.
inline constexpr std::size_t max_log_fact = 8192;

/// Appends a fact as it stands in a text log: control characters and octets that are no UTF-8 as
/// \xNN, so that one line stays one line.
void append_text_fact(std::string& out, std::string_view fact);

/// Appends the members of a JSON object (RFC 8259) that say a fact, with a comma in front:
/// `refuse cid=7 peer="a\x22b"` becomes `,"event":"refuse","cid":7,"peer":"a\"b"`. Digits without
/// quotes are numbers (up to 15 of them, so that every reader holds them exactly). A fact that is
/// not written as a word and keys becomes `,"fact":"..."`. Always well-formed, always UTF-8.
void append_json_fact(std::string& out, std::string_view fact);

}  // namespace hauspost
