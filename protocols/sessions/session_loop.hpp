#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/net/turn.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/sessions/session_log.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::sessions {

/// Why a session ends although its peer did not ask for it.
enum class ending : std::uint8_t {
    none,
    shutdown,         // the server stops
    account_changed,  // switched off, gone, or with another password
    taken_over,       // another session of the account has taken its place
};

/// What a protocol does in the course that all sessions take.
class session_steps {
public:
    virtual ~session_steps() = default;

    /// Before anything is read.
    virtual awaitable<void> greet() = 0;
    /// Answers one thing that has come, or reads more when there is nothing.
    virtual awaitable<void> step() = 0;
    /// The last words to the peer; nothing more is read. Ends with session_loop::close.
    virtual void say_end(ending why) = 0;
    /// Once nothing is read any more, for whatever reason: what has to be put in order while the
    /// connection still stands.
    virtual awaitable<void> leave() = 0;
    /// What the line of the end tells beside octets and time: "messages=3"; "" for nothing.
    [[nodiscard]] virtual std::string end_facts() const = 0;
};

/// The life of a session: greeting, one step after another, the end for whatever reason, and a line
/// in the log for its begin and its end.
///
/// Calling sequence: construct, co_await run() once. request_end() makes it end early.
///
/// Lifetime: channel and log must outlive it, the steps run(). Thread: the stream's.
class session_loop {
public:
    session_loop(channel& octets, const session_log& log, net::turn turn)
        : channel_(octets), log_(log), turn_(turn) {}
    session_loop(const session_loop&) = delete;
    session_loop& operator=(const session_loop&) = delete;

    /// Returns when the peer is gone and the stream is closed. Never throws.
    awaitable<void> run(session_steps& steps);

    /// The session ends after the step in progress, or at once when it waits. The first wish
    /// counts, but for the server's end, which counts always.
    void request_end(ending why) noexcept;
    [[nodiscard]] ending wanted_end() const noexcept { return ending_; }

    /// What is said already goes out, then the connection ends.
    /// reason  a word for the log, a constant; the first one counts
    void close(std::string_view reason) noexcept;
    [[nodiscard]] bool is_closing() const noexcept { return is_closing_; }
    /// Nothing more will be read.
    [[nodiscard]] bool is_over() const noexcept { return is_closing_ || !channel_.is_open(); }

    /// Between the parts of an answer: hands on the turn when it is time to, and writes when much
    /// is gathered. False: the peer is lost.
    awaitable<bool> make_room();
    [[nodiscard]] net::turn& turn() noexcept { return turn_; }

    /// Does a piece of work that may meet a fault of ours. False: it did, and the log knows it.
    awaitable<bool> guarded(awaitable<void> work);

    /// The handshake, after what is said already. Whoever calls it has thrown away what came in
    /// before it: anybody may have written that (RFC 3207 4.2). False: the connection is lost.
    awaitable<bool> start_tls(net::stream::duration limit);

private:
    awaitable<void> serve(session_steps& steps);
    [[nodiscard]] std::string_view reason() const noexcept;
    void log_end(const session_steps& steps, steady_time began) const;

    channel& channel_;
    const session_log& log_;
    net::turn turn_;
    ending ending_ = ending::none;  // wished for by somebody else than the peer
    bool is_closing_ = false;       // close() was called
    std::string_view reason_;       // of close(); empty before
};

}  // namespace hauspost::sessions
