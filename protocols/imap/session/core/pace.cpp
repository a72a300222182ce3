#include "protocols/imap/session/core/pace.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace hauspost::imap {

awaitable<or_answer<>> pace::may_go_on(std::uint64_t done, std::uint64_t goal) {
    if (session_.is_turn_over()) co_await session_.yield();
    if (!co_await tell_progress(done, goal)) co_return replies::connection_lost();
    const auto took = session_.now() - began_;
    if (too_long_.empty() || took <= session_.config->search_timeout) co_return go_on;
    co_return replies::no(code::limit, too_long_);
}

/// Whoever closes looks at first like one who only sends no more, and that one still wants his
/// answer. A line to him shows which it is, so he gets one out of turn. False: nobody waits for the
/// answer, as the client is gone or the session is to end.
awaitable<bool> pace::tell_progress(std::uint64_t done, std::uint64_t goal) {
    auto& state = session_.state;
    if (state.ending != ending::none) co_return false;  // the loop says why
    const auto now = session_.now();
    bool asks = false;
    if (now - state.looked_at >= session_.config->look_interval) {
        state.looked_at = now;
        const auto seen = session_.wire.peer().look();
        if (seen == net::presence::gone) session_.wire.lose(asio::error::connection_reset);
        asks = seen == net::presence::half_closed && !state.tag.empty() &&
               !std::exchange(state.is_half_closed, true);
    }
    const auto heard_at = std::max(state.heard_at, session_.wire.written_at());
    const bool is_due = asks || now - heard_at >= session_.config->progress_interval;
    if (!is_due || !session_.is_open() || state.tag.empty()) co_return session_.is_open();
    state.heard_at = now;
    std::string code = "INPROGRESS (\"" + state.tag + "\" ";
    if (goal == 0)
        code += "NIL NIL)";  // not known
    else
        code += std::to_string(std::min(done, goal)) + ' ' + std::to_string(goal) + ')';
    session_.writer().untagged(status::ok, code, "Still at it");
    co_return co_await session_.flush();
}

}  // namespace hauspost::imap
