#pragma once

#include "protocols/net/stream.hpp"
#include "tests/support/manual_clock.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::test {

/// What the peer does when all input has been read.
enum class when_dry {
    close,     // eof
    reset,     // connection_reset
    time_out,  // timed_out at once, whatever the limit, so that no test sleeps
    wait,      // nothing: reads wait for send(), finish() or their real limit
};

/// A net::stream in memory, for tests of sessions. The test is the peer: it gives input before or
/// while the session runs, and sees the output.
///
///     memory_stream peer("NOOP\r\nQUIT\r\n");        // all input known: eof at its end
///     peer.split_every(1);
///     run(session(peer).run());
///     CHECK(peer.output() == "250 ok\r\n221 bye\r\n");
///
///     memory_stream peer("", when_dry::wait);         // a talk: session spawned on io before
///     run(io, [](memory_stream& p) -> awaitable<void> {
///         co_await p.read_until("220 mx\r\n");
///         p.send("QUIT\r\n");
///         co_await p.read_until("221 bye\r\n");
///     }(peer));
///
/// One thread: session and test share one io_context. After the first failure (fail_operation,
/// when_dry::reset, close) every later operation fails as on a dead socket.
class memory_stream final : public net::stream {
public:
    explicit memory_stream(std::string input = {}, when_dry then = when_dry::close);

    // ---- set up before the session runs ----

    /// A read gives at most this many octets. 1: octet by octet.
    void split_every(std::size_t octets) { max_read_ = octets; }
    /// No read crosses this position of the input, counted from its first octet.
    void cut_at(std::size_t position) { cut_ = position; }
    /// The n-th operation (from 1: read_some, write, wait_readable, start_tls) and all after it
    /// fail. 0: none.
    void fail_operation(std::size_t n, error_code with = asio::error::connection_reset);
    /// The peer takes this much output in all and then reads no more: write() gives timed_out.
    void stall_output_after(std::size_t octets) { max_output_ = octets; }
    /// Limits of waits pass as the test moves this clock, not with time.
    void use(manual_clock& time) { time_ = &time; }
    /// Each read takes so long by the clock of use().
    void let_reads_take(duration length) { read_length_ = length; }
    /// Is STARTTLS offered? Off at first.
    void allow_tls(bool allowed = true) { tls_allowed_ = allowed; }
    /// As on a port with TLS from the first octet.
    void set_encrypted(bool encrypted = true) { encrypted_ = encrypted; }
    void set_tls(net::tls_info info) { tls_ = std::move(info); }
    /// At first: 127.0.0.1 port 40000 to local port 25, loopback, id 1.
    void set_peer(net::peer_info info) { peer_ = std::move(info); }
    /// Input that the peer sends once start_tls has succeeded.
    void send_after_tls(std::string_view octets) { after_tls_ += octets; }

    // ---- the peer's side, before or while the session runs ----

    void send(std::string_view octets);
    /// For look(): the peer has shut down its sending side and still reads.
    void half_close() { presence_ = net::presence::half_closed; }
    /// For look(): the peer's machine has answered by a reset.
    void hang_up() { presence_ = net::presence::gone; }
    /// For look(): the peer has closed. As with a socket, that shows only after the next write.
    void vanish() {
        half_close();
        has_vanished_ = true;
    }
    /// The peer sends no more: eof once all input has been read.
    void finish();
    /// Waits until the output that was not taken yet contains `text` and takes it up to there.
    /// Throws std::runtime_error when the stream is closed without it, or after the limit.
    awaitable<std::string> read_until(std::string text, duration limit = std::chrono::seconds(20));
    /// Waits until the session has closed the stream.
    awaitable<void> wait_closed(duration limit = std::chrono::seconds(20));
    /// All output not taken yet.
    std::string take_output();

    // ---- what happened ----

    /// All output from the first octet on, taken or not.
    [[nodiscard]] const std::string& output() const noexcept { return output_; }
    [[nodiscard]] std::string_view unread_input() const noexcept {
        return std::string_view(input_).substr(read_);
    }
    [[nodiscard]] bool is_closed() const noexcept { return closed_; }
    /// A read or wait_readable is waiting for input now.
    [[nodiscard]] bool is_waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::size_t operations() const noexcept { return operations_; }
    /// write() calls, to see whether replies were gathered.
    [[nodiscard]] std::size_t writes() const noexcept { return writes_; }
    /// Octets of the largest write() call, to see how much was held.
    [[nodiscard]] std::size_t largest_write() const noexcept { return largest_write_; }
    [[nodiscard]] std::size_t handshakes() const noexcept { return handshakes_; }
    /// Plain octets that nobody had read when start_tls was called. A TLS engine would have taken
    /// them for its handshake, so start_tls fails when there are any.
    [[nodiscard]] const std::string& plain_behind_start_tls() const noexcept {
        return plain_behind_start_tls_;
    }

    // ---- net::stream ----

    awaitable<result<std::size_t>> read_some(std::span<char> into, duration limit) override;
    awaitable<error_code> write(std::string_view octets, duration limit) override;
    awaitable<error_code> wait_readable(duration limit) override;
    [[nodiscard]] net::presence look() noexcept override { return presence_; }
    void wake() noexcept override;
    awaitable<error_code> start_tls(duration limit) override;
    [[nodiscard]] bool can_start_tls() const noexcept override {
        return tls_allowed_ && !encrypted_;
    }
    [[nodiscard]] bool is_encrypted() const noexcept override { return encrypted_; }
    [[nodiscard]] net::tls_info tls() const override;
    [[nodiscard]] const net::peer_info& peer() const noexcept override { return peer_; }
    void end_at(steady_time last_moment) noexcept override { last_moment_ = last_moment; }
    void close() noexcept override;

private:
    error_code begin_operation();
    awaitable<error_code> wait_for_input(duration limit, bool may_be_woken);
    void notify(std::optional<asio::steady_timer>& waiter) noexcept;

    manual_clock* time_ = nullptr;  // null: real time
    duration read_length_{0};
    std::string input_;
    std::size_t read_ = 0;
    when_dry then_;
    std::size_t max_read_ = std::numeric_limits<std::size_t>::max();
    std::size_t cut_ = 0;
    std::string after_tls_;
    std::string output_;
    std::size_t taken_ = 0;
    steady_time last_moment_ = steady_time::max();
    std::size_t max_output_ = std::numeric_limits<std::size_t>::max();
    std::size_t fail_at_ = 0;
    error_code fail_with_;
    error_code dead_;
    std::size_t operations_ = 0, writes_ = 0, largest_write_ = 0, handshakes_ = 0;
    net::presence presence_ = net::presence::there;
    bool has_vanished_ = false;
    bool tls_allowed_ = false, encrypted_ = false, closed_ = false;
    bool waiting_ = false, woken_ = false;
    std::string plain_behind_start_tls_;
    net::tls_info tls_;
    net::peer_info peer_;
    // Made by the first wait, on the executor of whoever waits. Cancelled to wake.
    std::optional<asio::steady_timer> session_waits_;
    std::optional<asio::steady_timer> test_waits_;
};

}  // namespace hauspost::test
