#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::address {

/// Why what somebody typed is not an address that can be used.
enum class typed_fault : std::uint8_t { not_an_address, bad_local_part, bad_domain };

/// An address as somebody typed it, in the form the directory keeps (canonical). The domain may be
/// typed in U-labels or in A-labels.
///
/// Address = Dot-string "@" Domain, with UTF-8 in both (RFC 5321 4.1.2, RFC 6531 3.3); a quoted
/// local part and an address literal are refused.
[[nodiscard]] boost::system::result<std::string, typed_fault> parse_typed(std::string_view typed);

/// A domain as somebody typed it, in U-labels or in A-labels: lower case, A-labels. At most 255
/// octets, each label at most 63 (RFC 1035 2.3.4), of letters, digits and inner hyphens.
[[nodiscard]] std::optional<std::string> parse_typed_domain(std::string_view typed);

}  // namespace hauspost::address
