#pragma once

#include "base/monotonic_clock.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/net/io_loop.hpp"
#include "protocols/net/stream.hpp"
#include "server/tls_policy/policy_fetcher.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>

namespace hauspost::tls_policy {

struct https_settings {
    https_settings() = default;
    std::uint16_t port = 443;
    dns::families families = dns::families::both;
    std::size_t max_addresses = 4;
    std::chrono::seconds connect_limit{10};  // for one address
    std::chrono::seconds limit{30};          // for all of it; RFC 8461 3.3 knows a minute
    /// May this address be connected to? A stranger's DNS names it.
    std::function<bool(const boost::asio::ip::address&)> may_use = [](const auto&) { return true; };
};

/// Asks the policy host, mta-sts.DOMAIN, by HTTPS: with a certificate of that name from somebody who
/// is trusted, without redirects, and at most 64 KiB of text/plain.
///
/// Lifetime: what is passed in must outlive it, the loop its fetches too. Thread: the loop's.
/// RFC  8461 3.3
class https_fetcher final : public policy_fetcher {
public:
    /// tls  of certs::client_context
    https_fetcher(net::io_loop& loop,
                  dns::resolver& resolver,
                  SSL_CTX* tls,
                  const monotonic_clock& time,
                  https_settings settings);

    awaitable<fetched_policy> fetch(std::string domain) override;
    void stop() noexcept override;

private:
    awaitable<fetched_policy> ask(boost::asio::ip::address address,
                                  std::string host,
                                  steady_time end);

    net::io_loop& loop_;
    dns::resolver& resolver_;
    SSL_CTX* tls_;
    const monotonic_clock& time_;
    const https_settings settings_;
    std::set<net::stream*> open_;
    bool is_stopping_ = false;
};

}  // namespace hauspost::tls_policy
