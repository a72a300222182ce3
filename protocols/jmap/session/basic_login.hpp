#pragma once

#include "base/awaitable.hpp"
#include "protocols/http/response.hpp"
#include "protocols/http/session/handler.hpp"
#include "protocols/jmap/session/ports.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::jmap {

/// A name and a password as "Basic dXNlcjpwYXNz" has them.
struct basic_credentials {
    std::string user;
    secret password;
};
/// nullopt: it is no such field.
/// RFC  7617 2
[[nodiscard]] std::optional<basic_credentials> parse_basic(std::string_view authorization);

/// One of the two.
struct login_verdict {
    std::optional<sasl::identity> user;
    std::optional<http::response> refused;
};

/// Who asks. By TLS or from this machine alone; each request shows its password, and the port
/// remembers right ones. A refusal is delayed and leaves one line in the log, as in all protocols.
///
/// 401 tells browsers to ask for a password only when somebody has typed the address: a page's own
/// request would put a box of the browser in front of it.
///
/// Throws  storage::fault
awaitable<login_verdict> log_in(const session_ports& ports,
                                const door_settings& settings,
                                const http::request_head& head,
                                const http::client& from);

}  // namespace hauspost::jmap
