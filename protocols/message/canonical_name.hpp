#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::message {

/// An address, user name or domain in the one form in which the directory keeps and compares it:
/// lower case, Unicode Normalization Form C. What stands in it is not judged.
///
/// text     at most 1280 octets
/// Returns  nullopt when it is longer, no UTF-8, or holds NUL
[[nodiscard]] std::optional<std::string> canonical_name(std::string_view text);

}  // namespace hauspost::message
