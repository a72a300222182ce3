#include "protocols/message/html_entity.hpp"

#include "base/ascii.hpp"
#include "protocols/message/code_points.hpp"
#include "protocols/message/html_entity_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace hauspost::message {
namespace {

constexpr std::uint32_t replacement = 0xfffd;
constexpr std::size_t max_name_octets = 31;   // CounterClockwiseContourIntegral
constexpr std::size_t max_digit_octets = 12;  // ours: leading zeros

struct entity {
    std::string_view name;  // with "*" when it needs no semicolon
    std::string_view code_points;
    [[nodiscard]] std::string_view bare_name() const {
        return name.substr(0, std::min(name.find('*'), name.size()));
    }
};

std::string_view take_word(std::string_view& rest) {
    const auto word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size() + 1);
    return word;
}

const std::vector<entity>& entities() {
    static const auto all = [] {
        std::vector<entity> made;
        for (auto rest = html_entity_names; !rest.empty();) {
            const auto name = take_word(rest);
            made.push_back({name, take_word(rest)});
        }
        return made;
    }();
    return all;
}

const entity* find_entity(std::string_view name) {
    const auto& all = entities();
    const auto found =
        std::lower_bound(all.begin(), all.end(), name,
                         [](const entity& one, auto sought) { return one.bare_name() < sought; });
    return found != all.end() && found->bare_name() == name ? &*found : nullptr;
}

std::uint32_t hexadecimal(std::string_view digits) {
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

void append_code_points(std::string& out, std::string_view code_points) {
    const auto plus = code_points.find('+');
    append_code_point(out, hexadecimal(code_points.substr(0, plus)));
    if (plus != std::string_view::npos)
        append_code_point(out, hexadecimal(code_points.substr(plus + 1)));
}

/// The numbers 0x80 to 0x9f mean windows-1252; those that are no characters become U+FFFD.
std::uint32_t meant_by(std::uint32_t number) {
    static constexpr std::array<std::uint16_t, 32> windows = {
        0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};
    if (number >= 0x80 && number < 0xa0) return windows[number - 0x80];
    const bool is_none = number == 0 || number > 0x10ffff || (number >= 0xd800 && number < 0xe000);
    return is_none ? replacement : number;
}

/// "#228" or "#xe4" behind the "&". Returns the octets taken of it, 0 when it is none.
std::size_t take_number(std::string_view text, std::string& out) {
    const bool is_hex = text.size() > 1 && ascii::to_lower(text[1]) == 'x';
    const std::size_t begin = is_hex ? 2 : 1;
    const auto digits = text.substr(std::min(begin, text.size()), max_digit_octets);
    std::uint32_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, is_hex ? 16 : 10);
    if (error == std::errc::invalid_argument) return 0;
    append_code_point(out, error == std::errc{} ? meant_by(number) : replacement);
    const auto length = begin + static_cast<std::size_t>(end - digits.data());
    return length + (text.substr(length).starts_with(';') ? 1 : 0);
}

/// A name behind the "&". Returns the octets taken of it, 0 when it is none.
std::size_t take_name(std::string_view text, std::string& out) {
    const auto head = text.substr(0, max_name_octets + 1);
    const auto end = std::find_if_not(head.begin(), head.end(), ascii::is_alnum);
    auto name = head.substr(0, static_cast<std::size_t>(end - head.begin()));
    if (text.substr(name.size()).starts_with(';')) {
        if (const auto* known = find_entity(name)) {
            append_code_points(out, known->code_points);
            return name.size() + 1;
        }
    }
    constexpr std::size_t longest_without_semicolon = 6;
    for (name = name.substr(0, longest_without_semicolon); name.size() > 1; name.remove_suffix(1)) {
        const auto* known = find_entity(name);
        if (known == nullptr || !known->name.ends_with('*')) continue;
        append_code_points(out, known->code_points);
        return name.size();
    }
    return 0;
}

}  // namespace

std::size_t take_html_entity(std::string_view html, std::string& out) {
    const auto text = html.substr(1);
    const auto length = text.starts_with('#') ? take_number(text, out) : take_name(text, out);
    if (length == 0) out.push_back('&');
    return 1 + length;
}

}  // namespace hauspost::message
