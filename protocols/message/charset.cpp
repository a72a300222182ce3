#include "protocols/message/charset.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/charset_name.hpp"
#include "protocols/message/code_points.hpp"
#include "protocols/message/iso_2022.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>

namespace hauspost::message {
namespace {

constexpr std::uint16_t replacement = 0xfffd;

std::string windows_1252_to_utf8(std::string_view octets) {
    // Code points of 0x80 to 0x9f (WHATWG Encoding); those that stand for none are U+FFFD.
    static constexpr std::array<std::uint16_t, 32> high_controls = {
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};
    std::string out;
    out.reserve(octets.size() + octets.size() / 8);
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80)
            out.push_back(c);
        else
            append_code_point(out,
                              octet < 0xa0 ? high_controls[octet - 0x80u] : std::uint32_t{octet});
    }
    return out;
}

/// ISO-8859-16, which Debian's ICU names but has no table for.
std::string latin10_to_utf8(std::string_view octets) {
    static constexpr std::array<std::uint16_t, 96> high = {
        0x00a0, 0x0104, 0x0105, 0x0141, 0x20ac, 0x201e, 0x0160, 0x00a7, 0x0161, 0x00a9, 0x0218,
        0x00ab, 0x0179, 0x00ad, 0x017a, 0x017b, 0x00b0, 0x00b1, 0x010c, 0x0142, 0x017d, 0x201d,
        0x00b6, 0x00b7, 0x017e, 0x010d, 0x0219, 0x00bb, 0x0152, 0x0153, 0x0178, 0x017c, 0x00c0,
        0x00c1, 0x00c2, 0x0102, 0x00c4, 0x0106, 0x00c6, 0x00c7, 0x00c8, 0x00c9, 0x00ca, 0x00cb,
        0x00cc, 0x00cd, 0x00ce, 0x00cf, 0x0110, 0x0143, 0x00d2, 0x00d3, 0x00d4, 0x0150, 0x00d6,
        0x015a, 0x0170, 0x00d9, 0x00da, 0x00db, 0x00dc, 0x0118, 0x021a, 0x00df, 0x00e0, 0x00e1,
        0x00e2, 0x0103, 0x00e4, 0x0107, 0x00e6, 0x00e7, 0x00e8, 0x00e9, 0x00ea, 0x00eb, 0x00ec,
        0x00ed, 0x00ee, 0x00ef, 0x0111, 0x0144, 0x00f2, 0x00f3, 0x00f4, 0x0151, 0x00f6, 0x015b,
        0x0171, 0x00f9, 0x00fa, 0x00fb, 0x00fc, 0x0119, 0x021b, 0x00ff};
    std::string out;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        append_code_point(out, octet < 0xa0 ? octet : high[octet - 0xa0u]);
    }
    return out;
}

struct converter_closer {
    void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
using converter_ptr = std::unique_ptr<UConverter, converter_closer>;

// ICU's own substitution writes U+001A for some converters; people shall see U+FFFD.
void substitute(const void*,
                UConverterToUnicodeArgs* args,
                const char*,
                std::int32_t,
                UConverterCallbackReason reason,
                UErrorCode* status) {
    if (reason > UCNV_IRREGULAR) return;  // reset, close, clone
    static constexpr UChar mark = replacement;
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, &mark, 1, 0, status);
}

/// Opened once for each thread and charset: opening costs more than most texts. There are no more
/// than names in ICU's table, some hundred octets each.
UConverter* converter_of(const char* name) {
    thread_local std::map<std::string_view, converter_ptr> opened;
    const auto [place, is_new] = opened.try_emplace(name);
    if (is_new) {
        UErrorCode status = U_ZERO_ERROR;
        converter_ptr converter(ucnv_open(name, &status));
        ucnv_setToUCallBack(converter.get(), substitute, nullptr, nullptr, nullptr, &status);
        if (U_SUCCESS(status)) place->second = std::move(converter);
    }
    if (place->second) ucnv_resetToUnicode(place->second.get());
    return place->second.get();
}

void append_utf16(std::string& out, const UChar* units, std::int32_t count) {
    for (std::int32_t i = 0; i < count;) {
        UChar32 code_point = 0;
        U16_NEXT(units, i, count, code_point);
        append_code_point(
            out, U_IS_SURROGATE(code_point) ? replacement : static_cast<std::uint32_t>(code_point));
    }
}

std::string convert(UConverter* converter, std::string_view octets) {
    std::string out;
    out.reserve(octets.size() + octets.size() / 4);
    std::array<UChar, 2048> units;
    UChar* begin = units.data();  // behind a high surrogate that waits for its other half
    const char* source = octets.data();
    const char* source_end = source + octets.size();
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        UChar* target = begin;
        ucnv_toUnicode(converter, &target, units.data() + units.size(), &source, source_end,
                       nullptr, true, &status);
        const bool more = status == U_BUFFER_OVERFLOW_ERROR;
        auto count = static_cast<std::int32_t>(target - units.data());
        const bool split =
            more && count > 0 && U16_IS_LEAD(units[static_cast<std::size_t>(count - 1)]);
        const UChar lead = split ? units[static_cast<std::size_t>(--count)] : UChar{0};
        append_utf16(out, units.data(), count);
        if (!more) return out;
        units[0] = lead;
        begin = units.data() + (split ? 1 : 0);
    }
}

