#include "protocols/message/date_time.hpp"

#include "base/ascii.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace hauspost::message {
namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> week_days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::int64_t seconds_per_day = 86400;
constexpr std::int64_t min_seconds = -62'135'596'800;  // 0001-01-01
constexpr std::int64_t max_seconds = 253'402'300'799;  // 9999-12-31 23:59:59
constexpr std::int32_t max_zone_minutes = 99 * 60 + 59;

/// Takes a date apart from left to right.
class date_reader {
public:
    explicit date_reader(std::string_view text) : rest_(text) {}

    void skip_space() { rest_ = behind_comments(rest_); }
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::string_view letters() { return run(ascii::is_alpha); }
    /// min_digits to max_digits digits, and no digit after them.
    std::optional<int> number(std::size_t min_digits, std::size_t max_digits) {
        const auto digits = run(ascii::is_digit);
        if (digits.size() < min_digits || digits.size() > max_digits) return std::nullopt;
        int value = 0;
        for (const char c : digits)
            value = value * 10 + (c - '0');
        last_digits_ = digits.size();
        return value;
    }
    std::size_t last_digits() const { return last_digits_; }
    bool at_end() const { return rest_.empty(); }
    /// "14:00" and not "1997".
    bool sees_time() const {
        return rest_.size() > 2 && ascii::is_digit(rest_[0]) &&
               (rest_[1] == ':' || rest_[2] == ':');
    }
    bool sees_digit() const { return !rest_.empty() && ascii::is_digit(rest_.front()); }
    /// Of a date as people write it: white space, comments, and what else stands between its parts.
    void skip_separators() {
        do
            skip_space();
        while (take(',') || take('-') || take('/') || take('.'));
    }
    std::string_view time_like() {
        return run([](char c) { return ascii::is_digit(c) || c == ':' || c == '.'; });
    }

private:
    template <class Is>
    std::string_view run(Is is) {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is);
        const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(taken.size());
        return taken;
    }
    std::string_view rest_;
    std::size_t last_digits_ = 0;
};

std::optional<unsigned> month_of(std::string_view name) {
    for (unsigned i = 0; i < months.size(); ++i)
        if (ascii::equal_nocase(name, months[i])) return i + 1;
    return std::nullopt;
}

/// "July", "Sept": the first three letters decide.
std::optional<unsigned> month_like(std::string_view name) {
    return name.size() < 3 ? std::nullopt : month_of(name.substr(0, 3));
}

std::optional<std::int64_t> days_of(int year, unsigned month, int day) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (year < 1 || year > 9999 || !date.ok()) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count();
}

/// "10:26:50" as seconds of the day. A leap second counts as the one before.
std::optional<std::int64_t> read_time(date_reader& in) {
    const auto hour = in.number(1, 2);
    const auto minute = in.take(':') ? in.number(2, 2) : std::nullopt;
    const auto second = minute && in.take(':') ? in.number(2, 2) : std::nullopt;
    if (!hour || *hour > 23 || !minute || *minute > 59 || !second || *second > 60)
        return std::nullopt;
    return *hour * 3600 + *minute * 60 + std::min(*second, 59);
}

/// "10:26:50", "10.26", "9:5:7 pm"; nullopt when it is no time, and then it is passed over.
std::optional<std::int64_t> read_lenient_time(date_reader& in) {
    if (!in.sees_digit()) return std::nullopt;
    auto rest = in;  // what follows a time that is none
    rest.time_like();
    const auto next = [&in](int highest) -> std::optional<int> {
        in.skip_space();
        if (!in.take(':') && !in.take('.')) return std::nullopt;
        in.skip_space();
        const auto value = in.number(1, 2);
        return value && *value <= highest ? value : std::optional(-1);
    };
    auto hour = in.number(1, 2);
    const auto minute = next(59);
    const auto second = minute ? next(60) : std::nullopt;
    if (in.take('.')) in.number(1, 9);  // a fraction
    auto behind = in;
    behind.skip_space();
    const auto half = behind.letters();
    const bool is_pm = ascii::equal_nocase(half, "pm");
    if (is_pm || ascii::equal_nocase(half, "am")) {
        in = behind;
        if (hour && *hour <= 12) hour = *hour % 12 + (is_pm ? 12 : 0);
    }
    if (!hour || *hour > 23 || !minute || *minute < 0 || second == -1) {
        in = rest;
        return std::nullopt;
    }
    return *hour * 3600 + *minute * 60 + std::min(second.value_or(0), 59);  // a leap second
}

/// "+0100" after its sign.
std::optional<std::int32_t> read_offset(date_reader& in, bool negative) {
    const auto offset = in.number(4, 4);
    if (!offset || *offset % 100 > 59) return std::nullopt;
    const std::int32_t minutes = *offset / 100 * 60 + *offset % 100;
    return negative ? -minutes : minutes;
}

/// RFC 5322 4.3: names of zones; unknown ones, military ones too, are -0000.
std::int32_t named_zone_minutes(std::string_view name) {
    struct zone {
        std::string_view name;
        std::int32_t hours;
    };
    constexpr std::array<zone, 8> zones = {{{"EST", -5},
                                            {"EDT", -4},
                                            {"CST", -6},
                                            {"CDT", -5},
                                            {"MST", -7},
                                            {"MDT", -6},
                                            {"PST", -8},
                                            {"PDT", -7}}};
    for (const auto& known : zones)
        if (ascii::equal_nocase(name, known.name)) return known.hours * 60;
    return 0;
}

