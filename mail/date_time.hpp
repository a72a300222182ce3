#pragma once

#include <compare>
#include <cstdint>

namespace hauspost::mail {

/// A moment, and the zone in which somebody wrote it: of Date (RFC 5322 3.3), INTERNALDATE
/// (RFC 9051 2.3.3).
struct date_time {
    std::int64_t unix_seconds = 0;
    std::int16_t zone_minutes = 0;  // east of UTC
    friend auto operator<=>(const date_time&, const date_time&) = default;
};

}  // namespace hauspost::mail