constexpr UChar32 first_mark = 0x300;  // no code point below combines

/// Gathers titled text and gives it out decomposed.
class key_writer {
public:
    void titled(UChar32 code_point) {
        append_code_point(pending_, static_cast<std::uint32_t>(code_point));
    }
    void flush() {
        UErrorCode status = U_ZERO_ERROR;
        const auto* decomposition = icu::Normalizer2::getNFKDInstance(status);
        icu::StringByteSink<std::string> sink(&key_);
        if (U_SUCCESS(status)) decomposition->normalizeUTF8(0, pending_, sink, nullptr, status);
        if (U_FAILURE(status)) key_ += pending_;
        pending_.clear();
    }
    std::string take() {
        flush();
        return std::move(key_);
    }

private:
    std::string pending_, key_;
};

}  // namespace

bool is_known_charset(std::string_view charset) {
    return find_charset(charset).how != charset_reading::way::unknown;
}

std::string utf8_or_latin1(std::string_view octets) {
    return utf8::is_valid(octets) ? std::string(octets) : windows_1252_to_utf8(octets);
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
    using enum charset_reading::way;
    const auto reading = find_charset(charset);
    switch (reading.how) {
    case utf8: return utf8::is_valid(octets) ? std::string(octets) : utf8::repaired(octets);
    case latin1: return windows_1252_to_utf8(octets);
    case latin10: return latin10_to_utf8(octets);
    case iso_2022: return iso_2022_to_utf8(octets, reading.converter);
    case hz: return hz_to_utf8(octets);
    case table:
        if (auto* const converter = converter_of(reading.converter))
            return convert(converter, octets);
        break;
    case unknown:
    case guess: break;
    }
    return utf8_or_latin1(octets);
}

namespace {

/// Appends the key of text that has no ASCII in it.
void append_foreign_key(std::string& key, std::string_view text) {
    // Putting combining marks in order takes a time quadratic in their number: a longer run than
    // any script has (UAX #15 section 13) is normalised piece by piece.
    constexpr int max_marks_in_a_row = 30;
    key_writer writer;
    int marks = 0;
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto length = static_cast<std::int32_t>(std::min<std::size_t>(text.size(), INT32_MAX));
    for (std::int32_t i = 0; i < length;) {
        UChar32 code_point = 0;
        U8_NEXT_OR_FFFD(octets, i, length, code_point);
        marks = code_point >= first_mark && u_getCombiningClass(code_point) != 0 ? marks + 1 : 0;
        if (marks > max_marks_in_a_row) {
            writer.flush();
            marks = 1;
        }
        writer.titled(u_totitle(code_point));
    }
    key += writer.take();
}

// Latin letters with marks, the most of what is no ASCII in Western mail, one at a time.
constexpr std::size_t few_code_points = 0x250;  // up to Latin Extended-B; none of them is a mark

const std::array<std::string, few_code_points>& latin_keys() {
    static const auto keys = [] {
        std::array<std::string, few_code_points> made;
        for (std::uint32_t code_point = 0x80; code_point < few_code_points; ++code_point) {
            std::string octets;
            append_code_point(octets, code_point);
            append_foreign_key(made[code_point], octets);
        }
        return made;
    }();
    return keys;
}

/// Is all of it such letters?
bool is_latin(std::string_view text) {
    if (text.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0xc2 || first >= 0xc9 || !is_utf8_tail(text[i + 1])) return false;
    }
    return true;
}

/// The same as append_foreign_key, quicker for Latin letters: no mark follows any of them, so each
/// is decomposed for itself.
void append_other_key(std::string& key, std::string_view text) {
    if (!is_latin(text)) return append_foreign_key(key, text);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = static_cast<unsigned char>(text[i]) & 0x1fu;
        key += latin_keys()[high << 6 | (static_cast<unsigned char>(text[i + 1]) & 0x3fu)];
    }
}

}  // namespace

std::string casemap_key(std::string_view text) {
    // ASCII begins and ends what is decomposed and put in order: no mark moves over it. So the
    // rest, little in most mail, is taken apart from it.
    std::string key;
    key.reserve(text.size() + text.size() / 8);
    while (!text.empty()) {
        const auto plain = utf8::ascii_length(text);
        const auto start = key.size();
        key += text.substr(0, plain);
        ascii::make_upper(std::span(key).subspan(start));
        text.remove_prefix(plain);
        const auto other =
            std::find_if_not(text.begin(), text.end(), ascii::is_8bit) - text.begin();
        if (other > 0) append_other_key(key, text.substr(0, static_cast<std::size_t>(other)));
        text.remove_prefix(static_cast<std::size_t>(other));
    }
    return key;
}

std::string casemap_version() {
    return "ICU " U_ICU_VERSION;
}

}  // namespace hauspost::message
