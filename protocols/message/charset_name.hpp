#pragma once

#include <string_view>

namespace hauspost::message {

/// What octets under a charset's name are read as.
struct charset_reading {
    enum class way {
        unknown,   // no charset of ours
        guess,     // UTF-8 or else windows-1252: US-ASCII, and names that say that nobody knows
        utf8,      //
        latin1,    // windows-1252
        latin10,   // ISO-8859-16
        iso_2022,  // seven bits and escape sequences; octets of eight bits are in `converter`
        hz,        // RFC 1843
        table,     // ICU's `converter`
    };
    way how = way::unknown;
    const char* converter = "";  // lives for ever
};

/// The charset of a name as mail has it, without case, with the aliases of IANA, of ICU and those
/// that programs made up. Names of small charsets stand for the larger one that writers mean, as in
/// browsers (WHATWG Encoding 4.2): gb2312 is GB18030, euc-kr windows-949, iso-8859-9 windows-1254.
/// UTF-7 and its kind are unknown: nothing that looks harmless may turn into markup.
///
/// Thread  any
[[nodiscard]] charset_reading find_charset(std::string_view name) noexcept;

}  // namespace hauspost::message
