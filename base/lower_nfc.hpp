#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost {

/// Text in the form in which names are compared: lower case, Unicode Normalization Form C, whatever
/// the locale. What stands in it is not judged.
///
/// text     at most 1280 octets
/// Returns  nullopt when it is longer, no UTF-8, or holds NUL
[[nodiscard]] std::optional<std::string> lower_nfc(std::string_view text);

}  // namespace hauspost
