#pragma once

#include "base/awaitable.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace hauspost::test {

/// How long one test may take before it counts as hung.
inline constexpr std::chrono::seconds hang_limit{60};

/// Runs handlers of `io` until done() is true. Throws std::runtime_error when that does not happen
/// within the limit, or when nothing is left that could make it happen.
template <class Done>
void run_until(asio::io_context& io, Done done, std::chrono::seconds limit = hang_limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    io.restart();
    while (!done()) {
        if (io.run_one_until(end) > 0) continue;
        throw std::runtime_error(std::chrono::steady_clock::now() < end
                                     ? "the test waits for something that cannot happen"
                                     : "the test hung");
    }
}

/// Runs a coroutine on `io` to its end and rethrows what it threw. Other coroutines that were
/// spawned on `io` before run beside it; they stay where they are when it ends.
inline void run(asio::io_context& io,
                awaitable<void> task,
                std::chrono::seconds limit = hang_limit) {
    std::optional<std::exception_ptr> outcome;
    asio::co_spawn(io, std::move(task), [&outcome](std::exception_ptr fault) { outcome = fault; });
    run_until(
        io, [&outcome] { return outcome.has_value(); }, limit);
    if (*outcome) std::rethrow_exception(*outcome);
}

/// The same on an io_context of its own, which is gone afterwards with all that waited on it. Not
/// for coroutines that another thread resumes (pools, the store's writer): that thread may still be
/// inside of its post() then. Declare an io_context before the threads for these.
inline void run(awaitable<void> task, std::chrono::seconds limit = hang_limit) {
    asio::io_context io(1);
    run(io, std::move(task), limit);
}

}  // namespace hauspost::test
