#pragma once

#include "protocols/net/listener.hpp"
#include "server/config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::server {

using listener_list = std::vector<std::unique_ptr<net::listener>>;

/// One address of the configuration, bound.
struct open_port {
    std::string item;                         // "listen.imaps"
    endpoint where;                           // an address, never empty
    std::optional<net::bound_socket> socket;  // nullopt: IPv6, which this machine does not have
};
using open_ports = std::vector<open_port>;

/// Binds all that is to be listened on. An endpoint without an address stands for all of IPv4 and
/// IPv6; on a machine without IPv6 its addresses are left out.
///
/// Throws  std::runtime_error with the address and the reason
[[nodiscard]] open_ports bind_ports(const listen_config& listen);

/// One listener for each port of an item, not started yet. Takes their sockets out of `ports`.
///
/// Throws  std::runtime_error with the address and the reason
[[nodiscard]] listener_list open_listeners(net::io_threads& threads,
                                           net::connection_gate& gate,
                                           open_ports& ports,
                                           const std::string& item,
                                           const net::listener_settings& settings,
                                           const net::serve_function& serve);

}  // namespace hauspost::server
