#pragma once

#include "base/awaitable.hpp"

#include <chrono>

namespace hauspost::net {

/// A session's turn on its thread, which many others share: who has had it for 5 ms hands it on,
/// whatever was done with it, one long command or many short ones in a pipeline.
///
/// Calling sequence: between two pieces of work `if (turn.is_over()) co_await turn.yield();`
class turn {
public:
    [[nodiscard]] bool is_over() const noexcept;
    /// The other sessions of the thread run; then a new turn begins.
    awaitable<void> yield();

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Waits for so long; for nothing and less not at all.
awaitable<void> pause(std::chrono::milliseconds time);

}  // namespace hauspost::net
