#include "server/listeners.hpp"

#include "base/log.hpp"
#include "server/config_values.hpp"

#include <boost/asio/ip/address.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

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

listener_list open_listeners(net::io_threads& threads,
                             net::connection_gate& gate,
                             const endpoints& where,
                             const net::listener_settings& settings,
                             const net::serve_function& serve) {
    listener_list opened;
    for (const auto& one : expanded(where)) {
        const auto address = asio::ip::make_address(one.address);
        if (address.is_v6() && address.is_unspecified() && !has_ipv6()) {
            spdlog::warn("listen_skipped proto={} at={} reason=no_ipv6_here", settings.name,
                         to_text(one));
            continue;
        }
        auto made = std::make_unique<net::listener>(
            threads, gate, net::listener::endpoint(address, one.port), settings, serve);
        const auto port = made->local_endpoint().port();
        spdlog::info("listen proto={} at={} tls={}", settings.name, to_text({one.address, port}),
                     settings.implicit_tls ? "implicit" : "starttls");
        if (::geteuid() == 0 && !address.is_loopback())
            spdlog::warn(
                "running_as_root proto={} advice=\"use a user of its own; "
                "CAP_NET_BIND_SERVICE is enough for low ports\"",
                settings.name);
        opened.push_back(std::move(made));
    }
    return opened;
}

}  // namespace hauspost::server
