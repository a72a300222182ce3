#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::http {

/// "Sun, 06 Nov 1994 08:49:37 GMT"
/// RFC  9110 5.6.7 (IMF-fixdate)
[[nodiscard]] std::string to_http_date(std::chrono::sys_seconds time);

/// Reads that form, and the two that older programs send.
///
///     rfc850-date   = "Sunday, 06-Nov-94 08:49:37 GMT"
///     asctime-date  = "Sun Nov  6 08:49:37 1994"
///
/// now      a year of two digits is never more than 50 years ahead of it
/// Returns  nullopt: it is none; whoever asks takes no notice of the field then
/// RFC      9110 5.6.7
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                                      std::chrono::sys_seconds now);

}  // namespace hauspost::http
