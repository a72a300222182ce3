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
/// At most max_octets, cut before a code point and never inside one.
[[nodiscard]] std::string_view truncated(std::string_view text, std::size_t max_octets) noexcept;

}  // namespace hauspost::utf8
