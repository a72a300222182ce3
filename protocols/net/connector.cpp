#include "protocols/net/connector.hpp"

#include "base/log.hpp"
#include "protocols/net/by_value.hpp"
#include "protocols/net/socket_stream.hpp"

#include <boost/asio/error.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

namespace hauspost::net {
namespace {

using socket_type = socket_stream::socket_type;

/// Ends an attempt to connect when its time is over.
class connect_limit : private deadline_list::node {
public:
    connect_limit(io_loop& loop, socket_type& socket, stream::duration limit) : socket_(socket) {
        loop.deadlines().arm(*this, limit);
    }
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }

private:
    void on_deadline() noexcept override {
        is_over_ = true;
        error_code ignored;
        socket_.close(ignored);
    }

    socket_type& socket_;
    bool is_over_ = false;
};

error_code open(socket_type& socket, const connect_settings& how) {
    error_code ec;
    socket.open(how.to.protocol(), ec);
    if (ec || !how.from) return ec;
    // The port is chosen when the other end is known, so that one port serves many servers. A
    // kernel that does not know it chooses at once.
    const int on = 1;
    ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    socket.bind(asio::ip::tcp::endpoint(*how.from, 0), ec);
    return ec;
}

}  // namespace

awaitable<result<std::unique_ptr<stream>>> connect(io_loop& loop, connect_settings how) {
    socket_type socket(loop.io());
    const auto refused = open(socket, how);
    if (refused) co_return refused;
    {
        const connect_limit limit(loop, socket, how.limit);
        const auto [failed] = co_await socket.async_connect(how.to, by_value);
        if (limit.is_over()) co_return error_code(asio::error::timed_out);
        if (failed) co_return failed;
    }
    error_code gone;
    const auto local = socket.local_endpoint(gone);
    if (gone) co_return gone;
    peer_info who;
    who.address = how.to.address().to_string();
    who.port = how.to.port();
    who.local_port = local.port();
    who.is_loopback = how.to.address().is_loopback();
    who.id = next_connection_id();
    co_return std::make_unique<socket_stream>(loop, std::move(socket), std::move(who), how.tls);
}

}  // namespace hauspost::net
