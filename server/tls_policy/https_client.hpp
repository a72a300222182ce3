#pragma once

#include "base/monotonic_clock.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/https/read_response.hpp"
#include "protocols/net/io_loop.hpp"
#include "protocols/net/stream.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

namespace hauspost::tls_policy {

struct https_settings {
    https_settings() = default;
    std::uint16_t port = 443;  // of policy hosts
    dns::families families = dns::families::both;
    std::size_t max_addresses = 4;
    std::chrono::seconds connect_limit{10};  // for one address
    std::chrono::seconds limit{30};          // for all of it; RFC 8461 3.3 knows a minute
    /// May this address be connected to? A stranger's DNS names it.
    std::function<bool(const boost::asio::ip::address&)> may_use = [](const auto&) { return true; };
};

/// One request to a server of somebody else's.
struct https_question {
    https_question() = default;
    std::string host;  // a name in A-labels
    std::uint16_t port = 443;
    std::string target;               // printable ASCII
    std::string content_type = {};    // of a body; empty: it asks for a document
    std::string body = {};            // that is handed over
    std::size_t max_body_octets = 0;  // of the document
};

struct https_answer {
    https_answer() = default;
    enum class verdict : std::uint8_t {
        answered,     // with any status
        not_reached,  // no address, no connection, no answer in time, no HTTP
        not_trusted,  // the certificate is not of the host, or of nobody we trust
    };
    verdict how = verdict::not_reached;
    https::response got;  // of answered
    std::string why;      // else: one line for the log
};

/// Asks servers by names that strangers tell: each must show a certificate of its name from somebody who
/// is trusted. Redirects are answers as any other. Its addresses are tried in turn until one answers.
///
/// Lifetime: what is passed in must outlive it, the loop its requests too. Thread: the loop's.
class https_client {
public:
    /// tls  of certs::client_context
    https_client(net::io_loop& loop,
                 dns::resolver& resolver,
                 SSL_CTX* tls,
                 const monotonic_clock& time,
                 https_settings settings);

    /// Ends only after a time that is bounded.
    awaitable<https_answer> ask(https_question question);
    /// Ends what goes on soon, and what begins at once. Thread: the same.
    void stop() noexcept;

    [[nodiscard]] const https_settings& settings() const noexcept { return settings_; }

private:
    awaitable<https_answer> ask_at(boost::asio::ip::address address,
                                   const https_question& question,
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
