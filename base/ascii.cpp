#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::ascii {

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), to_lower);
    return out;
}

void make_upper(std::span<char> text) noexcept {
    // Blocks of a fixed size become vector instructions: whole mails are made upper case for
    // SEARCH.
    constexpr std::size_t block = 32;
    const auto whole = text.size() / block * block;
    for (std::size_t at = 0; at < whole; at += block) {
        char* const octets = text.data() + at;
        for (std::size_t n = 0; n < block; ++n)
            octets[n] = to_upper(octets[n]);
    }
    for (std::size_t at = whole; at < text.size(); ++at)
        text[at] = to_upper(text[at]);
}

std::string uppered(std::string_view text) {
    std::string out(text);
    make_upper(out);
    return out;
}

bool equal_nocase(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return to_lower(x) == to_lower(y);
           });
}

bool starts_with_nocase(std::string_view text, std::string_view prefix) noexcept {
    return text.size() >= prefix.size() && equal_nocase(text.substr(0, prefix.size()), prefix);
}

std::size_t find_nocase(std::string_view text, std::string_view needle) noexcept {
    const auto found = std::search(text.begin(), text.end(), needle.begin(), needle.end(),
                                   [](char x, char y) { return to_lower(x) == to_lower(y); });
    if (found == text.end() && !needle.empty()) return std::string_view::npos;
    return static_cast<std::size_t>(found - text.begin());
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

}  // namespace hauspost::ascii
