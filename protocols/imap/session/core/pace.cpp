#include "protocols/imap/session/core/pace.hpp"

#include "protocols/imap/session/core/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace hauspost::imap {

awaitable<std::optional<answer>> pace::may_go_on(std::uint64_t done, std::uint64_t goal) {
    if (session_.is_turn_over()) co_await session_.yield();
    if (!co_await session_.tell_progress(done, goal)) co_return replies::connection_lost();
    const auto took = std::chrono::steady_clock::now() - began_;
    if (too_long_.empty() || took <= session_.config_->search_timeout) co_return std::nullopt;
    co_return replies::no(code::limit, too_long_);
}

/// Whoever closes looks at first like one who only sends no more, and that one still wants his
/// answer. A line to him shows which it is, so he gets one out of turn.
awaitable<bool> connection::tell_progress(std::uint64_t done, std::uint64_t goal) {
    if (ending_ != ending::none) co_return false;  // serve() says why
    const auto now = std::chrono::steady_clock::now();
    bool asks = false;
    if (now - looked_at_ >= config_->look_interval) {
        looked_at_ = now;
        const auto seen = peer_.look();
        if (seen == net::presence::gone) lose(asio::error::connection_reset);
        asks = seen == net::presence::half_closed && !tag_.empty() &&
               !std::exchange(is_half_closed_, true);
    }
    const bool is_due = asks || now - progress_at_ >= config_->progress_interval;
    if (!is_due || !is_open_ || tag_.empty()) co_return is_open_;
    progress_at_ = now;
    std::string code = "INPROGRESS (\"" + tag_ + "\" ";
    if (goal == 0)
        code += "NIL NIL)";  // not known
    else
        code += std::to_string(std::min(done, goal)) + ' ' + std::to_string(goal) + ')';
    writer().untagged(status::ok, code, "Still at it");
    co_return co_await flush();
}

}  // namespace hauspost::imap
