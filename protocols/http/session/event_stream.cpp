#include "protocols/http/event.hpp"
#include "protocols/http/session/connection.hpp"
#include "protocols/http/session/pending_event.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/core.h>

#include <chrono>
#include <utility>

namespace hauspost::http {
namespace {

using sessions::input;

// Whoever is sending has this long to go on with what is there already.
constexpr std::chrono::seconds look{1};

}  // namespace

/// Whatever ends the stream, it returns only when nobody uses the source any more.
awaitable<void> connection::send_events(std::shared_ptr<event_source> source, framing how) {
    const auto executor = co_await asio::this_coro::executor;
    pending_event events(*source, channel_.peer(), executor);
    auto work = push_all(events, how);
    const bool is_done = co_await loop_.guarded(std::move(work));
    source->stop();
    co_await events.settle();
    // RFC 9112 7.1: without the last chunk the client sees that something is missing.
    if (!is_done) {
        co_await channel_.flush();
        channel_.lose(asio::error::connection_aborted);
    }
    if (is_done && how == framing::chunked) channel_.out() += "0\r\n\r\n";
}

awaitable<void> connection::push_all(pending_event& events, framing how) {
    events.ask();
    auto silent_until = now() + config_->heartbeat;
    while (channel_.is_open() && !is_ending()) {
        if (events.has_come()) {
            const auto octets = events.take();
            if (octets.empty()) co_return;
            append_piece(octets, how);
            silent_until = now() + config_->heartbeat;
            events.ask();
            const bool goes_on = co_await loop_.make_room();
            if (!goes_on) co_return;
            continue;
        }
        const auto came = co_await channel_.wait(silent_until);
        if (came == input::octets) co_await read_ahead();
        if (came != input::timed_out) continue;
        append_piece(heartbeat, how);
        silent_until = now() + config_->heartbeat;
    }
}

/// Requests behind this one wait for its end; of them no more than one head is kept.
awaitable<void> connection::read_ahead() {
    if (buffered().size() >= config_->limits.head_octets)
        channel_.lose(asio::error::message_size);
    else
        co_await channel_.read_lines(reader_, now() + look);
}

void connection::append_piece(std::string_view octets, framing how) {
    auto& out = channel_.out();
    if (how == framing::chunked) out += fmt::format("{:x}\r\n", octets.size());
    out += octets;
    if (how == framing::chunked) out += "\r\n";
}

}  // namespace hauspost::http
