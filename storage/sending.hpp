#pragma once

#include "base/ids.hpp"
#include "storage/mail_address.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// Values of what people send: how much of it there may be, and how much there was.
namespace hauspost::storage {

/// How much one account may send; 0: no limit. An hour is one of the clock (UTC), a day the 24 of
/// them that end with the one that goes on.
struct sending_limits {
    std::uint32_t messages_per_hour = 0;
    std::uint32_t messages_per_day = 0;
    std::uint32_t recipients_per_hour = 0;
    std::uint32_t recipients_per_day = 0;
    /// Addresses at other servers that the account has not written to before.
    std::uint32_t new_recipients_per_day = 0;
    friend bool operator==(const sending_limits&, const sending_limits&) = default;
};

enum class sending_limit : std::uint8_t {
    messages_per_hour,
    messages_per_day,
    recipients_per_hour,
    recipients_per_day,
    new_recipients_per_day,
};

/// A message that somebody who has logged in sends, as far as it counts.
struct submission {
    account_id account;                 // 0: nobody's, neither counted nor limited
    std::uint32_t recipients = 0;       // of its envelope, here and elsewhere
    std::vector<mail_address> outside;  // those at other servers, in canonical form, each once
    sending_limits limits;
};

/// What an account has sent within an hour.
struct sent_hour {
    std::int64_t begins_at = 0;  // Unix seconds
    std::uint32_t messages = 0;
    std::uint32_t recipients = 0;
    std::uint32_t new_recipients = 0;
    /// Of the new ones those of whom their servers know nothing; by the hour in which that was said.
    std::uint32_t unknown_recipients = 0;
    friend bool operator==(const sent_hour&, const sent_hour&) = default;
};

inline constexpr std::int64_t hour_seconds = 3600;
inline constexpr std::int64_t hours_of_a_day = 24;

enum class freeze_reason : std::uint8_t {
    by_operator = 0,
    unknown_recipients = 1,  // too many of those that it wrote to for the first time
};

/// An account that may not send, while it is frozen.
struct frozen_sender {
    std::int64_t since = 0;  // Unix seconds
    freeze_reason reason = freeze_reason::by_operator;
};

/// How an account sends.
struct sender_state {
    std::vector<sent_hour>
        hours;  // of the last day, in their order; those without anything are not
    std::uint32_t new_recipients = 0;  // of the addresses that were asked for
    std::optional<frozen_sender> frozen;
};

/// All of the hours together; begins_at is the first one's.
[[nodiscard]] sent_hour sum_of(const std::vector<sent_hour>& hours);

/// A limit that a message would go beyond.
struct reached_limit {
    sending_limit which{};
    std::uint32_t most = 0;
    std::int64_t opens_at =
        0;  // Unix seconds: the message fits then; 0: never, it alone is too much
    friend bool operator==(const reached_limit&, const reached_limit&) = default;
};

/// The limit that stands longest against a message; nullopt: it may be sent.
/// adding  the message's own figures
/// Pure
[[nodiscard]] std::optional<reached_limit> find_reached(const sending_limits& limits,
                                                        const std::vector<sent_hour>& hours,
                                                        const sent_hour& adding,
                                                        std::int64_t now);

}  // namespace hauspost::storage
