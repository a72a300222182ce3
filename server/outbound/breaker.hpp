#pragma once

#include "base/awaitable.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <optional>
#include <utility>

namespace hauspost::outbound {

/// Runs steps of one coroutine that only wait (for the DNS, for a connection), so that they can be broken
/// off where they wait: nothing is lost by that, and a server that stops has no time for it.
///
/// Lifetime: must outlive the steps. Thread: one. One step at a time.
class breaker {
public:
    /// nullopt: it was broken off, or not begun because of that.
    /// Throws  what the step throws
    template <class Result>
    awaitable<std::optional<Result>> run(awaitable<Result> step) {
        if (is_broken_) co_return std::nullopt;
        const auto executor = co_await asio::this_coro::executor;
        auto token = asio::bind_cancellation_slot(signal_.slot(), asio::use_awaitable);
        auto running = asio::co_spawn(executor, std::move(step), std::move(token));
        std::optional<Result> made;
        try {
            made = co_await std::move(running);
        } catch (const boost::system::system_error&) {
            if (!is_broken_) throw;
        }
        if (is_broken_) made.reset();  // what it says of others may come of that
        co_return made;
    }

    /// What runs, and all that would.
    void break_off() {
        is_broken_ = true;
        signal_.emit(asio::cancellation_type::terminal);
    }

private:
    asio::cancellation_signal signal_;
    bool is_broken_ = false;
};

}  // namespace hauspost::outbound
