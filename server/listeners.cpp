#include "server/listeners.hpp"

#include "base/log.hpp"
#include "server/config_values.hpp"

#include <boost/asio/ip/address.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace hauspost::server {
namespace {

bool has_ipv6() {
    const int probe = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return false;
    ::close(probe);
    return true;
}

endpoints expanded(const endpoints& where) {
    endpoints all;
    for (const auto& one : where)
        if (one.address.empty())
            all.insert(all.end(), {{"0.0.0.0", one.port}, {"::", one.port}});
        else
            all.push_back(one);
    return all;
}

}  // namespace

open_ports bind_ports(const listen_config& listen) {
    open_ports ports;
    for (const auto& [item, list] : listen.all())
        for (const auto& one : expanded(*list)) {
            const auto address = asio::ip::make_address(one.address);
            auto& made = ports.emplace_back(open_port{std::string(item), one, std::nullopt});
            if (address.is_v6() && address.is_unspecified() && !has_ipv6()) continue;
            made.socket.emplace(net::bound_socket::endpoint(address, one.port), made.item);
        }
    return ports;
}

listener_list open_listeners(net::io_threads& threads,
                             net::connection_gate& gate,
                             open_ports& ports,
                             const std::string& item,
                             const net::listener_settings& settings,
                             const net::serve_function& serve) {
    listener_list opened;
    for (auto& one : ports) {
        if (one.item != item) continue;
        if (!one.socket) {
            log::warn("listen_skipped proto={} at={} reason=no_ipv6_here", settings.name,
                      to_text(one.where));
            continue;
        }
        auto made =
            std::make_unique<net::listener>(threads, gate, std::move(*one.socket), settings, serve);
        const auto port = made->local_endpoint().port();
        log::info("listen proto={} at={} tls={}", settings.name, to_text({one.where.address, port}),
                  settings.implicit_tls ? "implicit" : "starttls");
        opened.push_back(std::move(made));
    }
    return opened;
}

}  // namespace hauspost::server
