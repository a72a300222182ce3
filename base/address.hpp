#pragma once

#include <string_view>

namespace hauspost::address {

// A mail address is "local-part@domain"; the last "@" counts, since a quoted local part may hold
// others (RFC 5321 4.1.2). A text without "@" is all local part.

/// "" when there is none. Valid as long as `text` is.
[[nodiscard]] constexpr std::string_view domain_of(std::string_view text) noexcept {
    const auto at = text.rfind('@');
    return at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
}

[[nodiscard]] constexpr std::string_view local_part_of(std::string_view text) noexcept {
    return text.substr(0, text.rfind('@'));
}

}  // namespace hauspost::address
