#pragma once

#include "protocols/net/connector.hpp"
#include "server/outbound/connector.hpp"

namespace hauspost::outbound {

/// Reaches other servers by the network.
/// Lifetime: the loop must outlive the streams. Thread: the loop's.
class net_connector final : public connector {
public:
    net_connector(net::io_loop& loop, net::stream::duration limit) : loop_(loop), limit_(limit) {}

    awaitable<result<std::unique_ptr<net::stream>>> connect(boost::asio::ip::tcp::endpoint to,
                                                            const net::tls_endpoint& tls) override {
        net::connect_settings how;
        how.to = to;
        how.limit = limit_;
        how.tls = &tls;
        return net::connect(loop_, how);
    }

private:
    net::io_loop& loop_;
    const net::stream::duration limit_;
};

}  // namespace hauspost::outbound
