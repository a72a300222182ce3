#pragma once

#include "base/ascii.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::message {

/// Value of a hexadecimal digit, -1 for other octets.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
    if (ascii::is_digit(c)) return c - '0';
    const char upper = ascii::to_upper(c);
    return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

/// Decodes `mark` and two hexadecimal digits to an octet; all else stays as it is. For "=E4" of
/// RFC 2047 and "%E4" of RFC 2231.
void append_hex_decoded(std::string& out, std::string_view text, char mark);

/// Appends a code point, at most U+10FFFF and no surrogate, as UTF-8.
void append_code_point(std::string& out, std::uint32_t code_point);

/// Whether the octet goes on with a UTF-8 sequence that began before it.
[[nodiscard]] constexpr bool is_utf8_tail(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace hauspost::message
