#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"
#include "base/result.hpp"
#include "protocols/imap/grammar/assembler.hpp"
#include "protocols/imap/session/core/settings.hpp"
#include "protocols/net/deflate_stream.hpp"
#include "protocols/net/turn.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace hauspost::imap {

/// The octets of one session: what comes in goes into the assembler, what is to go out is gathered
/// and written when it is much or when there is nothing more to say. Knows nothing of commands.
///
/// Once the client is lost nothing is read or written any more: output that is gathered then is
/// thrown away.
///
/// Memory: while it waits for the client no buffer is held. Lifetime: all parameters outlive it.
class channel {
public:
    channel(net::stream& peer, const session_config& config, const monotonic_clock& time);
    channel(const channel&) = delete;
    channel& operator=(const channel&) = delete;

    [[nodiscard]] net::deflate_stream& peer() noexcept { return peer_; }
    [[nodiscard]] const net::deflate_stream& peer() const noexcept { return peer_; }
    /// All times of a session are taken here.
    [[nodiscard]] steady_time now() const noexcept { return time_.now(); }

    /// What is to be written; append to it.
    [[nodiscard]] std::string& out() noexcept { return out_; }
    /// Writes all output. False: the client is lost.
    awaitable<bool> flush();
    /// Writes when there is much, so that the output stays bounded; where much is written others
    /// get their turn. False: the client is lost.
    awaitable<bool> make_room();

    [[nodiscard]] assembler& input() noexcept { return input_; }
    /// Waits for octets and feeds them to the assembler.
    awaitable<error_code> read_octets(std::size_t at_most, net::stream::duration limit);
    /// Gives back what is held of earlier input and output.
    void release_memory();

    /// The client is gone, or it is as if it were. The first reason counts.
    void lose(error_code why);
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }
    [[nodiscard]] error_code why_lost() const noexcept { return why_lost_; }

    /// Hands on the thread between two pieces of work: `if (is_turn_over()) co_await yield();`.
    [[nodiscard]] net::turn& turn() noexcept { return turn_; }

    /// When output was last written.
    [[nodiscard]] steady_time written_at() const noexcept { return written_at_; }
    [[nodiscard]] std::uint64_t octets_in() const noexcept { return octets_in_; }
    [[nodiscard]] std::uint64_t octets_out() const noexcept { return octets_out_; }

private:
    net::deflate_stream peer_;
    const session_config& config_;
    const monotonic_clock& time_;
    assembler input_;
    std::string out_;  // gathered, not written yet
    net::turn turn_;
    bool is_open_ = true;
    error_code why_lost_;
    steady_time written_at_{};
    std::uint64_t octets_in_ = 0;
    std::uint64_t octets_out_ = 0;
};

}  // namespace hauspost::imap
