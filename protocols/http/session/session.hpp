#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"
#include "protocols/http/session/handler.hpp"
#include "protocols/http/session/settings.hpp"
#include "protocols/net/stream.hpp"

#include <memory>
#include <string_view>

namespace hauspost::http {

class connection;

/// What a session needs of the server. All outlive it.
struct session_ports {
    http::handler& handler;
    const hauspost::clock& time_of_day;  // Date
    const monotonic_clock& time;         // of all limits
};

/// To somebody for whom there is no room.
inline constexpr std::string_view busy_response =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Retry-After: 5\r\n"
    "Content-Length: 0\r\n"
    "Connection: close\r\n\r\n";

/// One HTTP client, from its first request to the end of the connection.
///
/// Requests are answered one after another, in their order, also those that came before the answer
/// to the one before: no more of them is read ahead than fits into a head.
///
/// Calling sequence: construct, spawn run() on the connection's thread, destroy there after it
/// returned. The stream is closed by run().
///
/// Memory: a request with its body and its answer while it is being served; no buffer when idle;
/// 64 KB on the way out, and of static octets no more than that.
/// RFC  9110, 9112
class session {
public:
    session(net::stream& peer,
            const session_ports& ports,
            std::shared_ptr<const session_config> config);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// Returns when the client is gone; never throws.
    awaitable<void> run();

    /// The server shuts down: the session ends after the request in progress. Thread: the
    /// session's.
    void request_stop() noexcept;

private:
    std::unique_ptr<connection> connection_;
};

}  // namespace hauspost::http
