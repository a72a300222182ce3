#include "protocols/smtp/release_time.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace hauspost::smtp {
namespace {

using namespace std::chrono;

constexpr std::int64_t minute_seconds = 60, hour_seconds = 60 * minute_seconds;
constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999

/// Takes numbers and marks off the front; once something is not there nothing is.
class time_reader {
public:
    explicit time_reader(std::string_view text) : rest_(text) {}

    std::int64_t digits(std::size_t count) {
        std::int64_t number = 0;
        if (rest_.size() < count) return fail();
        for (const char c : rest_.substr(0, count)) {
            if (!ascii::is_digit(c)) return fail();
            number = number * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return number;
    }
    bool take(char mark) {
        if (rest_.empty() || ascii::to_upper(rest_.front()) != mark) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(char mark) {
        if (!take(mark)) fail();
    }
    void skip_digits() {
        if (rest_.empty() || !ascii::is_digit(rest_.front())) fail();
        while (!rest_.empty() && ascii::is_digit(rest_.front()))
            rest_.remove_prefix(1);
    }
    [[nodiscard]] bool is_done() const { return ok_ && rest_.empty(); }

private:
    std::int64_t fail() {
        ok_ = false;
        rest_ = {};
        return 0;
    }
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace

std::optional<std::int64_t> parse_date_time(std::string_view text) {
    time_reader in(text);
    const auto number_of_year = in.digits(4);
    in.need('-');
    const auto number_of_month = in.digits(2);
    in.need('-');
    const auto number_of_day = in.digits(2);
    in.need('T');
    const auto hours_of_day = in.digits(2);
    in.need(':');
    const auto minutes_of_hour = in.digits(2);
    in.need(':');
    const auto seconds_of_minute = in.digits(2);
    if (in.take('.')) in.skip_digits();
    std::int64_t zone = 0;
    const bool is_west = in.take('-');
    if (is_west || in.take('+')) {
        const auto zone_hours = in.digits(2);
        in.need(':');
        const auto zone_minutes = in.digits(2);
        if (zone_hours > 23 || zone_minutes > 59) return std::nullopt;
        zone = (zone_hours * hour_seconds + zone_minutes * minute_seconds) * (is_west ? -1 : 1);
    } else {
        in.need('Z');
    }
    const year_month_day date{year(static_cast<int>(number_of_year)),
                              month(static_cast<unsigned>(number_of_month)),
                              day(static_cast<unsigned>(number_of_day))};
    if (!in.is_done() || !date.ok() || hours_of_day > 23 || minutes_of_hour > 59 ||
        seconds_of_minute > 60)
        return std::nullopt;
    const auto days = sys_days(date).time_since_epoch().count();
    return std::int64_t{days} * 24 * hour_seconds + hours_of_day * hour_seconds +
           minutes_of_hour * minute_seconds + std::min<std::int64_t>(seconds_of_minute, 59) - zone;
}

std::string write_utc_time(std::int64_t unix_seconds) {
    const sys_seconds at(seconds(std::clamp<std::int64_t>(unix_seconds, 0, last_second)));
    const auto midnight = floor<days>(at);
    const year_month_day date(midnight);
    const hh_mm_ss time(at - midnight);
    char text[sizeof("2026-11-29T18:00:00Z") + 16];
    std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

}  // namespace hauspost::smtp
