#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// How strangers' words stand in what we write: never as syntax, never without end (A15).
namespace hauspost::outbound {

inline constexpr std::string_view line_end = "\r\n";

/// Another server's reply as people read it: lines of at most 160 octets, 20 of them, each behind
/// `mark`, ended by CRLF. UTF-8; controls, marks that turn text round and what is no UTF-8 become
/// U+FFFD.
[[nodiscard]] std::string quoted_lines(std::string_view words, std::string_view mark);

/// One line of harmless UTF-8 of at most max_octets: line ends and tabs are spaces.
[[nodiscard]] std::string one_line(std::string_view words, std::size_t max_octets);

/// The same in printable ASCII, for values of fields: other octets are "?".
[[nodiscard]] std::string ascii_line(std::string_view words, std::size_t max_octets);

/// xtext decoded, "+3D" as "=" (RFC 3461 4), when what comes out is printable ASCII and at most 500
/// octets; otherwise as it stands, in ASCII.
[[nodiscard]] std::string decoded_xtext(std::string_view xtext);

/// Appends a field with a line end, folded before words where its line would pass 78 octets. Words
/// stay whole. RFC 5322 2.2.3
///
/// value  one line of printable characters
void append_field(std::string& out, std::string_view name, std::string_view value);

/// A text in quoted-printable: lines of at most 76 octets, ended by CRLF; bare CR and LF in it are
/// line ends, too. RFC 2045 6.7
[[nodiscard]] std::string quoted_printable(std::string_view text);

}  // namespace hauspost::outbound
