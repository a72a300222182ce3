#include "server/outbound/relay_host.hpp"

#include <utility>

namespace hauspost::outbound {

awaitable<mail_hosts> find_relay(dns::resolver& resolver,
                                 const smarthost& relay,
                                 dns::families families) {
    mail_hosts where;
    mail_host host;
    host.name = relay.host;
    error_code not_literal;
    const auto literal = boost::asio::ip::make_address(relay.host, not_literal);
    if (!not_literal) {
        host.addresses.push_back(literal);
    } else {
        auto question = relay.host;
        auto found = co_await resolver.find_addresses(std::move(question), families);
        host.addresses = std::move(found.records);
    }
    if (host.addresses.empty()) {
        where.why = "the smarthost " + relay.host + " has no address";
        co_return where;
    }
    where.verdict = hosts_verdict::found;
    where.hosts.push_back(std::move(host));
    co_return where;
}

host_protection operators_protection(const smarthost* relay, const mail_host& host) {
    host_protection how;
    how.name = host.name;
    if (relay == nullptr) return how;
    how.by = host_protection::source::operator_;
    if (relay->must_be_proven) {
        how.verify = net::verification::pkix;
        how.use = smtp::tls_use::required;
    }
    return how;
}

}  // namespace hauspost::outbound
