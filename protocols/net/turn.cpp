#include "protocols/net/turn.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hauspost::net {
namespace {

constexpr std::chrono::milliseconds length{5};  // reliability.md 1.3: yield within 10 ms

}  // namespace

bool turn::is_over() const noexcept {
    return std::chrono::steady_clock::now() - began_ >= length;
}

awaitable<void> turn::yield() {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    began_ = std::chrono::steady_clock::now();
}

awaitable<void> pause(std::chrono::milliseconds time) {
    if (time.count() <= 0) co_return;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, time);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace hauspost::net
