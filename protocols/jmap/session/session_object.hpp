#pragma once

#include "protocols/jmap/session/accounts.hpp"
#include "protocols/jmap/session/ports.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

/// What changes when the session object does. RFC 8620 2
[[nodiscard]] std::string session_state(const std::vector<visible_account>& accounts);

/// The session object, as text.
/// origin  "https://mail.a.example:8443", as the client has reached us
/// RFC     8620 2; 8621 1.3
[[nodiscard]] std::string session_text(const std::vector<visible_account>& accounts,
                                       const sasl::identity& user,
                                       const door_settings& settings,
                                       std::string_view origin);

}  // namespace hauspost::jmap
