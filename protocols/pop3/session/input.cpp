#include "protocols/pop3/session/input.hpp"

#include <boost/asio/error.hpp>

#include <chrono>
#include <string_view>

namespace hauspost::pop3 {
namespace {

using sessions::ending;
using sessions::input;

// Long enough for the kernel to tell that a peer has closed.
constexpr std::chrono::milliseconds look{1};

steady_time input_until(const context& session) noexcept {
    return session.is_logged_in() ? session.channel.moved_at() + session.config->idle_timeout
                                  : session.state.login_until;
}

/// A newcomer wants the maildrop: is our peer still there?
awaitable<void> look_for_peer(context& session) {
    session.state.is_wanted = false;
    const auto found = co_await session.channel.wait(session.now() + look);
    if (found != input::lost) session.state.lock.keep();
}

}  // namespace

awaitable<void> wait_for_octets(context& session) {
    auto& channel = session.channel;
    session.piece.release();
    const bool is_written = co_await channel.flush();
    if (!is_written || session.loop.wanted_end() != ending::none) co_return;
    const auto came = co_await channel.read_lines(session.reader, input_until(session));
    if (came == input::woken && session.state.is_wanted) co_await look_for_peer(session);
    // RFC 1939 3: the end of an idle connection is not said.
    if (came == input::timed_out) channel.lose(asio::error::timed_out);
}

awaitable<std::optional<std::string>> read_response(context& session) {
    auto& reader = session.reader;
    reader.set_max_octets(max_response_octets);
    std::optional<std::string> found;
    auto status = wire::line_status::need_more;
    while (status == wire::line_status::need_more && !session.loop.is_over() &&
           session.loop.wanted_end() == ending::none) {
        std::string_view line;
        status = reader.next(line);
        if (status == wire::line_status::complete) found = line;
        if (status == wire::line_status::need_more) co_await wait_for_octets(session);
    }
    reader.set_max_octets(session.config->limits.line_octets);
    if (status == wire::line_status::too_long) session.bad(replies::line_too_long);
    if (status == wire::line_status::bare_newline) session.bad(replies::bare_newline);
    co_return found;
}

/// Who only sends no more gets his answer: POP3 has no line by which it would show who has closed.
awaitable<bool> may_go_on(context& session) {
    auto& channel = session.channel;
    auto& turn = session.loop.turn();
    if (turn.is_over()) co_await turn.yield();
    const auto now = session.now();
    if (now - session.state.looked_at >= session.config->look_interval) {
        session.state.looked_at = now;
        if (channel.peer().look() == net::presence::gone)
            channel.lose(asio::error::connection_reset);
    }
    co_return channel.is_open() && session.loop.wanted_end() == ending::none;
}

}  // namespace hauspost::pop3
