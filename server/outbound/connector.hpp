#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/tls_endpoint.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace hauspost::outbound {

/// The port by which other servers are reached. Implemented over net::connect; by tests with
/// streams of their own.
class connector {
public:
    virtual ~connector() = default;

    /// tls      what start_tls() of the stream uses; outlives the stream
    /// Refuses  as net::connect
    /// Thread   the caller's, on which the stream lives
    virtual awaitable<result<std::unique_ptr<net::stream>>> connect(
        boost::asio::ip::tcp::endpoint to, const net::tls_endpoint& tls) = 0;
};

}  // namespace hauspost::outbound
