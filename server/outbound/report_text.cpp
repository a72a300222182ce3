#include "server/outbound/report_text.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <optional>

namespace hauspost::outbound {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::size_t max_quoted_lines = 20, max_quoted_octets = 160;
constexpr std::size_t max_field_line = 78;  // RFC 5322 2.1.1
constexpr std::size_t max_encoded_line = 76;

/// Takes a line without its end, whatever that is, off the front.
std::string_view take_any_line(std::string_view& text) {
    const auto line = text.substr(0, text.find_first_of(line_end));
    text.remove_prefix(line.size());
    if (text.starts_with(line_end))
        text.remove_prefix(line_end.size());
    else if (!text.empty())
        text.remove_prefix(1);
    return line;
}

std::optional<int> hex_digit(char c) noexcept {
    if (ascii::is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

bool is_printable(char c) noexcept {
    return c >= ' ' && c <= '~';
}

void append_hex(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto octet = static_cast<unsigned char>(c);
    out += '=';
    out += digits[octet >> 4];
    out += digits[octet & 15];
}

/// RFC 2045 6.7 rules 1 to 3: what of a line may stand as it is.
bool is_literal(std::string_view line, std::size_t at) noexcept {
    const char c = line[at];
    if (c == ' ' || c == '\t') return at + 1 < line.size();
    return c > ' ' && c <= '~' && c != '=';
}

void append_encoded_line(std::string& out, std::string_view line) {
    std::size_t octets = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool literal = is_literal(line, i);
        const std::size_t needed = literal ? 1 : 3;
        const std::size_t for_soft_end = i + 1 < line.size() ? 1 : 0;
        if (octets + needed + for_soft_end > max_encoded_line) {
            out += "=\r\n";
            octets = 0;
        }
        if (literal)
            out += line[i];
        else
            append_hex(out, line[i]);
        octets += needed;
    }
}

}  // namespace

std::string one_line(std::string_view words, std::size_t max_octets) {
    const auto sound = utf8::repaired(utf8::truncated(words, max_octets));
    std::string out;
    for (std::string_view rest = sound; !rest.empty();) {
        const auto point = utf8::first_code_point(rest);
        const auto octets = std::max<std::size_t>(point.octets, 1);
        const char c = rest.front();
        if (c == '\r' || c == '\n' || c == '\t')
            out += ' ';
        else
            out += utf8::is_harmless(point.value) ? rest.substr(0, octets) : replacement;
        rest.remove_prefix(octets);
    }
    return std::string(utf8::truncated(out, max_octets));
}

std::string ascii_line(std::string_view words, std::size_t max_octets) {
    std::string out(words.substr(0, max_octets));
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n' || c == '\t'; }, ' ');
    std::replace_if(
        out.begin(), out.end(), [](char c) { return !is_printable(c); }, '?');
    return std::string(ascii::trimmed(out));
}

std::string quoted_lines(std::string_view words, std::string_view mark) {
    std::string out;
    for (std::size_t lines = 0; !words.empty() && lines < max_quoted_lines; ++lines) {
        const auto line = one_line(take_any_line(words), max_quoted_octets);
        out += mark;
        out += ascii::trimmed(line);
        out += line_end;
    }
    return out;
}

std::string decoded_xtext(std::string_view xtext) {
    constexpr std::size_t max_octets = 500;  // RFC 3461 4.2, ORCPT
    std::string out;
    bool is_sound = xtext.size() <= max_octets;
    for (std::size_t i = 0; is_sound && i < xtext.size(); ++i) {
        char c = xtext[i];
        if (c == '+') {
            const auto high = i + 2 < xtext.size() ? hex_digit(xtext[i + 1]) : std::nullopt;
            const auto low = high ? hex_digit(xtext[i + 2]) : std::nullopt;
            if (low) c = static_cast<char>(*high * 16 + *low);
            is_sound = low.has_value();
            i += 2;
        }
        is_sound = is_sound && is_printable(c);
        out += c;
    }
    return is_sound ? out : ascii_line(xtext, max_octets);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ':';
    std::size_t line = name.size() + 1;
    while (!value.empty()) {
        const auto word = value.substr(0, value.find(' '));
        value.remove_prefix(std::min(value.size(), word.size() + 1));
        if (word.empty()) continue;
        if (line + 1 + word.size() > max_field_line && line > name.size() + 1) {
            out += line_end;
            line = 0;
        }
        out += ' ';
        out += word;
        line += 1 + word.size();
    }
    out += line_end;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        append_encoded_line(out, take_any_line(text));
        out += line_end;
    }
    return out;
}

}  // namespace hauspost::outbound
