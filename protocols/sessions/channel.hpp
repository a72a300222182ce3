#pragma once

#include "base/awaitable.hpp"
#include "base/monotonic_clock.hpp"
#include "base/result.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/wire/line_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace hauspost::sessions {

/// How a wait for the peer ended.
enum class input : std::uint8_t {
    octets,     // there is something, or it has been read
    woken,      // stream::wake(): somebody else wants the session to look around
    timed_out,  // the peer said nothing; the connection stands
    lost,       // the connection is gone: channel::why_lost()
};

/// What a channel waits for, and so whether its peer or the server is at work.
enum class waiting : std::uint8_t { no, for_input, for_output };

struct channel_settings {
    net::stream::duration write_timeout;  // without any progress
    std::size_t full_octets = 0;  // of gathered output: so much is written, even if more will come
};

/// The octets of one session, in either role: output that is gathered and written at once, waits
/// for input that have an end, and what was moved in all.
///
/// Once the peer is lost nothing is read or written any more: output that is gathered then is
/// thrown away, and every call returns at once.
///
/// Lifetime: peer and time must outlive it. Thread: the stream's.
class channel {
public:
    channel(net::stream& peer, const monotonic_clock& time, channel_settings settings)
        : peer_(peer), time_(time), settings_(settings), moved_at_(time.now()) {}
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;

    [[nodiscard]] net::stream& peer() noexcept { return peer_; }
    [[nodiscard]] const net::stream& peer() const noexcept { return peer_; }
    [[nodiscard]] const monotonic_clock& time() const noexcept { return time_; }

    /// What is to be written; append to it.
    [[nodiscard]] std::string& out() noexcept { return out_; }
    [[nodiscard]] bool is_full() const noexcept { return out_.size() >= settings_.full_octets; }

    /// Writes all output. False: the peer is lost.
    awaitable<bool> flush();

    /// Writes all output, then waits for octets.
    /// until  the last moment; when it is past, a peer that has octets for us is too late as well
    awaitable<input> wait(steady_time until);

    /// The same, then reads what is there. While it waits, `into` holds no empty buffer.
    /// room  for so many octets at least
    awaitable<input> read(wire::line_reader& into, std::size_t room, steady_time until);

    /// The same for lines, of which a session may wait for long: it costs no memory.
    awaitable<input> read_lines(wire::line_reader& into, steady_time until);

    /// The peer is gone, or it is as if it were.
    void lose(error_code why);
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }
    [[nodiscard]] error_code why_lost() const noexcept { return why_lost_; }

    [[nodiscard]] waiting waits() const noexcept { return waits_; }
    /// When octets moved last, in either direction; a write that waits counts from its begin.
    [[nodiscard]] steady_time moved_at() const noexcept { return moved_at_; }
    [[nodiscard]] std::uint64_t octets_in() const noexcept { return octets_in_; }
    [[nodiscard]] std::uint64_t octets_out() const noexcept { return octets_out_; }

private:
    [[nodiscard]] input outcome_of(error_code failed);

    net::stream& peer_;
    const monotonic_clock& time_;
    const channel_settings settings_;
    std::string out_;  // gathered, not written yet
    bool is_open_ = true;
    error_code why_lost_;  // of the first loss
    waiting waits_ = waiting::no;
    steady_time moved_at_;
    std::uint64_t octets_in_ = 0;
    std::uint64_t octets_out_ = 0;
};

}  // namespace hauspost::sessions
