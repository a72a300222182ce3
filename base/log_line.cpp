#include "base/log_line.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace hauspost {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

struct member {
    std::string_view key;
    std::string_view value;
    bool is_quoted = false;
};

/// RFC 8259 7.
void append_json_string(std::string& out, std::string_view text) {
    std::string held;
    if (!utf8::is_valid(text)) text = held = utf8::repaired(text);
    out += '"';
    while (!text.empty()) {
        const auto point = utf8::first_code_point(text);
        if (utf8::is_harmless(point.value)) {
            if (point.value == '"' || point.value == '\\') out += '\\';
            out += text.substr(0, point.octets);
        } else {
            // All of them have four digits at most.
            out += "\\u";
            for (int shift = 12; shift >= 0; shift -= 4)
                out += hex[point.value >> shift & 15];
        }
        text.remove_prefix(point.octets);
    }
    out += '"';
}

int digit_of(char c) {
    const auto at = hex.find(c);
    return at == hex.npos ? -1 : static_cast<int>(at);
}

/// What log_safe has made of a text, taken back; as it stands when that were no UTF-8.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto rest = text.substr(at);
        if (rest.size() >= 4 && rest.starts_with("\\x") && digit_of(rest[2]) >= 0 &&
            digit_of(rest[3]) >= 0) {
            out += static_cast<char>(digit_of(rest[2]) * 16 + digit_of(rest[3]));
            at += 3;
        } else {
            out += rest.front();
        }
    }
    return utf8::is_valid(out) ? out : std::string(text);
}

bool is_number(std::string_view text) {
    if (text.empty() || text.size() > 15 || (text.size() > 1 && text.front() == '0')) return false;
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_key(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

/// Takes `key=value` or `key="value"` and the blank behind it off the front.
std::optional<member> take_member(std::string_view& rest) {
    const auto equals = rest.find('=');
    if (equals == rest.npos || !is_key(rest.substr(0, equals))) return std::nullopt;
    member one{rest.substr(0, equals), {}, false};
    rest.remove_prefix(equals + 1);
    one.is_quoted = rest.starts_with('"');
    if (one.is_quoted) rest.remove_prefix(1);
    const auto end = std::min(rest.find(one.is_quoted ? '"' : ' '), rest.size());
    if (one.is_quoted && end == rest.size()) return std::nullopt;
    one.value = rest.substr(0, end);
    rest.remove_prefix(end + (one.is_quoted ? 1 : 0));
    if (rest.empty()) return one;
    if (rest.front() != ' ') return std::nullopt;
    rest.remove_prefix(1);
    return one;
}

std::optional<std::vector<member>> members_of(std::string_view fact) {
    auto rest = fact;
    const auto word_length = std::min(rest.find(' '), rest.size());
    std::vector<member> all{{"event", rest.substr(0, word_length), true}};
    if (!is_key(all.front().value)) return std::nullopt;
    rest.remove_prefix(std::min(word_length + 1, rest.size()));
    while (!rest.empty()) {
        const auto one = take_member(rest);
        if (!one) return std::nullopt;
        // Two members of one name: every reader takes another one (RFC 8259 4).
        const auto is_taken = [&](const member& other) { return other.key == one->key; };
        constexpr std::array<std::string_view, 3> ours{"time", "level", "fact"};
        if (std::ranges::any_of(all, is_taken) || std::ranges::count(ours, one->key) != 0)
            return std::nullopt;
        all.push_back(*one);
    }
    return all;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text, std::string_view marks) {
    while (!text.empty()) {
        const auto point = utf8::first_code_point(text);
        const auto octets = text.substr(0, std::max<std::size_t>(1, point.octets));
        text.remove_prefix(octets.size());
        const bool is_mark = marks.find(octets.front()) != marks.npos;
        if (point.octets != 0 && !is_mark && utf8::is_harmless(point.value)) {
            out += octets;
            continue;
        }
        for (const char c : octets) {
            const auto octet = static_cast<unsigned char>(c);
            out += "\\x";
            out += hex[octet >> 4];
            out += hex[octet & 15];
        }
    }
}

void append_text_fact(std::string& out, std::string_view fact) {
    append_escaped(out, utf8::truncated(fact, max_log_fact), {});
}

void append_json_fact(std::string& out, std::string_view fact) {
    fact = utf8::truncated(fact, max_log_fact);
    const auto members = members_of(fact);
    if (!members) {
        out += ",\"fact\":";
        append_json_string(out, fact);
        return;
    }
    for (const auto& one : *members) {
        out += ',';
        append_json_string(out, one.key);
        out += ':';
        if (!one.is_quoted && is_number(one.value))
            out += one.value;
        else
            append_json_string(out, one.is_quoted ? unescaped(one.value) : std::string(one.value));
    }
}

}  // namespace hauspost
