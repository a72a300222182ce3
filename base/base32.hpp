#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::base32 {

/// Upper case, without padding: as apps for one-time codes read a key. RFC 4648 6
[[nodiscard]] std::string encode(std::string_view octets);

/// As people type it: in any case, with blanks, hyphens and padding, 0 for O and 1 for L. The bits
/// behind the last octet count as zero.
///
/// Returns  nullopt for what has other characters
[[nodiscard]] std::optional<std::string> decode_typed(std::string_view text);

}  // namespace hauspost::base32
