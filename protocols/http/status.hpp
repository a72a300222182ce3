#pragma once

#include <string_view>

namespace hauspost::http {

/// "Not Found"; "" for a code that we do not know (RFC 9112 4: the phrase may be empty).
/// RFC  9110 15, 6585
[[nodiscard]] std::string_view phrase_of(unsigned status) noexcept;

}  // namespace hauspost::http
