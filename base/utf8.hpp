#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::utf8 {

/// RFC 3629: well-formed, no overlong forms, no surrogates, at most U+10FFFF.
[[nodiscard]] bool is_valid(std::string_view text) noexcept;
/// How many octets at the start are at most 127.
[[nodiscard]] std::size_t ascii_length(std::string_view text) noexcept;
/// True when no octet is above 127.
[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
/// Each octet that is not part of a well-formed sequence becomes U+FFFD.
[[nodiscard]] std::string repaired(std::string_view text);
/// At most max_octets, cut before a code point and never inside one. In what is no UTF-8 it may be
/// cut anywhere.
[[nodiscard]] std::string_view truncated(std::string_view text, std::size_t max_octets) noexcept;

struct code_point {
    char32_t value = 0;
    std::size_t octets = 0;  // 0: what stands there is not well-formed
};
/// The one at the start of a text that is not empty.
[[nodiscard]] code_point first_code_point(std::string_view text) noexcept;

/// May stand in a line of a log or on a terminal as it is. Not so controls (C0, DEL, C1), line and
/// paragraph separators, and marks that turn the direction of the text around them (UAX 9): with
/// these a name can pretend to be another one, or another line.
[[nodiscard]] bool is_harmless(char32_t point) noexcept;

}  // namespace hauspost::utf8
