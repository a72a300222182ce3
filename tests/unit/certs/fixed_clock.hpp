#pragma once

#include "base/clock.hpp"

namespace hauspost::test {

/// A time of day that the test sets.
class fixed_clock final : public clock {
public:
    [[nodiscard]] wall_time now() const override { return at; }
    wall_time at = std::chrono::system_clock::now();
};

constexpr std::chrono::hours days(int count) {
    return std::chrono::hours(24) * count;
}

}  // namespace hauspost::test
