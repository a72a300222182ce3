#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"

namespace hauspost {

/// Time that only goes forward, for limits and pauses, as an object, so that tests own it. Thread:
/// any.
class monotonic_clock {
public:
    virtual ~monotonic_clock() = default;
    [[nodiscard]] virtual steady_time now() const noexcept = 0;
    /// Resumes the caller after so long, on its executor; at once for nothing and less.
    virtual awaitable<void> pause(steady_time::duration length) const = 0;
};

class system_monotonic_clock final : public monotonic_clock {
public:
    [[nodiscard]] steady_time now() const noexcept override {
        return std::chrono::steady_clock::now();
    }
    awaitable<void> pause(steady_time::duration length) const override;
};

}  // namespace hauspost
