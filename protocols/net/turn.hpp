#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace hauspost::net {

/// Who shares turns on a thread: all sessions of one account, or, before anybody has logged in, all
/// of one address.
using lane = std::uint64_t;

[[nodiscard]] lane lane_of(account_id account) noexcept;
[[nodiscard]] lane lane_of(std::string_view address) noexcept;

/// A session's turn on its thread, which many others share: who has had it for a while hands it on,
/// whatever was done with it, one long command or many short ones in a pipeline.
///
/// Sessions of one lane hand it to each other: of all that wait for their next turn one goes on,
/// and then everybody else on the thread comes first. So an account with 48 sessions that work
/// takes as much of a thread as one with a single session, and what others wait for is one turn for
/// each account that works.
///
/// Calling sequence: between two pieces of work `if (turn.is_over()) co_await turn.yield();`. After
/// a longer wait a turn is over at once: work begins in the lane.
///
/// Memory: nothing but this object while nobody waits for a turn.
class turn {
public:
    using duration = std::chrono::steady_clock::duration;

    explicit turn(lane mine = 0, duration length = default_length) noexcept
        : lane_(mine), length_(length) {}

    /// 0: none; then all come in the order in which they yield.
    void change_lane(lane mine) noexcept { lane_ = mine; }

    [[nodiscard]] bool is_over() const noexcept;
    /// The other sessions of the thread run; then a new turn begins.
    awaitable<void> yield();

    /// Somebody else's command waits for one turn of each account that works, some three times:
    /// when it comes, when it begins, when its commit is done.
    static constexpr std::chrono::milliseconds default_length{2};

private:
    lane lane_;
    duration length_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Waits for so long; for nothing and less not at all.
awaitable<void> pause(std::chrono::milliseconds time);

}  // namespace hauspost::net
