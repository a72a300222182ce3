#pragma once

#include "base/address.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::message {

/// A user name in the form in which the directory keeps and compares it: address::canonical.
[[nodiscard]] inline std::optional<std::string> canonical_name(std::string_view text) {
    return address::canonical(text);
}

}  // namespace hauspost::message
