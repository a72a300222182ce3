#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hauspost::net {

/// By what a server that we connected to has proved who it is.
enum class authentication : std::uint8_t {
    none,     // nothing was asked for, or nothing could be verified
    pkix,     // RFC 6125
    dane_ta,  // RFC 7672 3.1.2
    dane_ee,  // RFC 7672 3.1.1
};

/// How a connection is protected, for Received lines and the log. version empty: not at all.
struct tls_info {
    std::string version;      // "TLSv1.3"
    std::string cipher;       // "TLS_AES_256_GCM_SHA384"
    std::string server_name;  // SNI as the client sent it, checked to be a host name
    authentication verified = authentication::none;  // of the server, to a client
};

struct peer_info {
    std::string address;  // "192.0.2.7" or "2001:db8::7"
    std::uint16_t port = 0;
    std::uint16_t local_port = 0;
    bool is_loopback = false;
    connection_id id;
};

/// What can be known of a peer without waiting for it.
enum class presence : std::uint8_t {
    there,        // as far as anybody knows
    half_closed,  // it sends no more; whether it still reads only a write shows, some time later
    gone,
};

/// One connection to one peer: octets in both directions, plain or TLS. Used by one coroutine at a
/// time, on one thread. Errors are values: asio::error::eof when the peer closed properly,
/// asio::error::timed_out when a limit passed, else the system's or TLS's error.
class stream {
public:
    using duration = std::chrono::steady_clock::duration;

    virtual ~stream() = default;

    /// Waits for at least one octet and reads what is there.
    /// limit    longest wait for the first octet
    /// Returns  1 .. into.size()
    virtual awaitable<result<std::size_t>> read_some(std::span<char> into, duration limit) = 0;

    /// Writes all octets. limit: longest time without progress.
    virtual awaitable<error_code> write(std::string_view octets, duration limit) = 0;

    /// Waits until read_some would have something, holding no buffer; or until wake().
    /// Returns  success: readable; asio::error::operation_aborted: woken; timed_out; eof, ...
    virtual awaitable<error_code> wait_readable(duration limit) = 0;

    /// For long work between two reads: is anybody still there? Neither waits nor reads, so what
    /// the peer has sent meanwhile stays to be read. Costs one system call.
    [[nodiscard]] virtual presence look() noexcept = 0;

    /// Ends the current wait_readable, or the next one when none is running. Thread: the stream's.
    virtual void wake() noexcept = 0;

    /// Handshake on a plain connection, in the role of the stream's tls_endpoint. Octets that came in
    /// before it must not be obeyed by the caller: a server throws them away (RFC 3207 4.2).
    /// limit  longest time in all
    virtual awaitable<error_code> start_tls(duration limit) = 0;
    [[nodiscard]] virtual bool can_start_tls() const noexcept = 0;
    [[nodiscard]] virtual bool is_encrypted() const noexcept = 0;
    [[nodiscard]] virtual tls_info tls() const = 0;
    [[nodiscard]] virtual const peer_info& peer() const noexcept = 0;

    /// From now on no operation waits beyond this moment, whatever its own limit is: it ends with
    /// timed_out. A peer that moves an octet now and then gets by every other limit.
    /// steady_time::max(): no end, as at first.
    virtual void end_at(steady_time last_moment) noexcept = 0;

    /// Tells the peer (TLS close_notify, FIN) and closes. Quick, never waits for the peer.
    virtual void close() noexcept = 0;
};

}  // namespace hauspost::net
