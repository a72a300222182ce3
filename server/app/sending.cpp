#include "server/app/sending.hpp"

#include "base/ascii.hpp"
#include "base/log.hpp"
#include "server/config/sending_values.hpp"
#include "server/outbound/host_address.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <cstring>
#include <exception>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <utility>

namespace hauspost::server {
namespace {

namespace ip = boost::asio::ip;

/// Of all interfaces: mail that leads to one of them leads back to us.
std::set<ip::address> machine_addresses() {
    std::set<ip::address> found;
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return found;
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, &::freeifaddrs);
    for (const auto* one = first; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr) continue;
        if (one->ifa_addr->sa_family == AF_INET) {
            sockaddr_in v4{};
            std::memcpy(&v4, one->ifa_addr, sizeof(v4));
            found.insert(ip::address_v4(ntohl(v4.sin_addr.s_addr)));
        } else if (one->ifa_addr->sa_family == AF_INET6) {
            sockaddr_in6 v6{};
            std::memcpy(&v6, one->ifa_addr, sizeof(v6));
            ip::address_v6::bytes_type octets;
            std::memcpy(octets.data(), v6.sin6_addr.s6_addr, octets.size());
            found.insert(ip::address_v6(octets));
        }
    }
    return found;
}

/// Addresses of ours that others may reach us by: what we listen at, and where that is everything,
/// those of the machine.
outbound::own_hosts own_hosts_of(const config& c) {
    outbound::own_hosts own;
    own.names.insert(ascii::lowered(hostname_of(c)));
    bool is_everywhere = false;
    for (const auto& one : c.listen.at("smtp")) {
        error_code failed;
        const auto address = ip::make_address(one.address, failed);
        if (failed || address.is_unspecified())
            is_everywhere = true;
        else
            own.addresses.insert(address);
    }
    if (is_everywhere) own.addresses.merge(machine_addresses());
    return own;
}

dns::unbound_settings resolver_settings(const sending_config& from) {
    dns::unbound_settings made;
    made.forwarders = resolver_addresses(from.resolver).value_or(std::vector<std::string>());
    made.trust_anchor_file = from.dnssec_anchor;
    return made;
}

/// Null: nobody is asked who wrote what we send on. With a relay alone there is nobody to ask.
std::unique_ptr<outbound::forwarded_author> authors_of(const sending_config& from,
                                                       const storage::ports& store,
                                                       dns::resolver& resolver,
                                                       outbound::dkim_signer& signer,
                                                       worker_pool& workers,
                                                       const clock& time) {
    if (from.rewrite_from == "never" || from.resolver.empty()) return nullptr;
    return std::make_unique<outbound::forwarded_author>(store.blobs, resolver, signer, workers,
                                                        time);
}

/// Null: nothing is sealed.
std::unique_ptr<outbound::arc_sealer> sealer_of(const config& c,
                                                const storage::ports& store,
                                                dns::resolver& resolver,
                                                outbound::dkim_signer& signer,
                                                worker_pool& workers,
                                                const clock& time) {
    if (!c.sending.arc_seal || c.sending.resolver.empty()) return nullptr;
    return std::make_unique<outbound::arc_sealer>(store.blobs, resolver, signer, workers, time,
                                                  hostname_of(c));
}

/// item  that names the file
secret first_line(const std::string& path, const char* item) {
    std::ifstream in(path);
    std::string line;
    if (!std::getline(in, line))
        throw std::runtime_error(std::string(item) + ' ' + path + " cannot be read");
    if (line.ends_with('\r')) line.pop_back();
    return secret(std::move(line));
}

/// nullopt: none is asked.
/// item  that names the password's file
std::optional<outbound::smarthost> smarthost_of(const config& c,
                                                const domain_relay& from,
                                                const char* item) {
    if (!from.place) return std::nullopt;
    outbound::smarthost made;
    made.host = from.place->host;
    made.port = from.place->port;
    made.must_be_proven = c.sending.relay_verify;
    if (!from.user.empty()) {
        smtp::client_login login;
        login.user = from.user;
        login.password = first_line(from.password_file, item);
        made.login = std::move(login);
    }
    return made;
}

outbound::delivery_settings settings_of(const config& c) {
    auto made = c.outgoing;
    made.hostname = hostname_of(c);
    made.speech = c.sending.report_language == "de" ? outbound::language::german
                                                    : outbound::language::english;
    const auto of_domains = domain_relays(c.sending.relay_of);
    if (!of_domains)
        throw std::runtime_error("delivery.relay_of does not name domains and servers");
    for (const auto& [domain, to] : *of_domains)
        made.relays_of.emplace(domain, smarthost_of(c, to, "delivery.relay_of"));
    if (c.sending.relay.empty()) return made;
    domain_relay usual;
    usual.place = parse_relay(c.sending.relay);
    if (!usual.place) throw std::runtime_error("delivery.relay is not a valid server");
    usual.user = c.sending.relay_user;
    usual.password_file = c.sending.relay_password_file;
    made.relay = smarthost_of(c, usual, "delivery.relay_password_file");
    return made;
}

