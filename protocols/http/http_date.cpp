#include "protocols/http/http_date.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hauspost::http {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> days = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                  "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t short_name = 3;

/// Takes a date apart from its begin on. After something that is not there all is wrong.
class date_reader {
public:
    explicit date_reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool is_end() const noexcept { return ok_ && rest_.empty(); }
    [[nodiscard]] bool starts_with(std::string_view text) const noexcept {
        return rest_.starts_with(text);
    }

    void skip(std::string_view text) noexcept {
        ok_ = ok_ && rest_.starts_with(text);
        if (ok_) rest_.remove_prefix(text.size());
    }
    /// The name of a day; which one does not count, it follows from the date.
    void skip_day(std::size_t octets) noexcept {
        for (const auto day : days) {
            const auto name = day.substr(0, octets);
            if (!rest_.starts_with(name)) continue;
            return rest_.remove_prefix(name.size());
        }
        ok_ = false;
    }
    [[nodiscard]] int number(std::size_t digits) noexcept {
        int found = 0;
        for (; ok_ && digits > 0; --digits) {
            ok_ = !rest_.empty() && ascii::is_digit(rest_.front());
            if (!ok_) break;
            found = found * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return found;
    }
    [[nodiscard]] int month() noexcept {
        const auto name = rest_.substr(0, short_name);
        const auto* const found = std::find(months.begin(), months.end(), name);
        ok_ = ok_ && found != months.end();
        if (ok_) rest_.remove_prefix(short_name);
        return static_cast<int>(found - months.begin()) + 1;
    }
    [[nodiscard]] seconds time_of_day() noexcept {
        const int hour = number(2);
        skip(":");
        const int minute = number(2);
        skip(":");
        const int second = number(2);
        ok_ = ok_ && hour < 24 && minute < 60 && second <= 60;  // a leap second
        return hours(hour) + minutes(minute) + seconds(second);
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

std::optional<sys_seconds> whole(
    const date_reader& reader, int y, int m, int d, seconds of_day) noexcept {
    const year_month_day date{year(y), month(static_cast<unsigned>(m)),
                              day(static_cast<unsigned>(d))};
    if (!reader.is_end() || !date.ok()) return std::nullopt;
    return sys_days(date) + of_day;
}

std::optional<sys_seconds> read_fixdate(date_reader reader) {
    reader.skip_day(short_name);
    reader.skip(", ");
    const int d = reader.number(2);
    reader.skip(" ");
    const int m = reader.month();
    reader.skip(" ");
    const int y = reader.number(4);
    reader.skip(" ");
    const auto of_day = reader.time_of_day();
    reader.skip(" GMT");
    return whole(reader, y, m, d, of_day);
}

std::optional<sys_seconds> read_rfc850(date_reader reader, sys_seconds now) {
    reader.skip_day(std::string_view::npos);
    reader.skip(", ");
    const int d = reader.number(2);
    reader.skip("-");
    const int m = reader.month();
    reader.skip("-");
    const int of_century = reader.number(2);
    reader.skip(" ");
    const auto of_day = reader.time_of_day();
    reader.skip(" GMT");
    const int this_year = static_cast<int>(year_month_day(floor<std::chrono::days>(now)).year());
    int y = this_year - this_year % 100 + of_century;
    if (y > this_year + 50) y -= 100;
    return whole(reader, y, m, d, of_day);
}

std::optional<sys_seconds> read_asctime(date_reader reader) {
    reader.skip_day(short_name);
    reader.skip(" ");
    const int m = reader.month();
    reader.skip(" ");
    const bool is_short = reader.starts_with(" ");
    if (is_short) reader.skip(" ");
    const int d = reader.number(is_short ? 1 : 2);
    reader.skip(" ");
    const auto of_day = reader.time_of_day();
    reader.skip(" ");
    const int y = reader.number(4);
    return whole(reader, y, m, d, of_day);
}

}  // namespace

std::string to_http_date(sys_seconds time) {
    const auto day_of = floor<std::chrono::days>(time);
    const year_month_day date(day_of);
    const hh_mm_ss clock(time - day_of);
    const auto name = days[weekday(day_of).c_encoding()];
    std::array<char, 64> text{};
    const int octets = std::snprintf(
        text.data(), text.size(), "%.3s, %02u %.3s %04d %02d:%02d:%02d GMT", name.data(),
        static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1].data(),
        static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(octets));
}

std::optional<sys_seconds> parse_http_date(std::string_view text, sys_seconds now) {
    const date_reader reader(text);
    if (auto found = read_fixdate(reader)) return found;
    if (auto found = read_rfc850(reader, now)) return found;
    return read_asctime(reader);
}

}  // namespace hauspost::http
