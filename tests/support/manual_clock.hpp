#pragma once

#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <vector>

namespace hauspost::test {

/// Time that stands until the test moves it, of limits and of day: limits of hours pass in no time,
/// and what waits for less than has passed goes on waiting.
///
///     manual_clock time;
///     peer.use(time);                        // a memory_stream's limits go by it as well
///     ...
///     time.advance(std::chrono::minutes(5));
///
/// Lifetime: must outlive what waits. Thread: one, as all of a test; the time of day may be read by
/// any.
class manual_clock final : public monotonic_clock {
public:
    /// today  the time of day at first; 2026-01-02 03:04:05 UTC
    explicit manual_clock(wall_time today = wall_time(std::chrono::seconds(1'767'323'045)))
        : wall_(today) {}

    /// An expiry of something that waits by a timer of its own. While this lives the timer is
    /// cancelled when the time has come.
    class alarm {
    public:
        alarm(const manual_clock& time, steady_time at, boost::asio::steady_timer& timer);
        ~alarm();
        alarm(const alarm&) = delete;
        alarm& operator=(const alarm&) = delete;

    private:
        friend class manual_clock;
        const manual_clock& time_;
        steady_time at_;
        boost::asio::steady_timer& timer_;
    };

    [[nodiscard]] steady_time now() const noexcept override { return now_; }
    awaitable<void> pause(steady_time::duration length) const override;
    /// The time of day.
    [[nodiscard]] const clock& wall() const noexcept { return wall_; }

    /// Whoever waited for no longer than this goes on; in the next run of the io_context.
    void advance(steady_time::duration length);
    /// As somebody sets the clock, forward or back: no limit is nearer for it.
    void set_wall(wall_time now) noexcept { wall_.at = now; }
    void move_wall(wall_time::duration by) noexcept { wall_.at = wall_.now() + by; }
    /// How long the next of those who wait still has to; 0: nobody waits, or one goes on already.
    [[nodiscard]] steady_time::duration until_next() const noexcept;

private:
    struct time_of_day final : clock {
        explicit time_of_day(wall_time now) : at(now) {}
        [[nodiscard]] wall_time now() const override { return at; }
        std::atomic<wall_time> at;
    };

    steady_time now_ = steady_time(std::chrono::hours(1));
    time_of_day wall_;
    mutable std::vector<alarm*> alarms_;
};

}  // namespace hauspost::test
