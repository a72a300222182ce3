#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::smtp {

// Times of FUTURERELEASE (RFC 4865), as Unix seconds. Pure.

/// date-time of RFC 3339 5.6, as "2026-11-29T18:00:00Z" or with a zone, "2026-11-29T19:00:00+01:00".
/// Fractions of a second are dropped, a leap second is the one before.
/// Returns  nullopt for any other text, and for days and times that there are not
[[nodiscard]] std::optional<std::int64_t> parse_date_time(std::string_view text);

/// "2026-11-29T18:00:00Z". Years 1970 to 9999; what is beyond is the nearest of these.
[[nodiscard]] std::string write_utc_time(std::int64_t unix_seconds);

}  // namespace hauspost::smtp
