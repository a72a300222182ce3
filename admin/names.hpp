#pragma once

#include "admin/refusal.hpp"

#include <string>
#include <string_view>

namespace hauspost::admin {

// What somebody typed, read as base/typed_address.hpp says, or a refusal with it.

[[nodiscard]] outcome<std::string> parse_address(std::string_view typed);
[[nodiscard]] outcome<std::string> parse_domain_name(std::string_view typed);

}  // namespace hauspost::admin
