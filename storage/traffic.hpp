#pragma once

#include "storage/trace_event.hpp"

#include <cstdint>

namespace hauspost::storage {

/// What passed within some time, in numbers: for charts, and for whoever asks whether mail flows.
struct traffic {
    std::uint64_t received = 0;   // messages of other servers
    std::uint64_t submitted = 0;  // messages of people
    std::uint64_t refused = 0;    // recipients of other servers, at the door
    std::uint64_t delivered = 0;  // recipients that another server has taken
    std::uint64_t failed = 0;     // recipients that were given up
    std::uint64_t sign_ins = 0;
    std::uint64_t wrong_passwords = 0;

    /// Adds what a step of the trace says.
    void count(const trace_event& event) noexcept;

    traffic& operator+=(const traffic& other) noexcept;
    traffic& operator-=(const traffic& other) noexcept;
    friend bool operator==(const traffic&, const traffic&) = default;
};

/// Of one hour that had any.
struct hourly_traffic {
    std::int64_t begins_at = 0;  // Unix seconds, of an hour in UTC
    traffic passed;
};

}  // namespace hauspost::storage
