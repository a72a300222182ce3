#include "server/services/listeners.hpp"

#include "base/log.hpp"
#include "server/config/config_values.hpp"

#include <boost/asio/ip/address.hpp>
#include <sys/socket.h>
#include <unistd.h>

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

const char* word_of(tls_start tls) {
    switch (tls) {
    case tls_start::never: return "none";
    case tls_start::on_command: return "starttls";
    case tls_start::at_once: return "implicit";
    }
    return "none";
}

}  // namespace

open_ports bind_ports(const listen_config& listen) {
    open_ports ports;
    for (const auto& [role, list] : listen.all)
        for (const auto& one : expanded(list)) {
            const auto address = asio::ip::make_address(one.address);
            auto& made = ports.emplace_back(open_port{role, one, std::nullopt});
            if (address.is_v6() && address.is_unspecified() && !has_ipv6()) continue;
            made.socket.emplace(net::bound_socket::endpoint(address, one.port), role->item());
        }
    return ports;
}

listener_list open_listeners(const listening_at& at, open_ports& ports, service& behind) {
    const auto& role = behind.role();
    net::listener_settings settings;
    settings.name = role.name;
    settings.tls = behind.tls();
    settings.implicit_tls = role.tls == tls_start::at_once;
    settings.handshake_timeout = at.tls_handshake;
    settings.refusal = behind.refusal();
    listener_list opened;
    for (auto& one : ports) {
        if (one.role != &role) continue;
        if (!one.socket) {
            log::warn("listen_skipped proto={} at={} reason=no_ipv6_here", role.name,
                      to_text(one.where));
            continue;
        }
        auto made = std::make_unique<net::listener>(
            at.threads, at.gate, std::move(*one.socket), settings,
            [&behind](net::stream& peer) { return behind.serve(peer); });
        const auto port = made->local_endpoint().port();
        log::info("listen proto={} at={} tls={}", role.name, to_text({one.where.address, port}),
                  word_of(role.tls));
        opened.push_back(std::move(made));
    }
    return opened;
}

}  // namespace hauspost::server
