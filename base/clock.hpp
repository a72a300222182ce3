#pragma once

#include <chrono>

namespace hauspost {

using wall_time = std::chrono::system_clock::time_point;
using steady_time = std::chrono::steady_clock::time_point;

/// The time of day, as an object, so that tests own it. Thread: any.
class clock {
public:
    virtual ~clock() = default;
    [[nodiscard]] virtual wall_time now() const = 0;
};

class system_clock final : public clock {
public:
    [[nodiscard]] wall_time now() const override { return std::chrono::system_clock::now(); }
};

}  // namespace hauspost
