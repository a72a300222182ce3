#pragma once

#include "base/awaitable.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

namespace hauspost {

/// A coroutine that waits for another thread. The waiting one calls `suspend(s, start)`; whoever
/// does the work calls resume on the coroutine's executor, once.
///
/// Lifetime: the object lives in the waiting coroutine's frame, so it stays until resumed.
class suspension {
public:
    suspension() = default;
    suspension(const suspension&) = delete;
    suspension& operator=(const suspension&) = delete;

    /// Where the coroutine has to be resumed. Valid from the call of `start` on.
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept { return executor_; }

    /// Where the one who works learns that nobody waits for him any more: what is assigned here is
    /// called on the coroutine's thread, at most until it is resumed, which must follow all the same.
    /// Not connected when nothing can cancel the coroutine. For `start` alone.
    [[nodiscard]] asio::cancellation_slot cancellation() const {
        return asio::get_associated_cancellation_slot(*handler_);
    }

    /// Resumes right here. Thread: that of executor().
    void resume() {
        // Constructed, never assigned: the move assignment of any_completion_handler in Boost 1.81
        // calls itself for ever.
        auto handler = std::move(*handler_);
        handler_.reset();
        std::move(handler)();
    }

    /// Resumes on the coroutine's executor. Thread: any.
    void post() {
        auto task = [this] { resume(); };
        asio::post(executor_, task);
    }

private:
    template <class Start>
    friend awaitable<void> suspend(suspension& here, Start start);

    asio::any_io_executor executor_;
    std::optional<asio::any_completion_handler<void()>> handler_;
};

/// Suspends the calling coroutine, then calls start(), which hands `here` to the worker. start may
/// resume through post() at once.
template <class Start>
awaitable<void> suspend(suspension& here, Start start) {
    here.executor_ = co_await asio::this_coro::executor;
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        [&here, &start](auto handler) {
            here.handler_.emplace(std::move(handler));
            start();
        },
        asio::use_awaitable);
}

}  // namespace hauspost
