#pragma once

#include "admin/outcome.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::admin {

/// An address as somebody typed it, in the form the directory keeps (address::canonical). The
/// domain may be typed in U-labels or in A-labels.
///
/// Address = Dot-string "@" Domain, with UTF-8 in both (RFC 5321 4.1.2, RFC 6531 3.3); a quoted
/// local part and an address literal are refused.
[[nodiscard]] outcome<std::string> parse_address(std::string_view typed);

/// A domain as somebody typed it, in U-labels or in A-labels: lower case, A-labels. At most 255
/// octets, each label at most 63 (RFC 1035 2.3.4).
[[nodiscard]] outcome<std::string> parse_domain_name(std::string_view typed);

/// "a, b, c": the first twenty as address::shown, then "and 5 more".
[[nodiscard]] std::string listed(const std::vector<std::string>& names);

}  // namespace hauspost::admin
