#pragma once

#include <string_view>

namespace hauspost::delivery {

/// "a.example.org" has "example.org" above it, which has none: a top-level domain is nobody's. ""
[[nodiscard]] std::string_view domain_above(std::string_view domain) noexcept;

}  // namespace hauspost::delivery