/// A stranger's DNS names policy hosts, and places for reports, as it names mail servers.
tls_policy::https_settings https_settings_of(const outbound::delivery_settings& from) {
    tls_policy::https_settings made;
    made.port = static_cast<std::uint16_t>(from.policy_port);
    made.families = from.hosts.families;
    made.may_use = [inwards = from.hosts.may_lead_inwards](const ip::address& address) {
        const auto leads = outbound::reach_of(outbound::in_plain_form(address));
        return leads == outbound::reach::outside || (leads == outbound::reach::inward && inwards);
    };
    return made;
}

}  // namespace

sending::sending(const config& c,
                 const storage::ports& store,
                 smtp::mail_sink& sink,
                 outbound::sender_watch& watch,
                 outbound::dkim_signer& signer,
                 worker_pool& workers,
                 const clock& time,
                 const monotonic_clock& monotonic,
                 net::io_loop& loop)
    : settings_(settings_of(c)),
      resolver_(resolver_settings(c.sending)),
      hosts_(resolver_, own_hosts_of(c), settings_.hosts),
      tls_(c.sending.trusted_roots),
      servers_(loop, settings_.connect_limit),
      own_(sink, store.blobs, store.directory),
      https_(loop, resolver_, tls_.native(), monotonic, https_settings_of(settings_)),
      policy_hosts_(https_),
      report_places_(https_),
      policies_({resolver_, store.tls, policy_hosts_, time}),
      reports_(sink, store.blobs, time, settings_),
      letters_(sink, time, settings_),
      forwards_(store.forwards, letters_, time, settings_),
      authors_(authors_of(c.sending, store, resolver_, signer, workers, time)),
      sealer_(sealer_of(c, store, resolver_, signer, workers, time)),
      loop_(loop),
      delivery_{
          store.blobs,   resolver_, hosts_,         servers_,
          tls_.native(), monotonic, authors_.get(), settings_.uses_mta_sts ? &policies_ : nullptr,
          sealer_.get()},
      runner_(loop.io().get_executor(),
              {store.queue, store.changes, delivery_, own_, reports_, time, &watch, &forwards_},
              settings_),
      reporter_(
          loop.io().get_executor(), {store.tls, resolver_, sink, time, &report_places_}, settings_),
      probe_ended_(loop.io()) {}

void sending::start() {
    asio::post(loop_.io(), [this] {
        runner_.start();
        if (settings_.reports_tls) reporter_.start();
    });
}

awaitable<void> sending::stop(std::chrono::steady_clock::duration at_most) {
    is_stopping_ = true;
    for (auto* one : probes_)
        one->stop();
    for (auto* one : reaches_)
        one->break_off();
    co_await runner_.stop(at_most);
    // The runner's deliveries may fetch policies until then.
    policies_.stop();
    co_await reporter_.stop();
    while (!probes_.empty() || !reaches_.empty()) {
        probe_ended_.expires_at(asio::steady_timer::time_point::max());
        co_await probe_ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

awaitable<std::vector<outbound::probe_step>> sending::probe(smtp::mailbox_address to,
                                                            std::string sender) {
    auto work = probe_here(std::move(to), std::move(sender));
    co_return co_await asio::co_spawn(loop_.io(), std::move(work), asio::use_awaitable);
}

awaitable<outbound::outward_verdict> sending::reach(std::string domain) {
    auto work = reach_here(std::move(domain));
    co_return co_await asio::co_spawn(loop_.io(), std::move(work), asio::use_awaitable);
}

awaitable<outbound::outward_verdict> sending::reach_here(std::string domain) {
    if (is_stopping_) co_return outbound::outward_verdict();
    outbound::breaker waits;
    const auto at = reaches_.insert(reaches_.end(), &waits);
    std::optional<outbound::outward_verdict> made;
    std::exception_ptr fault;
    try {
        const auto port = static_cast<std::uint16_t>(settings_.port);
        auto probing = outbound::probe_outward(delivery_, std::move(domain), port);
        made = co_await waits.run(std::move(probing));
    } catch (...) {
        fault = std::current_exception();
    }
    reaches_.erase(at);
    probe_ended_.cancel();
    if (fault) std::rethrow_exception(fault);
    co_return made.value_or(outbound::outward_verdict());
}

awaitable<std::vector<outbound::probe_step>> sending::probe_here(smtp::mailbox_address to,
                                                                 std::string sender) {
    if (is_stopping_) co_return std::vector<outbound::probe_step>();
    outbound::delivery_probe one(delivery_, settings_);
    const auto at = probes_.insert(probes_.end(), &one);
    std::vector<outbound::probe_step> steps;
    std::exception_ptr fault;
    try {
        steps = co_await one.run(std::move(to), std::move(sender));
    } catch (...) {
        fault = std::current_exception();
    }
    probes_.erase(at);
    probe_ended_.cancel();
    if (fault) std::rethrow_exception(fault);
    co_return steps;
}

}  // namespace hauspost::server
