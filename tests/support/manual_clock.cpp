#include "tests/support/manual_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace hauspost::test {

manual_clock::alarm::alarm(const manual_clock& time, steady_time at, asio::steady_timer& timer)
    : time_(time), at_(at), timer_(timer) {
    time_.alarms_.push_back(this);
}

manual_clock::alarm::~alarm() {
    std::erase(time_.alarms_, this);
}

awaitable<void> manual_clock::pause(steady_time::duration length) const {
    const auto until = now_ + length;
    while (now_ < until) {
        const auto executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor, steady_time::max());
        const alarm at(*this, until, timer);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

steady_time::duration manual_clock::until_next() const noexcept {
    auto next = steady_time::max();
    for (const auto* one : alarms_)
        next = std::min(next, one->at_);
    return next == steady_time::max() || next <= now_ ? steady_time::duration::zero() : next - now_;
}

void manual_clock::advance(steady_time::duration length) {
    now_ += length;
    move_wall(std::chrono::duration_cast<wall_time::duration>(length));
    for (auto* one : alarms_)
        if (one->at_ <= now_) one->timer_.cancel();
}

}  // namespace hauspost::test
