#pragma once

#include "protocols/http/session/settings.hpp"
#include "protocols/net/connection_gate.hpp"

#include <memory>

namespace hauspost::server {

/// Of all sessions by HTTP, whatever stands behind them. The gate must outlive them.
[[nodiscard]] inline std::shared_ptr<const http::session_config> http_settings(
    const net::connection_gate& gate) {
    auto made = std::make_shared<http::session_config>();
    made->is_under_stress = [&gate] { return gate.is_stressed(); };
    return made;
}

}  // namespace hauspost::server
