#pragma once

#include <chrono>
#include <cstdint>

namespace hauspost::outbound {

/// How often a message is tried again, and how long. RFC 5321 4.5.4.1
struct retry_settings {
    std::chrono::seconds first{5 * 60};           // after the first attempt
    std::chrono::seconds longest{4 * 60 * 60};    // each pause is twice the one before, up to this
    std::chrono::seconds give_up{5 * 24 * 3600};  // after so long the message goes back
    std::chrono::seconds delay_notice{4 * 3600};  // then the sender hears that it takes longer
};

// Times are Unix seconds. Pure.

/// When a message is tried again that could not be delivered at `now`.
/// attempts  that were made, this one too; at least 1
[[nodiscard]] std::int64_t next_attempt(const retry_settings& settings,
                                        unsigned attempts,
                                        std::int64_t now) noexcept;

/// Nothing more is tried: the next attempt would be later than give_up allows.
[[nodiscard]] bool is_time_over(const retry_settings& settings,
                                std::int64_t created_at,
                                std::int64_t next) noexcept;

/// The sender is to be told that it takes longer.
[[nodiscard]] bool is_late(const retry_settings& settings,
                           std::int64_t created_at,
                           std::int64_t now) noexcept;

}  // namespace hauspost::outbound
