#include "server/outbound/outward_probe.hpp"

#include "protocols/net/tls_client.hpp"
#include "server/outbound/host_protection.hpp"

#include <cstddef>
#include <utility>

namespace hauspost::outbound {
namespace {

// A network that lets nothing out answers nobody: each costs the whole limit of a connect.
constexpr std::size_t most_tried_outward = 2;

}  // namespace

awaitable<outward_verdict> probe_outward(const delivery_ports& ports,
                                         std::string domain,
                                         std::uint16_t port) {
    outward_verdict made;
    auto asked = domain;
    const auto where = co_await ports.hosts.find(std::move(asked));
    if (where.verdict != hosts_verdict::found) {
        made.words = "the servers of " + domain + " cannot be found: " + where.why;
        co_return made;
    }
    const net::tls_client tls(ports.tls, host_protection().tls_settings());
    std::size_t tried = 0;
    for (const auto& host : where.hosts) {
        if (tried++ == most_tried_outward) break;
        const auto& address = host.addresses.front();
        made.host = host.name + " [" + address.to_string() + ']';
        const boost::asio::ip::tcp::endpoint to(address, port);
        const auto connected = co_await ports.servers.connect(to, tls);
        if (connected) {
            (*connected)->close();
            made.how = outward_verdict::state::open;
            made.words.clear();
            co_return made;
        }
        made.words = connected.error().message();
        made.how = outward_verdict::state::shut;
    }
    co_return made;
}

}  // namespace hauspost::outbound
