#include "protocols/message/charset.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/code_points.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace hauspost::message {
namespace {

constexpr std::uint16_t replacement = 0xfffd;

enum class built_in { none, utf8, us_ascii, latin1 };

built_in built_in_charset(std::string_view name) {
    if (ascii::equal_nocase(name, "utf-8") || ascii::equal_nocase(name, "utf8"))
        return built_in::utf8;
    if (ascii::equal_nocase(name, "us-ascii") || ascii::equal_nocase(name, "ascii"))
        return built_in::us_ascii;
    if (ascii::equal_nocase(name, "iso-8859-1") || ascii::equal_nocase(name, "latin1") ||
        ascii::equal_nocase(name, "windows-1252"))
        return built_in::latin1;
    return built_in::none;
}

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

/// The name as ICU wants it, "" when we do not convert from it. Only names of ICU's alias table:
/// opening any other would search the disk each time.
std::string usable_name(std::string_view charset) {
    constexpr std::size_t max_name_octets = 40;
    constexpr std::array<std::string_view, 4> refused = {"UTF-7", "IMAP-mailbox-name", "SCSU",
                                                         "BOCU-1"};
    const bool harmless = std::all_of(charset.begin(), charset.end(), [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '_' || c == ':' || c == '.' || c == '+';
    });
    if (charset.empty() || charset.size() > max_name_octets || !harmless) return {};
    std::string name(charset);
    UErrorCode status = U_ZERO_ERROR;
    const char* const canonical = ucnv_getAlias(name.c_str(), 0, &status);
    if (U_FAILURE(status) || canonical == nullptr) return {};
    return std::find(refused.begin(), refused.end(), canonical) == refused.end() ? name
                                                                                 : std::string{};
}

converter_ptr open_converter(std::string_view charset) {
    const auto name = usable_name(charset);
    if (name.empty()) return nullptr;
    UErrorCode status = U_ZERO_ERROR;
    converter_ptr converter(ucnv_open(name.c_str(), &status));
    if (U_FAILURE(status)) return nullptr;
    ucnv_setToUCallBack(converter.get(), substitute, nullptr, nullptr, nullptr, &status);
    return U_FAILURE(status) ? nullptr : std::move(converter);
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
    return built_in_charset(charset) != built_in::none || !usable_name(charset).empty();
}

std::string utf8_or_latin1(std::string_view octets) {
    return utf8::is_valid(octets) ? std::string(octets) : windows_1252_to_utf8(octets);
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
    switch (built_in_charset(charset)) {
    case built_in::utf8:
        return utf8::is_valid(octets) ? std::string(octets) : utf8::repaired(octets);
    case built_in::us_ascii: return utf8_or_latin1(octets);
    case built_in::latin1: return windows_1252_to_utf8(octets);
    case built_in::none: break;
    }
    const auto converter = open_converter(charset);
    if (!converter) return utf8_or_latin1(octets);
    return convert(converter.get(), octets);
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
