#pragma once

#include "protocols/net/listener.hpp"
#include "server/config.hpp"

#include <memory>
#include <vector>

namespace hauspost::server {

using listener_list = std::vector<std::unique_ptr<net::listener>>;

/// Opens one listener for each address, not started yet. An endpoint without an address stands for
/// all of IPv4 and IPv6; on a machine without IPv6 its addresses are left out, with a warning.
///
/// Throws  std::runtime_error with the address and the reason
[[nodiscard]] listener_list open_listeners(net::io_threads& threads,
                                           net::connection_gate& gate,
                                           const endpoints& where,
                                           const net::listener_settings& settings,
                                           const net::serve_function& serve);

}  // namespace hauspost::server
