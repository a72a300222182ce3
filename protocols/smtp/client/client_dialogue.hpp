#pragma once

#include "base/awaitable.hpp"
#include "base/monotonic_clock.hpp"
#include "base/result.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/smtp/client/client_settings.hpp"
#include "protocols/smtp/reply_parser.hpp"
#include "protocols/wire/line_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace hauspost::smtp {

/// What makes a dialogue worthless although the connection stands.
enum class dialogue_errc {
    bad_syntax = 1,  // reply_fault
    mixed_codes,
    line_too_long,
    reply_too_long,
    unasked_reply,      // octets that no command has asked for
    octets_before_tls,  // in the clear, behind the reply to STARTTLS
};
const boost::system::error_category& dialogue_category() noexcept;
error_code make_error_code(dialogue_errc code) noexcept;

/// Commands and replies of a connection to a server: how many replies are owed, that none comes
/// unasked, and how long each may take.
///
/// Calling sequence: commands are appended to out(), each with asks(); then reply() once for each of
/// them. The greeting is owed from the beginning. Octets of a message go to out() as well, without
/// asks(), and are written by flush().
///
/// Once is_over() nothing more is to be said: the connection is lost, the server has said 421
/// (RFC 5321 3.8), or what it says makes no sense. Every call then returns at once.
///
/// Lifetime: server, time and settings must outlive it. Thread: the stream's.
class client_dialogue {
public:
    client_dialogue(net::stream& server,
                    const monotonic_clock& time,
                    const client_settings& settings);

    [[nodiscard]] std::string& out() noexcept { return channel_.out(); }
    /// A command that gets a reply has been appended to out().
    void asks() noexcept { ++unsaid_; }
    [[nodiscard]] bool is_full() const noexcept { return channel_.is_full(); }

    /// Writes all output. An error: the dialogue is over, and why_over() may tell more.
    awaitable<error_code> flush();

    /// Writes all output, then waits for the next reply that is owed. When the connection was lost
    /// meanwhile, a refusal that the server said before counts as the reply.
    /// limit    for the whole reply
    /// Refuses  timed_out, errors of the stream, dialogue_errc
    awaitable<result<remote_reply>> reply(net::stream::duration limit);

    /// After the reply to STARTTLS.
    /// Refuses  octets_before_tls, errors of net::stream::start_tls
    awaitable<error_code> start_tls(net::stream::duration limit);

    /// Nothing more is to be said for a reason of ours, not even QUIT.
    void give_up(error_code why) noexcept { fail(why); }

    /// The last moment of all that follows.
    void end_at(steady_time last) noexcept;
    /// The same, later.
    void extend(net::stream::duration by) noexcept { end_at(end_ + by); }
    [[nodiscard]] steady_time now() const noexcept { return channel_.time().now(); }

    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    /// Once it is over: the server's own words (421, or a refusal before it was lost), or the error.
    [[nodiscard]] result<remote_reply> why_over() const;
    [[nodiscard]] net::stream& server() noexcept { return channel_.peer(); }

private:
    error_code fail(error_code why) noexcept;
    std::optional<result<remote_reply>> parse();
    awaitable<void> hear_last_words();
    [[nodiscard]] bool has_input() const noexcept {
        return !reader_.is_empty() || parser_.is_inside();
    }

    sessions::channel channel_;
    wire::line_reader reader_;  // a buffer: replies are parsed by parser_
    reply_parser parser_;
    std::size_t unsaid_ = 0;  // commands in out()
    std::size_t owed_ = 1;    // replies to what has been written; the greeting
    steady_time end_ = steady_time::max();
    bool is_over_ = false;
    error_code why_over_;
    remote_reply last_words_;
};

}  // namespace hauspost::smtp

template <>
struct boost::system::is_error_code_enum<hauspost::smtp::dialogue_errc> : std::true_type {};
