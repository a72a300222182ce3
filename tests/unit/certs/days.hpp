#pragma once

#include "tests/support/manual_clock.hpp"

#include <chrono>

namespace hauspost::test {

/// The real time of day, which OpenSSL goes by as well.
inline wall_time today() {
    return std::chrono::system_clock::now();
}

constexpr std::chrono::hours days(int count) {
    return std::chrono::hours(24) * count;
}

}  // namespace hauspost::test
