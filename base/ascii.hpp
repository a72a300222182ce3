#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hauspost::ascii {

// Letters, digits and case of US-ASCII, whatever the locale. Octets above 127 are left alone.

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
[[nodiscard]] constexpr bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
    return is_upper(c) || is_lower(c);
}
[[nodiscard]] constexpr bool is_alnum(char c) noexcept {
    return is_alpha(c) || is_digit(c);
}
[[nodiscard]] constexpr bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
[[nodiscard]] constexpr bool is_8bit(char c) noexcept {
    return static_cast<unsigned char>(c) > 127;
}
[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] constexpr char to_upper(char c) noexcept {
    return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

[[nodiscard]] std::string lowered(std::string_view text);
void make_upper(std::span<char> text) noexcept;
[[nodiscard]] std::string uppered(std::string_view text);
[[nodiscard]] bool equal_nocase(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool starts_with_nocase(std::string_view text, std::string_view prefix) noexcept;
/// Position of the first match of `needle`, or npos. An empty needle matches at 0.
[[nodiscard]] std::size_t find_nocase(std::string_view text, std::string_view needle) noexcept;
/// Without leading and trailing space, tab, CR and LF.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

}  // namespace hauspost::ascii
