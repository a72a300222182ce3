#pragma once

#include "protocols/net/listener.hpp"
#include "server/config/config.hpp"
#include "server/services/service.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace hauspost::server {

using listener_list = std::vector<std::unique_ptr<net::listener>>;

/// One address of the configuration, bound.
struct open_port {
    const listener_role* role = nullptr;
    endpoint where;                           // an address, never empty
    std::optional<net::bound_socket> socket;  // nullopt: IPv6, which this machine does not have
};
using open_ports = std::vector<open_port>;

/// Binds all that is to be listened on. An endpoint without an address stands for all of IPv4 and
/// IPv6; on a machine without IPv6 its addresses are left out.
///
/// Throws  std::runtime_error with the address and the reason
[[nodiscard]] open_ports bind_ports(const listen_config& listen);

/// Where a service serves connections, and how long a TLS handshake may take there.
struct listening_at {
    net::io_threads& threads;
    net::connection_gate& gate;
    std::chrono::seconds tls_handshake;
};

/// One listener for each port of the service's role, not started yet. Takes their sockets out of
/// `ports`. The service must outlive the threads.
///
/// Throws  std::runtime_error with the address and the reason
[[nodiscard]] listener_list open_listeners(const listening_at& at,
                                           open_ports& ports,
                                           service& behind);

}  // namespace hauspost::server
