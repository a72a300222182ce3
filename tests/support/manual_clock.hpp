#pragma once

#include "base/monotonic_clock.hpp"

#include <boost/asio/steady_timer.hpp>

#include <vector>

namespace hauspost::test {

/// Time that stands until the test moves it: limits of hours pass in no time, and what waits for
/// less than has passed goes on waiting.
///
///     manual_clock time;
///     peer.use(time);                        // a memory_stream's limits go by it as well
///     ...
///     time.advance(std::chrono::minutes(5));
///
/// Lifetime: must outlive what waits. Thread: one, as all of a test.
class manual_clock final : public monotonic_clock {
public:
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

    /// Whoever waited for no longer than this goes on; in the next run of the io_context.
    void advance(steady_time::duration length);
    /// How long the next of those who wait still has to; 0: nobody waits, or one goes on already.
    [[nodiscard]] steady_time::duration until_next() const noexcept;

private:
    steady_time now_ = steady_time(std::chrono::hours(1));
    mutable std::vector<alarm*> alarms_;
};

}  // namespace hauspost::test
