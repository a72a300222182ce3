#pragma once

#include "mail/date_time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::message {

/// The date-time of Date: and Received:, with comments, two-digit years and named zones, and as
/// programs write it against the rules (asctime, "10-Jul-97", full names of months, am and pm).
/// Without a valid zone it is UTC, without a valid time 00:00:00; nullopt when the date itself is
/// not valid. Years 1 to 9999. RFC 5322 3.3, 4.3; 5256 2.2.
[[nodiscard]] std::optional<mail::date_time> parse_date(std::string_view value);

/// "Mon, 23 Nov 2026 10:26:50 +0100". RFC 5322 3.3. Values outside years 1 to 9999 or zones beyond
/// 99 hours are moved to the nearest one that can be written.
[[nodiscard]] std::string write_date(mail::date_time at);

/// IMAP date-time, without its quotes: "23-Nov-2026 10:26:50 +0100", day with a space or a zero
/// before one digit. RFC 9051 9 "date-time".
[[nodiscard]] std::optional<mail::date_time> parse_internal_date(std::string_view text);

/// IMAP date of SEARCH: "1-Nov-2026" as the number of days since 1970-01-01. RFC 9051 9 "date".
[[nodiscard]] std::optional<std::int64_t> parse_search_date(std::string_view text);

}  // namespace hauspost::message
