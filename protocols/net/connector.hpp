#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/net/io_loop.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/tls_endpoint.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>

namespace hauspost::net {

struct connect_settings {
    asio::ip::tcp::endpoint to;
    /// The address that the connection comes from, of the same family; none: the system's choice.
    std::optional<asio::ip::address> from;
    stream::duration limit = std::chrono::seconds(30);
    /// What start_tls() uses: a tls_client. nullptr: no TLS. Must outlive the stream.
    const tls_endpoint* tls = nullptr;
};

/// Connects to somebody else's server.
///
/// Returns  the stream, in the clear; the connection has an id of its own
/// Refuses  timed_out after the limit; connection_refused, network_unreachable and what else the
///          system says; address_not_available when `from` is none of ours
/// Thread   that of the loop, which must outlive the stream
awaitable<result<std::unique_ptr<stream>>> connect(io_loop& loop, connect_settings how);

}  // namespace hauspost::net
