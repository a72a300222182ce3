#include "protocols/http/session/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <chrono>

namespace hauspost::http {
namespace {

using sessions::input;

constexpr std::size_t body_octets_at_once = 16 * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

/// Waits for a request, or for the rest of its head; all output is written before. While it waits
/// for a request no buffer is held.
awaitable<void> connection::wait_for_octets() {
    const bool is_written = co_await channel_.flush();
    if (!is_written || is_ending()) co_return;
    const bool is_idle = !parser_ && requests_ > 0;
    auto limit = is_idle ? config_->idle_timeout : config_->head_timeout;
    if (config_->is_stressed()) limit = std::min(limit, config_->stressed_timeout);
    const auto until = (is_idle ? channel_.moved_at() : began_) + limit;
    const auto came = co_await channel_.read_lines(reader_, until);
    if (came != input::timed_out) co_return;
    // RFC 9110 15.5.9. Who has not begun with a request waits for no answer.
    if (parser_) co_return refuse({408, "head_timeout"});
    channel_.lose(asio::error::timed_out);
}

awaitable<bool> connection::read_body(std::size_t most, std::string& body) {
    const auto began = now();
    bool is_awaited = parser_->head().expects_continue;
    for (;;) {
        const auto got = parser_->read_body(buffered(), most, body);
        reader_.consume(got.used);
        if (got.status == parse_status::done) co_return true;
        if (got.status == parse_status::refused) {
            refuse(parser_->why());
            co_return false;
        }
        // RFC 9110 10.1.1: not to who has begun without it.
        if (is_awaited && body.empty() && buffered().empty()) channel_.out() += go_on;
        is_awaited = false;
        const auto earned = std::chrono::milliseconds(body.size() * 1000 / config_->min_body_rate);
        const auto until = began + config_->body_grace + earned;
        const auto came = co_await channel_.read(reader_, body_octets_at_once, until);
        if (came == input::timed_out) {
            refuse({408, "body_timeout"});
            co_return false;
        }
        if (came == input::lost || is_ending()) co_return false;
    }
}

/// Until the client has seen why it was refused and closes, or enough has come.
awaitable<void> connection::drop_the_rest() {
    const auto until = now() + config_->linger;
    std::size_t dropped = buffered().size();
    while (dropped < config_->linger_octets && !is_ending()) {
        reader_.clear();
        const auto came = co_await channel_.read(reader_, body_octets_at_once, until);
        if (came != input::octets) co_return;
        dropped += buffered().size();
    }
}

}  // namespace hauspost::http
