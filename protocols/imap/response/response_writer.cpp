#include "protocols/imap/response/response_writer.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/imap/grammar/mailbox_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace hauspost::imap {
namespace {

constexpr std::size_t max_quoted_octets = 1'024;  // longer ones are cheaper to read as a literal

/// For each octet: may it stand in an atom, in a quoted string as it is?
enum octet_class : unsigned char { quotable = 1, atomic = 2 };
constexpr auto classes = [] {
    std::array<unsigned char, 256> table{};
    for (std::size_t c = 0x20; c < 0x7f; ++c) {
        const char octet = static_cast<char>(c);
        if (octet != '"' && octet != '\\') table[c] |= quotable;
        constexpr std::string_view specials = " (){%*\"\\]";  // RFC 9051 9 atom-specials
        if (specials.find(octet) == std::string_view::npos) table[c] |= atomic;
    }
    return table;
}();

constexpr bool is_class(char c, octet_class wanted) {
    return (classes[static_cast<unsigned char>(c)] & wanted) != 0;
}
constexpr bool all_class(std::string_view text, octet_class wanted) {
    return std::all_of(text.begin(), text.end(), [wanted](char c) { return is_class(c, wanted); });
}
constexpr bool is_quoted_char(char c) {
    return is_class(c, quotable) || c == '"' || c == '\\';
}

constexpr std::string_view word_of(status kind) {
    switch (kind) {
    case status::ok: return "OK";
    case status::no: return "NO";
    case status::bad: return "BAD";
    case status::preauth: return "PREAUTH";
    case status::bye: return "BYE";
    }
    return "";
}

struct civil_date {
    int year;
    unsigned month;  // from 0
    unsigned day;
};

/// Proleptic Gregorian calendar, by 400-year eras that begin on 1 March.
civil_date civil_from_days(std::int64_t days) {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
    const unsigned year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const unsigned day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned march_month = (5 * day_of_year + 2) / 153;
    const unsigned day = day_of_year - (153 * march_month + 2) / 5 + 1;
    const unsigned month = march_month < 10 ? march_month + 2 : march_month - 10;
    const auto year = static_cast<int>(era * 400 + year_of_era) + (month <= 1 ? 1 : 0);
    return {year, month, day};
}

void put_digits(char* at, unsigned value, unsigned count) {
    for (unsigned i = count; i-- > 0; value /= 10)
        at[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

bool is_atom(std::string_view text) noexcept {
    return !text.empty() && all_class(text, atomic);
}

response_writer& response_writer::number(std::uint64_t value) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return raw({digits, static_cast<std::size_t>(end - digits)});
}

response_writer& response_writer::string(std::string_view text) {
    const bool fits = text.size() <= max_quoted_octets;
    if (fits && all_class(text, quotable)) return raw('"').raw(text).raw('"');
    if (fits && (std::all_of(text.begin(), text.end(), is_quoted_char) || is_quotable_utf8(text))) {
        raw('"');
        for (const char c : text) {
            if (c == '"' || c == '\\') raw('\\');
            raw(c);
        }
        return raw('"');
    }
    literal_head(text.size());
    const auto start = out_.size();
    raw(text);
    // RFC 9051 9: a literal has no NUL.
    std::replace(out_.begin() + static_cast<std::ptrdiff_t>(start), out_.end(), '\0', '?');
    return *this;
}

/// RFC 9755 3: UTF-8 may stand in a quoted string, control characters may not.
bool response_writer::is_quotable_utf8(std::string_view text) const noexcept {
    return is_utf8_ && utf8::is_valid(text) &&
           std::none_of(text.begin(), text.end(), ascii::is_control);
}

response_writer& response_writer::astring(std::string_view text) {
    // An unquoted NIL would be read as one by some.
    return is_atom(text) && !ascii::equal_nocase(text, "NIL") ? raw(text) : string(text);
}

response_writer& response_writer::nstring(const std::optional<std::string_view>& text) {
    return text ? string(*text) : raw("NIL");
}

response_writer& response_writer::literal8_head(std::uint64_t octets) {
    return raw("~{").number(octets).raw("}\r\n");
}

response_writer& response_writer::string8(std::string_view text) {
    if (text.find('\0') == std::string_view::npos) return string(text);
    return literal8_head(text.size()).raw(text);
}

response_writer& response_writer::literal_head(std::uint64_t octets) {
    return raw('{').number(octets).raw("}\r\n");
}

response_writer& response_writer::mailbox(std::string_view name) {
    // Nearly all names are plain words and need no conversion.
    if (is_atom(name) && (is_utf8_ || name.find('&') == std::string_view::npos))
        return astring(name);
    return astring(is_utf8_ ? std::string(name) : encode_mutf7(name));
}

response_writer& response_writer::flags(std::uint32_t system,
                                        std::span<const std::string> keywords) {
    static constexpr std::array<std::string_view, 5> names = {
        "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"};  // in the order of the bits
    bool is_first = true;
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        if ((system >> bit & 1) == 0) continue;
        if (!is_first) raw(' ');
        raw(names[bit]);
        is_first = false;
    }
    for (const auto& word : keywords) {
        if (!is_atom(word)) continue;
        flag(word, is_first);
        is_first = false;
    }
    return *this;
}

response_writer& response_writer::flag(std::string_view word, bool is_first) {
    const bool is_system = word.starts_with('\\') && is_atom(word.substr(1));
    if (!is_system && !is_atom(word)) return *this;
    if (!is_first) raw(' ');
    return raw(word);
}

response_writer& response_writer::internal_date(std::int64_t unix_seconds,
                                                std::int32_t zone_minutes) {
    // What cannot be written in four digits is moved to the nearest that can.
    const std::int32_t zone = std::clamp(zone_minutes, -5'999, 5'999);
    const std::int64_t local = std::clamp<std::int64_t>(unix_seconds, -62'135'596'800 + 359'940,
                                                        253'402'300'799 - 359'940) +
                               zone * 60;
    const std::int64_t days = local >= 0 ? local / 86'400 : (local - 86'399) / 86'400;
    const auto second = static_cast<unsigned>(local - days * 86'400);
    const auto date = civil_from_days(days);
    const auto offset = static_cast<unsigned>(zone < 0 ? -zone : zone);
    static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    char text[] = "\"00-Jan-0000 00:00:00 +0000\"";
    put_digits(text + 1, date.day, 2);
    months.copy(text + 4, 3, date.month * 3);
    put_digits(text + 8, static_cast<unsigned>(date.year), 4);
    put_digits(text + 13, second / 3'600, 2);
    put_digits(text + 16, second / 60 % 60, 2);
    put_digits(text + 19, second % 60, 2);
    text[22] = zone < 0 ? '-' : '+';
    put_digits(text + 23, offset / 60, 2);
    put_digits(text + 25, offset % 60, 2);
    return raw({text, sizeof text - 1});
}

response_writer& response_writer::uid_set(std::span<const hauspost::uid> uids) {
    for (std::size_t at = 0; at < uids.size();) {
        auto last = at;
        while (last + 1 < uids.size() && uids[last + 1].value() == uids[last].value() + 1)
            ++last;
        if (at > 0) raw(',');
        number(uids[at].value());
        if (last > at) raw(':').number(uids[last].value());
        at = last + 1;
    }
    return *this;
}

response_writer& response_writer::numbered(std::uint32_t value, std::string_view word) {
    return raw("* ").number(value).raw(' ').raw(word).crlf();
}

response_writer& response_writer::clean(std::string_view text) {
    const auto start = out_.size();
    raw(text);
    std::replace_if(out_.begin() + static_cast<std::ptrdiff_t>(start), out_.end(),
                    ascii::is_control, '?');
    return *this;
}

response_writer& response_writer::tagged(std::string_view tag,
                                         status kind,
                                         std::string_view code,
                                         std::string_view text) {
    if (!code.empty()) return tagged_head(tag, kind, code).tagged_end(text);
    return clean(tag).raw(' ').raw(word_of(kind)).raw(' ').clean(text).crlf();
}

response_writer& response_writer::tagged_head(std::string_view tag,
                                              status kind,
                                              std::string_view code) {
    return clean(tag).raw(' ').raw(word_of(kind)).raw(" [").clean(code);
}

response_writer& response_writer::continuation(std::string_view text) {
    return raw("+ ").clean(text).crlf();
}

}  // namespace hauspost::imap
