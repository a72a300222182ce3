#include "protocols/net/turn.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <deque>
#include <functional>
#include <unordered_map>
#include <utility>

namespace hauspost::net {
namespace {

/// Those who wait for their next turn on one thread, by lane. One of each lane stands in the
/// io_context's own queue, between everything else that the thread has to do.
///
/// A service of the io_context, so that waiting coroutines end with it. Thread: the io_context's.
class lanes final : public asio::execution_context::service {
public:
    inline static asio::execution_context::id id;

    explicit lanes(asio::execution_context& context) : service(context) {}

    void wait(lane mine,
              const asio::any_io_executor& executor,
              asio::any_completion_handler<void()> next) {
        auto& waiting = waiting_[mine];
        waiting.push_back(std::move(next));
        if (waiting.size() == 1) post(mine, executor);
    }

private:
    void shutdown() override { waiting_.clear(); }

    void post(lane mine, const asio::any_io_executor& executor) {
        auto task = [this, mine, executor] { run_one(mine, executor); };
        asio::post(executor, std::move(task));
    }

    void run_one(lane mine, const asio::any_io_executor& executor) {
        const auto at = waiting_.find(mine);
        // Constructed, never assigned: see base/suspension.hpp.
        auto next = std::move(at->second.front());
        at->second.pop_front();
        // Before the work: whatever it does, the lane goes on.
        if (at->second.empty())
            waiting_.erase(at);
        else
            post(mine, executor);
        std::move(next)();
    }

    std::unordered_map<lane, std::deque<asio::any_completion_handler<void()>>> waiting_;
};

constexpr lane is_address = lane{1} << 63;

}  // namespace

lane lane_of(account_id account) noexcept {
    return account.value();
}

lane lane_of(std::string_view address) noexcept {
    return std::hash<std::string_view>{}(address) | is_address;
}

bool turn::is_over() const noexcept {
    return std::chrono::steady_clock::now() - began_ >= length_;
}

awaitable<void> turn::yield() {
    const auto executor = co_await asio::this_coro::executor;
    if (lane_ == 0) {
        co_await asio::post(executor, asio::use_awaitable);
    } else {
        auto& all = asio::use_service<lanes>(asio::query(executor, asio::execution::context));
        const auto mine = lane_;
        const auto wait = [&all, &executor, mine](auto next) {
            all.wait(mine, executor, std::move(next));
        };
        co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(wait,
                                                                              asio::use_awaitable);
    }
    began_ = std::chrono::steady_clock::now();
}

awaitable<void> pause(std::chrono::milliseconds time) {
    if (time.count() <= 0) co_return;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, time);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace hauspost::net
