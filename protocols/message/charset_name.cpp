#include "protocols/message/charset_name.hpp"

#include "base/ascii.hpp"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>

namespace hauspost::message {
namespace {

using way = charset_reading::way;

constexpr std::size_t max_name_octets = 40;
constexpr const char* gb18030 = "gb18030";
constexpr const char* windows_949 = "windows-949-2000";
constexpr const char* big5_hkscs = "ibm-1375_P100-2008";
constexpr const char* windows_874 = "windows-874-2000";
constexpr const char* windows_31j = "ibm-943_P15A-2003";

struct entry {
    std::string_view name;
    charset_reading reading;
};

/// Names that most mail has, and names that ICU does not know. Lower case.
constexpr entry names[] = {
    {"utf-8", {way::utf8}},
    {"us-ascii", {way::guess}},
    {"iso-8859-1", {way::latin1}},
    {"windows-1252", {way::latin1}},
    {"utf8", {way::utf8}},
    {"ascii", {way::guess}},
    {"latin1", {way::latin1}},
    {"ansi", {way::guess}},
    {"cn-big5", {way::table, big5_hkscs}},
    {"cn-gb", {way::table, gb18030}},  // RFC 1922
    {"cp50220", {way::iso_2022, windows_31j}},
    {"cp50221", {way::iso_2022, windows_31j}},
    {"cp50222", {way::iso_2022, windows_31j}},
    {"dos-874", {way::table, windows_874}},
    {"iso-2022-jp-3", {way::iso_2022, windows_31j}},
    {"iso-2022-jp-ms", {way::iso_2022, windows_31j}},
    {"koi", {way::table, "KOI8-R"}},
    {"logical", {way::table, "ISO-8859-8"}},
    {"visual", {way::table, "ISO-8859-8"}},
    {"mac-ukrainian", {way::table, "macos-7_3-10.2"}},
    {"uhc", {way::table, windows_949}},
    {"unicode20utf8", {way::utf8}},
    {"unknown", {way::guess}},  // RFC 1428 unknown-8bit, and its kin
    {"unknown-8bit", {way::guess}},
    {"user-defined", {way::guess}},
};

/// ICU's names of charsets that are read otherwise than ICU does.
constexpr entry others[] = {
    {"US-ASCII", {way::guess}},
    {"UTF-8", {way::utf8}},
    {"ISO-8859-1", {way::latin1}},
    {"ibm-5348_P100-1997", {way::latin1}},                     // windows-1252
    {"ibm-1383_P110-1999", {way::table, gb18030}},             // gb2312, euc-cn
    {"ibm-5478_P100-1995", {way::table, gb18030}},             // gb_2312-80
    {"windows-936-2000", {way::table, gb18030}},               // gbk
    {"ibm-970_P110_P110-2006_U2", {way::table, windows_949}},  // euc-kr
    {"ibm-949_P110-1999", {way::table, windows_949}},          // cp949
    {"windows-950-2000", {way::table, big5_hkscs}},            // big5
    {"ibm-950_P110-1999", {way::table, big5_hkscs}},           // cp950
    {"ibm-920_P100-1995", {way::table, "windows-1254"}},       // iso-8859-9
    {"iso-8859_11-2001", {way::table, windows_874}},
    {"ibm-874_P100-1995", {way::table, windows_874}},
    {"HZ", {way::hz}},
    {"iso-8859_16-2001", {way::latin10}},
    {"ibm-1167_P100-2002", {way::table, "KOI8-U"}},  // koi8-ru; ICU has no table for it
    {"windows-51932-2006", {way::table, "EUC-JP"}},  // likewise
    {"UTF-7", {}},
    {"IMAP-mailbox-name", {}},
    {"SCSU", {}},
    {"BOCU-1", {}},
};

template <class Table>
const entry* find(const Table& table, std::string_view name) noexcept {
    const auto* const found = std::find_if(std::begin(table), std::end(table),
                                           [name](const auto& one) { return one.name == name; });
    return found == std::end(table) ? nullptr : found;
}

/// As ICU knows it. Only names of its alias table: opening any other would search the disk.
charset_reading known_to_icu(const char* name) noexcept {
    UErrorCode status = U_ZERO_ERROR;
    const char* const canonical = ucnv_getAlias(name, 0, &status);
    if (U_FAILURE(status) || canonical == nullptr) return {};
    const std::string_view own = canonical;
    if (const auto* other = find(others, own)) return other->reading;
    if (own.starts_with("ISO_2022,locale=ja")) return {way::iso_2022, windows_31j};
    if (own.starts_with("ISO_2022,locale=ko")) return {way::iso_2022, windows_949};
    if (own.starts_with("ISO_2022,locale=zh")) return {way::iso_2022, gb18030};
    return {way::table, canonical};
}

/// "win-1251" and "win1251" are windows-1251.
charset_reading windows_page(std::string_view name) noexcept {
    if (!name.starts_with("win")) return {};
    const auto number = name.substr(std::min(name.find_first_of("0123456789"), name.size()));
    constexpr std::string_view prefix = "windows-";
    constexpr std::size_t digits = 4;
    if (number.size() != digits) return {};
    std::array<char, prefix.size() + digits + 1> whole{};
    std::copy(number.begin(), number.end(), std::copy(prefix.begin(), prefix.end(), whole.begin()));
    return known_to_icu(whole.data());
}

}  // namespace

charset_reading find_charset(std::string_view name) noexcept {
    // Writers leave quotes, blanks and semicolons on it.
    while (!name.empty() && !ascii::is_alnum(name.front()))
        name.remove_prefix(1);
    while (!name.empty() && !ascii::is_alnum(name.back()))
        name.remove_suffix(1);
    const bool is_harmless = std::all_of(name.begin(), name.end(), [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '_' || c == ':' || c == '.' || c == '+';
    });
    if (name.empty() || name.size() > max_name_octets || !is_harmless) return {};
    std::array<char, max_name_octets + 1> lower{};
    std::transform(name.begin(), name.end(), lower.begin(), ascii::to_lower);
    name = {lower.data(), name.size()};
    for (;;) {  // "x-gbk" is gbk, "x-x-big5" big5
        if (const auto* known = find(names, name)) return known->reading;
        auto reading = known_to_icu(name.data());
        if (reading.how == way::unknown) reading = windows_page(name);
        if (reading.how != way::unknown || !name.starts_with("x-")) return reading;
        name.remove_prefix(2);
    }
}

}  // namespace hauspost::message