std::optional<std::int32_t> read_zone(date_reader& in) {
    if (in.take('+')) return read_offset(in, false);
    if (in.take('-')) return read_offset(in, true);
    return named_zone_minutes(in.letters());
}

/// RFC 5322 4.3: two digits are 1950 to 2049, three digits count from 1900.
int full_year(int year, std::size_t digits) {
    if (digits == 2) return year < 50 ? year + 2000 : year + 1900;
    return digits == 3 ? year + 1900 : year;
}

mail::date_time at(std::int64_t days, std::int64_t seconds, std::int32_t zone_minutes) {
    const auto zone = std::clamp(zone_minutes, -max_zone_minutes, max_zone_minutes);
    return {days * seconds_per_day + seconds - zone_minutes * 60, static_cast<std::int16_t>(zone)};
}

/// A time as its zone's calendar and clock show it.
struct calendar {
    int year;
    unsigned month, day, week_day;
    int hour, minute, second;
    char sign;
    int zone_hours, zone_rest;

    explicit calendar(mail::date_time time) {
        const auto zone =
            std::clamp<std::int32_t>(time.zone_minutes, -max_zone_minutes, max_zone_minutes);
        // First into a range where adding the zone cannot overflow.
        const auto utc = std::clamp(time.unix_seconds, min_seconds * 2, max_seconds * 2);
        const auto local = std::clamp(utc + zone * 60, min_seconds, max_seconds);
        const auto days = std::chrono::floor<std::chrono::days>(std::chrono::seconds{local});
        const std::chrono::sys_days date{days};
        const std::chrono::year_month_day ymd{date};
        year = static_cast<int>(ymd.year());
        month = static_cast<unsigned>(ymd.month());
        day = static_cast<unsigned>(ymd.day());
        week_day = std::chrono::weekday{date}.c_encoding();
        const auto rest = static_cast<int>(local - days.count() * seconds_per_day);
        hour = rest / 3600;
        minute = rest / 60 % 60;
        second = rest % 60;
        sign = zone < 0 ? '-' : '+';
        zone_hours = std::abs(zone) / 60;
        zone_rest = std::abs(zone) % 60;
    }
    std::string_view month_name() const { return months[month - 1]; }
};

}  // namespace

std::optional<mail::date_time> parse_date(std::string_view value) {
    date_reader in(value);
    in.skip_separators();
    const bool has_date_first = in.sees_digit();
    auto month = month_like(has_date_first ? std::string_view{} : in.letters());
    in.skip_separators();
    // "Thu, 10 Jul", or without the day's name; "Thu Jul 10" and "Jul 10" as C's asctime has it.
    if (!month && !in.sees_digit()) {
        month = month_like(in.letters());
        in.skip_separators();
    }
    const bool is_month_first = month.has_value();
    const auto day = in.number(1, 2);
    in.skip_separators();
    if (!is_month_first) {
        month = month_like(in.letters());
        in.skip_separators();
    }
    std::optional<std::int64_t> seconds;
    std::optional<std::int32_t> zone;
    if (is_month_first && in.sees_time()) {  // "Jul 10 14:00:00 1997"
        seconds = read_lenient_time(in);
        in.skip_space();
        zone = in.sees_digit() ? std::nullopt : read_zone(in);  // "14:00:00 EDT 1997"
        in.skip_space();
    }
    const auto year = in.number(2, 4);
    if (!day || !month || !year) return std::nullopt;
    const auto days = days_of(full_year(*year, in.last_digits()), *month, *day);
    if (!days) return std::nullopt;
    in.skip_space();
    in.take(',');
    in.skip_space();
    if (!seconds) seconds = read_lenient_time(in);
    in.skip_space();
    if (!zone) zone = read_zone(in);
    return at(*days, seconds.value_or(0), zone.value_or(0));
}

std::string write_date(mail::date_time time) {
    const calendar c(time);
    std::array<char, 64> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%s, %u %.3s %04d %02d:%02d:%02d %c%02d%02d",
                      week_days[c.week_day], c.day, c.month_name().data(), c.year, c.hour, c.minute,
                      c.second, c.sign, c.zone_hours, c.zone_rest);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<mail::date_time> parse_internal_date(std::string_view text) {
    date_reader in(text);
    in.take(' ');
    const auto day = in.number(1, 2);
    if (!day || !in.take('-')) return std::nullopt;
    const auto month = month_of(in.letters());
    if (!month || !in.take('-')) return std::nullopt;
    const auto year = in.number(4, 4);
    if (!year || !in.take(' ')) return std::nullopt;
    const auto days = days_of(*year, *month, *day);
    const auto seconds = read_time(in);
    if (!days || !seconds || !in.take(' ')) return std::nullopt;
    const bool negative = in.take('-');
    if (!negative && !in.take('+')) return std::nullopt;
    const auto zone = read_offset(in, negative);
    if (!zone || !in.at_end()) return std::nullopt;
    return at(*days, *seconds, *zone);
}

std::optional<std::int64_t> parse_search_date(std::string_view text) {
    date_reader in(text);
    const auto day = in.number(1, 2);
    if (!day || !in.take('-')) return std::nullopt;
    const auto month = month_of(in.letters());
    if (!month || !in.take('-')) return std::nullopt;
    const auto year = in.number(4, 4);
    if (!year || !in.at_end()) return std::nullopt;
    return days_of(*year, *month, *day);
}

}  // namespace hauspost::message
