#include "base/monotonic_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hauspost {

awaitable<void> system_monotonic_clock::pause(steady_time::duration length) const {
    if (length <= steady_time::duration::zero()) co_return;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, length);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace hauspost
