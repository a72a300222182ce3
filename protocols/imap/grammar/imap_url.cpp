#include "protocols/imap/grammar/imap_url.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/imap/grammar/mailbox_name.hpp"
#include "protocols/imap/grammar/parse.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

int hex_value(char c) {
    if ('0' <= c && c <= '9') return c - '0';
    if ('a' <= c && c <= 'f') return c - 'a' + 10;
    if ('A' <= c && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// RFC 5092 11 bchar without "%": what may stand in an encoded name as it is.
bool is_url_char(char c) {
    constexpr std::string_view others = "-._~!$'()*+,&=:@/";
    return ascii::is_digit(c) || ('a' <= (c | 32) && (c | 32) <= 'z') ||
           others.find(c) != std::string_view::npos;
}

/// nullopt: a broken escape, an octet that must be escaped, or a control character.
std::optional<std::string> decoded(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '%') {
            const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
            const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            at += 2;
        } else if (!is_url_char(c)) {
            return std::nullopt;
        }
        if (ascii::is_control(c)) return std::nullopt;
        plain += c;
    }
    return plain;
}

/// nz-number, and nothing else.
std::optional<std::uint32_t> number_of(std::string_view text) {
    lexer digits(text);
    const auto number = digits.number();
    if (!number || *number == 0 || !digits.at_end()) return std::nullopt;
    return number;
}

/// "1.2.MIME" as in BODY[...].
std::optional<section> section_of(std::string_view encoded) {
    auto text = decoded(encoded);
    if (!text || text->empty()) return std::nullopt;
    *text += ']';
    lexer words(*text);
    auto found = parse_section(words);
    if (!found || !words.accept(']') || !words.at_end()) return std::nullopt;
    return found;
}

/// partial-range = number64 ["." nz-number64], RFC 9051 9.
std::optional<partial> partial_of(std::string_view text) {
    lexer digits(text);
    const auto offset = digits.number64();
    if (!offset) return std::nullopt;
    // No message is as long as 4 GiB: what lies beyond is beyond its end.
    const auto cut = [](std::uint64_t n) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(n, UINT32_MAX));
    };
    partial range{cut(*offset), UINT32_MAX};
    if (digits.accept('.')) {
        const auto count = digits.number64();
        if (!count || *count == 0) return std::nullopt;
        range.count = cut(*count);
    }
    if (!digits.at_end()) return std::nullopt;
    return range;
}

/// Takes "/;NAME=value" off, up to the next "/;".
std::optional<std::string_view> take(std::string_view& rest, std::string_view name) {
    if (!ascii::starts_with_nocase(rest, name)) return std::nullopt;
    auto value = rest.substr(name.size());
    value = value.substr(0, value.find("/;"));
    rest.remove_prefix(name.size() + value.size());
    return value;
}

/// imailbox-ref = enc-mailbox [";UIDVALIDITY=" nz-number]
bool read_mailbox(std::string_view text, imap_url& url) {
    constexpr std::string_view key = ";UIDVALIDITY=";
    const auto semicolon = text.find(';');
    if (semicolon != std::string_view::npos) {
        const auto value = text.substr(semicolon);
        if (!ascii::starts_with_nocase(value, key)) return false;
        url.uid_validity = number_of(value.substr(key.size()));
        if (!url.uid_validity) return false;
    }
    auto name = decoded(text.substr(0, semicolon));
    if (!name || name->empty() || !utf8::is_valid(*name)) return false;
    url.mailbox = canonical_mailbox(std::move(*name));
    return true;
}

}  // namespace

std::optional<imap_url> parse_imap_url(std::string_view text) {
    imap_url url;
    // "//" begins a server's name.
    if (text.starts_with("//")) return std::nullopt;
    auto rest = text;
    std::string slashed;
    if (ascii::starts_with_nocase(text, ";UID=")) {
        slashed = '/' + std::string(text);
        rest = slashed;
    }
    if (!rest.starts_with('/')) return std::nullopt;
    if (!rest.starts_with("/;")) {
        const auto end = rest.find("/;");
        if (end == std::string_view::npos || !read_mailbox(rest.substr(1, end - 1), url))
            return std::nullopt;
        rest.remove_prefix(end);
    }
    const auto number = take(rest, "/;UID=");
    const auto uid = number ? number_of(*number) : std::nullopt;
    if (!uid) return std::nullopt;
    url.uid = *uid;
    if (const auto value = take(rest, "/;SECTION=")) {
        auto found = section_of(*value);
        if (!found) return std::nullopt;
        url.section = std::move(*found);
    }
    if (const auto value = take(rest, "/;PARTIAL=")) {
        url.partial = partial_of(*value);
        if (!url.partial) return std::nullopt;
    }
    if (!rest.empty()) return std::nullopt;
    return url;
}

std::string url_for_response(std::string_view url) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    std::string text;
    for (const char c : url) {
        const auto octet = static_cast<unsigned char>(c);
        const bool is_plain = octet > 0x20 && octet < 0x7f && c != ']' && c != '"' && c != '\\';
        if (is_plain) {
            text += c;
            continue;
        }
        text += '%';
        text += hex[octet >> 4];
        text += hex[octet & 15];
    }
    return text;
}

}  // namespace hauspost::imap
