#include "base/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace hauspost::utf8 {
namespace {

bool is_tail(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// Length of the well-formed sequence at the start of text, or 0. RFC 3629 4.
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = at(0);
    if (first < 0x80) return 1;
    std::size_t length = 0;
    unsigned low = 0x80, high = 0xbf;  // of the second octet
    if (first >= 0xc2 && first <= 0xdf) {
        length = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
        length = 3;
        if (first == 0xe0) low = 0xa0;
        if (first == 0xed) high = 0x9f;  // no surrogates
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        if (first == 0xf0) low = 0x90;
        if (first == 0xf4) high = 0x8f;
    }
    if (length == 0 || text.size() < length || at(1) < low || at(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (!is_tail(text[i])) return 0;
    return length;
}

}  // namespace

std::size_t ascii_length(std::string_view text) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080u;
    std::size_t at = 0;
    for (; at + sizeof high_bits <= text.size(); at += sizeof high_bits) {
        std::uint64_t octets;
        std::memcpy(&octets, text.data() + at, sizeof octets);
        if ((octets & high_bits) != 0) break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80)
        ++at;
    return at;
}

bool is_valid(std::string_view text) noexcept {
    for (;;) {
        text.remove_prefix(ascii_length(text));
        if (text.empty()) return true;
        const auto length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
}

bool is_ascii(std::string_view text) noexcept {
    return ascii_length(text) == text.size();
}

std::string repaired(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (length == 0) {
            out += "\xef\xbf\xbd";
            text.remove_prefix(1);
        } else {
            out.append(text.substr(0, length));
            text.remove_prefix(length);
        }
    }
    return out;
}

std::string_view truncated(std::string_view text, std::size_t max_octets) noexcept {
    if (text.size() <= max_octets) return text;
    constexpr std::size_t most_tails = 3;
    std::size_t end = max_octets;
    while (end > 0 && max_octets - end < most_tails && is_tail(text[end]))
        --end;
    return text.substr(0, is_tail(text[end]) ? max_octets : end);
}

code_point first_code_point(std::string_view text) noexcept {
    code_point found;
    found.octets = sequence_length(text);
    if (found.octets == 0) return found;
    const auto first = static_cast<unsigned char>(text.front());
    found.value = found.octets == 1 ? first : first & (0xffu >> (found.octets + 1));
    for (const char c : text.substr(1, found.octets - 1))
        found.value = found.value << 6 | (static_cast<unsigned char>(c) & 0x3f);
    return found;
}

bool is_harmless(char32_t point) noexcept {
    const auto is_within = [point](char32_t low, char32_t high) {
        return low <= point && point <= high;
    };
    return point >= 0x20 && !is_within(0x7f, 0x9f) && point != 0x061c &&
           !is_within(0x200e, 0x200f) && !is_within(0x2028, 0x202e) && !is_within(0x2066, 0x2069);
}

}  // namespace hauspost::utf8
