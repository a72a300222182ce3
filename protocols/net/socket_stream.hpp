#pragma once

#include "protocols/net/deadline_list.hpp"
#include "protocols/net/io_loop.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/tls_endpoint.hpp"
#include "protocols/net/tls_layer.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace hauspost::net {

/// A net::stream over a TCP socket, with TLS when it is asked for. Every operation tries first and
/// waits only when the socket has nothing to give or take. An idle connection holds no buffer.
///
/// close() may also be called from outside of the coroutine that uses the stream (same thread):
/// its operation then ends with asio::error::operation_aborted.
class socket_stream final : public stream, private deadline_list::node {
public:
    using socket_type = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

    /// loop       the socket's; must outlive the stream
    /// connected  an open socket of that loop
    /// tls        what start_tls() uses, of our side; nullptr: there is none. Must outlive the stream
    /// Throws     boost::system::system_error when the socket cannot be made non-blocking
    socket_stream(io_loop& loop, socket_type connected, peer_info peer, const tls_endpoint* tls);
    ~socket_stream() override;

    awaitable<result<std::size_t>> read_some(std::span<char> into, duration limit) override;
    awaitable<error_code> write(std::string_view octets, duration limit) override;
    awaitable<error_code> wait_readable(duration limit) override;
    [[nodiscard]] presence look() noexcept override;
    void wake() noexcept override;
    awaitable<error_code> start_tls(duration limit) override;
    [[nodiscard]] bool can_start_tls() const noexcept override {
        return tls_endpoint_ != nullptr && !tls_;
    }
    [[nodiscard]] bool is_encrypted() const noexcept override {
        return tls_ != nullptr && tls_->is_established();
    }
    [[nodiscard]] tls_info tls() const override;
    [[nodiscard]] const peer_info& peer() const noexcept override { return peer_; }
    void end_at(steady_time last_moment) noexcept override { last_moment_ = last_moment; }
    void close() noexcept override;

private:
    class limited;
    using next = attempt::next;

    void on_deadline() noexcept override;
    attempt try_read(std::span<char> into);
    attempt try_peek();
    attempt try_write_tls(std::string_view octets);
    attempt try_send(std::string_view octets);
    attempt try_flush();
    template <class Step>
    attempt through_tls(Step step);
    awaitable<error_code> wait(next reason, duration limit);
    bool is_greedy(std::size_t octets) noexcept;
    void drain() noexcept;

    io_loop& loop_;
    socket_type socket_;
    const tls_endpoint* tls_endpoint_;
    std::unique_ptr<tls_layer> tls_;
    std::size_t work_without_wait_ = 0;
    steady_time last_moment_ = steady_time::max();
    bool expired_ = false;  // the running operation's limit has passed
    bool idling_ = false;   // wait_readable waits for the socket
    bool woken_ = false;
    peer_info peer_;
};

}  // namespace hauspost::net
