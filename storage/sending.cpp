#include "storage/sending.hpp"

#include <algorithm>

namespace hauspost::storage {
namespace {

using figure = std::uint32_t sent_hour::*;

std::int64_t hour_of(std::int64_t now) {
    return now - now % hour_seconds;
}

/// When so much more fits into a limit; `now`: at once, 0: never.
/// span  hours that count, the one that goes on included
std::int64_t opens_at(const std::vector<sent_hour>& hours,
                      figure counted,
                      std::uint64_t adding,
                      std::uint64_t most,
                      std::int64_t span,
                      std::int64_t now) {
    if (adding == 0) return now;
    if (adding > most) return 0;
    const auto first = hour_of(now) - (span - 1) * hour_seconds;
    std::uint64_t sum = adding;
    for (const auto& hour : hours)
        if (hour.begins_at >= first) sum += hour.*counted;
    if (sum <= most) return now;
    for (const auto& hour : hours) {
        if (hour.begins_at < first) continue;
        sum -= hour.*counted;
        if (sum <= most) return hour.begins_at + span * hour_seconds;
    }
    return 0;
}

}  // namespace

sent_hour sum_of(const std::vector<sent_hour>& hours) {
    sent_hour sum;
    if (!hours.empty()) sum.begins_at = hours.front().begins_at;
    for (const auto& hour : hours) {
        sum.messages += hour.messages;
        sum.recipients += hour.recipients;
        sum.new_recipients += hour.new_recipients;
        sum.unknown_recipients += hour.unknown_recipients;
    }
    return sum;
}

std::optional<reached_limit> find_reached(const sending_limits& limits,
                                          const std::vector<sent_hour>& hours,
                                          const sent_hour& adding,
                                          std::int64_t now) {
    std::optional<reached_limit> longest;
    const auto look = [&](sending_limit which, std::uint32_t most, figure counted,
                          std::int64_t span) {
        if (most == 0) return;
        const auto at = opens_at(hours, counted, adding.*counted, most, span, now);
        if (at == now) return;
        const bool is_longer =
            !longest || (longest->opens_at != 0 && (at == 0 || at > longest->opens_at));
        if (is_longer) longest = reached_limit{which, most, at};
    };
    using enum sending_limit;
    constexpr auto day = hours_of_a_day;
    look(messages_per_hour, limits.messages_per_hour, &sent_hour::messages, 1);
    look(recipients_per_hour, limits.recipients_per_hour, &sent_hour::recipients, 1);
    look(messages_per_day, limits.messages_per_day, &sent_hour::messages, day);
    look(recipients_per_day, limits.recipients_per_day, &sent_hour::recipients, day);
    look(new_recipients_per_day, limits.new_recipients_per_day, &sent_hour::new_recipients, day);
    return longest;
}

}  // namespace hauspost::storage
