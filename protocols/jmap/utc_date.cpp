#include "base/ascii.hpp"
#include "protocols/jmap/email_filter.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace hauspost::jmap {
namespace {

constexpr std::int64_t first_moment = -62'135'596'800;  // 0001-01-01
constexpr std::int64_t last_moment = 253'402'300'799;   // 9999-12-31

/// So many digits at the front; nullopt: there are none, or something else than `behind` comes next.
std::optional<unsigned> take(std::string_view& text, std::size_t digits, char behind) {
    if (text.size() <= digits || text[digits] != behind) return std::nullopt;
    unsigned number = 0;
    for (const char c : text.substr(0, digits)) {
        if (!ascii::is_digit(c)) return std::nullopt;
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    text.remove_prefix(digits + 1);
    return number;
}

std::string write(std::int64_t seconds, const char* zone) {
    using namespace std::chrono;
    const sys_seconds at{std::chrono::seconds(std::clamp(seconds, first_moment, last_moment))};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d%s",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), zone);
    return text;
}

}  // namespace

std::optional<std::int64_t> parse_utc_date(std::string_view text) {
    using namespace std::chrono;
    const auto y = take(text, 4, '-');
    const auto m = y ? take(text, 2, '-') : std::nullopt;
    const auto d = m ? take(text, 2, 'T') : std::nullopt;
    const auto hours_ = d ? take(text, 2, ':') : std::nullopt;
    const auto minutes_ = hours_ ? take(text, 2, ':') : std::nullopt;
    if (!minutes_) return std::nullopt;
    // RFC 8620 1.4: a Date may have a fraction; of ours none is kept so finely.
    std::string last(text);
    if (last.size() > 4 && last[2] == '.' &&
        last.find_first_not_of("0123456789", 3) == last.size() - 1)
        last.erase(2, last.size() - 3);
    std::string_view rest(last);
    const auto seconds_ = take(rest, 2, 'Z');
    const year_month_day date{year(static_cast<int>(*y)), month(*m), day(*d)};
    if (!seconds_ || !rest.empty() || !date.ok() || *hours_ > 23 || *minutes_ > 59 ||
        *seconds_ > 60)
        return std::nullopt;
    const auto at = sys_days(date).time_since_epoch() + hours(*hours_) + minutes(*minutes_) +
                    seconds(*seconds_);
    return duration_cast<seconds>(at).count();
}

std::string write_utc_date(std::int64_t unix_seconds) {
    return write(unix_seconds, "Z");
}

std::string write_date(std::int64_t unix_seconds, std::int32_t zone_minutes) {
    constexpr std::int32_t most = 23 * 60 + 59;
    const auto zone = std::clamp(zone_minutes, -most, most);
    if (zone == 0) return write_utc_date(unix_seconds);
    const auto apart = zone < 0 ? -zone : zone;
    char text[32];
    std::snprintf(text, sizeof text, "%c%02d:%02d", zone < 0 ? '-' : '+', apart / 60, apart % 60);
    return write(unix_seconds + zone * 60, text);
}

}  // namespace hauspost::jmap
