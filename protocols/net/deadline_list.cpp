#include "protocols/net/deadline_list.hpp"

#include <algorithm>
#include <bit>
#include <chrono>

namespace hauspost::net {
namespace {

using std::chrono::milliseconds;

/// Limits are kept with this many leading binary digits: at most 1/32 is added.
constexpr int kept_digits = 6;
constexpr milliseconds longest = std::chrono::hours(24 * 365);

std::uint64_t rounded_up(deadline_list::duration limit) {
    const auto whole = std::chrono::ceil<milliseconds>(
        std::clamp<deadline_list::duration>(limit, milliseconds(1), longest));
    const auto ms = static_cast<std::uint64_t>(whole.count());
    const int dropped = std::max(0, static_cast<int>(std::bit_width(ms)) - kept_digits);
    const auto unit = std::uint64_t{1} << dropped;
    return (ms + unit - 1) / unit * unit;
}

}  // namespace

void deadline_list::link::unlink() noexcept {
    previous->next = next;
    next->previous = previous;
    previous = next = nullptr;
}

void deadline_list::node::disarm() noexcept {
    if (is_armed()) unlink();
}

deadline_list::deadline_list(asio::io_context& io) : timer_(io) {}

void deadline_list::arm(node& waiting, duration limit) {
    waiting.disarm();
    const auto ms = rounded_up(limit);
    waiting.at_ = std::chrono::steady_clock::now() + milliseconds(ms);
    auto& ends = queues_[ms].ends;
    waiting.previous = ends.previous;
    waiting.next = &ends;
    ends.previous->next = &waiting;
    ends.previous = &waiting;
    if (waiting.at_ < timer_at_) set_timer(waiting.at_);
}

void deadline_list::set_timer(steady_time at) {
    if (!timer_) return;
    timer_at_ = at;
    timer_->expires_at(at);
    timer_->async_wait([this](error_code ec) {
        if (!ec) expire();  // an error: set anew, or this list is gone
    });
}

void deadline_list::expire() {
    const auto now = std::chrono::steady_clock::now();
    timer_at_ = steady_time::max();
    auto next = steady_time::max();
    for (auto& [ms, waiting] : queues_) {
        while (!waiting.is_empty() && waiting.first().at_ <= now) {
            node& due = waiting.first();
            due.disarm();
            due.on_deadline();
        }
        if (!waiting.is_empty()) next = std::min(next, waiting.first().at_);
    }
    if (next < timer_at_) set_timer(next);
}

}  // namespace hauspost::net
