#include "protocols/sessions/session_loop.hpp"

#include <boost/asio/error.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace hauspost::sessions {

awaitable<void> session_loop::run(session_steps& steps) {
    const auto began = channel_.time().now();
    const auto& peer = channel_.peer().peer();
    log_.info("start", "peer={} port={} tls={}", peer.address, peer.local_port,
              channel_.peer().is_encrypted());
    auto work = serve(steps);
    const bool is_done = co_await guarded(std::move(work));
    if (!is_done) reason_ = "fault";
    auto rest = steps.leave();
    co_await guarded(std::move(rest));
    channel_.peer().close();
    log_end(steps, began);
}

awaitable<void> session_loop::serve(session_steps& steps) {
    auto greeting = steps.greet();
    co_await std::move(greeting);
    while (!is_over()) {
        if (ending_ != ending::none) {
            steps.say_end(ending_);
            break;
        }
        auto next = steps.step();
        co_await std::move(next);
        const bool goes_on = co_await make_room();
        if (!goes_on) break;
    }
    co_await channel_.flush();
}

void session_loop::request_end(ending why) noexcept {
    if (ending_ == ending::none || why == ending::shutdown) ending_ = why;
    channel_.peer().wake();
}

void session_loop::close(std::string_view reason) noexcept {
    if (is_closing_) return;
    reason_ = reason;
    is_closing_ = true;
}

awaitable<bool> session_loop::make_room() {
    if (turn_.is_over()) co_await turn_.yield();
    if (channel_.is_open() && !channel_.is_full()) co_return true;
    co_return co_await channel_.flush();
}

awaitable<bool> session_loop::guarded(awaitable<void> work) {
    try {
        co_await std::move(work);
        co_return true;
    } catch (const std::exception& fault) {  // ours: a peer's octets throw nothing
        log_.fault(fault);
    }
    co_return false;
}

awaitable<bool> session_loop::start_tls(net::stream::duration limit) {
    const bool is_written = co_await channel_.flush();
    if (!is_written) co_return false;
    const auto failed = co_await channel_.peer().start_tls(limit);
    if (!failed) co_return true;
    channel_.lose(failed);
    close("tls_failed");
    co_return false;
}

std::string_view session_loop::reason() const noexcept {
    if (!reason_.empty()) return reason_;
    if (ending_ == ending::taken_over) return "taken_over";  // a write ends only by closing
    const auto why = channel_.why_lost();
    if (why == asio::error::eof) return "eof";
    return why == asio::error::timed_out ? "timeout" : "lost";
}

void session_loop::log_end(const session_steps& steps, steady_time began) const {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(channel_.time().now() - began);
    const auto facts = steps.end_facts();
    log_.info("end", "reason={}{}{} in={} out={} took_ms={}", reason(), facts.empty() ? "" : " ",
              facts, channel_.octets_in(), channel_.octets_out(), took.count());
}

}  // namespace hauspost::sessions
