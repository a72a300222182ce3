#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hauspost {

/// How many lines one connection may have written to the log: a peer that is refused as fast as it
/// can ask must not fill the disk. Lines that stand for work that was done and kept (a message) and
/// the two ends of a connection are always written, and so is everything without a connection.
/// Thread: one at a time.
class log_rate {
public:
    static constexpr std::int64_t burst = 100;                // lines at once
    static constexpr std::chrono::milliseconds refill{1000};  // one line more after each

    struct verdict {
        bool is_written = true;
        std::uint64_t connection = 0;  // whose lines were left out before this one
        std::uint64_t left_out = 0;    // how many; a line should say so first
    };

    log_rate();
    /// fact: the line as it is logged, "word cid=N ...".
    verdict admit(std::string_view fact, steady_time now);

private:
    /// Connections whose numbers are equal modulo the number of slots share a rate; so memory is
    /// bounded, and nobody gets more by having many.
    struct slot {
        steady_time owed_until;        // each line moves it on by `refill`
        std::uint64_t connection = 0;  // the last one whose line was left out
        std::uint64_t left_out = 0;
    };
    std::vector<slot> slots_;
};

}  // namespace hauspost
