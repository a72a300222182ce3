#pragma once

#include "protocols/jmap/session/call.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

inline constexpr std::string_view core_capability = "urn:ietf:params:jmap:core";
inline constexpr std::string_view mail_capability = "urn:ietf:params:jmap:mail";

/// A method: what is not here is unknown (RFC 8620 3.6.2).
struct method {
    std::string_view name;
    std::string_view capability;  // that a request has to use
    method_handler run;
};
[[nodiscard]] std::span<const method> methods() noexcept;
/// nullptr: there is none.
[[nodiscard]] const method* find_method(std::string_view name) noexcept;

[[nodiscard]] const std::vector<std::string_view>& capabilities();

}  // namespace hauspost::jmap
