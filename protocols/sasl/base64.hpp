#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::sasl {

/// Base64 as AUTH exchanges need it, stricter than MIME's: the whole text is one run of the
/// alphabet, padded to a multiple of four, without blanks or line ends, and the bits behind the
/// last octet are zero, so that each value has exactly one spelling.
///
/// Returns  nullopt for anything else
/// RFC      4648 3.2, 3.3, 3.5; 4954 4 ("=" alone is the caller's matter)
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
[[nodiscard]] std::string encode_base64(std::string_view octets);

}  // namespace hauspost::sasl
