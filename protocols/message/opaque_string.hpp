#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::message {

/// A password in the one form in which it is hashed and compared: whoever types the same characters
/// has the same password, also on a machine that writes an umlaut as letter and dots, or another
/// blank. RFC 8265 4.2.2: every space separator becomes U+0020, then Normalization Form C; case
/// and width stay. Which characters it may hold is the caller's matter.
///
/// The result is the only copy that is left in memory for text that is all ASCII; ICU may leave
/// parts of others.
///
/// Returns  nullopt when it is no UTF-8
[[nodiscard]] std::optional<std::string> opaque_string(std::string_view text);

}  // namespace hauspost::message
