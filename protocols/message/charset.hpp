#pragma once

#include <string>
#include <string_view>

namespace hauspost::message {

/// Whether to_utf8 can convert from it: charset_name.hpp.
[[nodiscard]] bool is_known_charset(std::string_view charset);

/// Any charset to UTF-8. What is invalid in it becomes U+FFFD. Names of small charsets stand for
/// the larger one that writers mean (charset_name.hpp): ISO-8859-1 is read as windows-1252;
/// US-ASCII and an unknown or empty charset as utf8_or_latin1 does.
///
/// Thread  any
[[nodiscard]] std::string to_utf8(std::string_view octets, std::string_view charset);

/// Octets of unknown charset as UTF-8: themselves when they are UTF-8, else read as windows-1252,
/// which holds Latin-1.
[[nodiscard]] std::string utf8_or_latin1(std::string_view octets);

/// i;unicode-casemap: two texts are equal without case when their keys are equal; keys also serve
/// for substring search and sorting by octets. Invalid UTF-8 is repaired first. RFC 5051.
[[nodiscard]] std::string casemap_key(std::string_view utf8);

/// Of the tables behind to_utf8 and casemap_key: whoever keeps what they gave makes it anew when
/// this changes.
[[nodiscard]] std::string casemap_version();

}  // namespace hauspost::message
