#pragma once

#include "protocols/net/bound_socket.hpp"
#include "protocols/net/connection_gate.hpp"
#include "protocols/net/io_threads.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/tls_server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace hauspost::net {

/// The life of one session; called on the connection's thread. When it ends the stream is closed.
using serve_function = std::function<awaitable<void>(stream& peer)>;

struct listener_settings {
    std::string name;                 // of the service in the log: "imaps"
    const tls_server* tls = nullptr;  // must outlive the io_threads; nullptr: no TLS
    bool implicit_tls = false;        // TLS from the first octet; else it is there for start_tls
    std::chrono::seconds handshake_timeout{30};
    /// Sent on a plain connection that the gate refuses: "421 4.7.0 too many connections\r\n".
    std::string refusal;
};

/// Accepts connections at one address and spreads them over the network threads.
///
/// Calling sequence: construct (listens), start(), then stop() while the threads run. It must not
/// outlive the io_threads; the gate, the TLS settings and what `serve` refers to must.
class listener {
public:
    using endpoint = asio::ip::tcp::endpoint;

    /// Throws  std::runtime_error with the address and the reason when it cannot listen
    listener(io_threads& threads,
             connection_gate& gate,
             bound_socket at,
             listener_settings settings,
             serve_function serve);
    /// Binds as well; at as in bound_socket.
    listener(io_threads& threads,
             connection_gate& gate,
             const endpoint& at,
             listener_settings settings,
             serve_function serve);
    ~listener();
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    /// Begins to accept. Thread: any.
    void start();

    /// Stops accepting, wakes all sessions (stream::wake; they know why from the application),
    /// waits for them at most `limit`, closes the rest and waits for their ends.
    ///
    /// Thread  any that runs none of the loops, or one of the loops; the caller's executor must
    ///         have one thread
    awaitable<void> stop(std::chrono::steady_clock::duration limit);

    [[nodiscard]] endpoint local_endpoint() const;
    [[nodiscard]] std::size_t open_connections() const;
    /// How often accepting paused because descriptors or memory had run out (H02).
    [[nodiscard]] std::size_t pauses() const noexcept;

private:
    struct shared;
    using door = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

    std::shared_ptr<shared> shared_;  // connections have a part in it
    std::shared_ptr<door> door_;      // so has what runs on loop 0, but no connection
};

}  // namespace hauspost::net
