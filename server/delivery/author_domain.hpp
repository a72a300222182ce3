#pragma once

#include <string>
#include <string_view>

namespace hauspost::delivery {

/// The domain of a message's author in A-labels: that of the first address in its From field. "" when
/// it has none, or several fields, of which readers may take another one.
/// RFC 5322 3.6.2, 7489 6.6.1
[[nodiscard]] std::string author_domain(std::string_view message);

/// "a.example.org" has "example.org" above it, which has none: a top-level domain is nobody's. ""
[[nodiscard]] std::string_view domain_above(std::string_view domain) noexcept;

}  // namespace hauspost::delivery
