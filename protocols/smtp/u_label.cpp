#include "protocols/smtp/u_label.hpp"

#include "base/ascii.hpp"

#include <cstdint>
#include <vector>

namespace hauspost::smtp {
namespace {

// RFC 3492 5.
constexpr std::uint32_t base = 36, t_min = 1, t_max = 26, skew = 38, damp = 700;
constexpr std::uint32_t initial_bias = 72, initial_n = 128;
constexpr std::size_t max_encoded_octets = 59;  // a label of 63 without "xn--"
constexpr std::uint32_t max_code_point = 0x10ffff;

std::uint32_t digit_of(char c) noexcept {
    if (ascii::is_alpha(c)) return static_cast<std::uint32_t>(ascii::to_lower(c) - 'a');
    if (ascii::is_digit(c)) return static_cast<std::uint32_t>(c - '0') + 26;
    return base;
}

/// RFC 3492 6.1.
std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool is_first) noexcept {
    delta = is_first ? delta / damp : delta / 2;
    delta += delta / points;
    std::uint32_t k = 0;
    for (; delta > ((base - t_min) * t_max) / 2; k += base)
        delta /= base - t_min;
    return k + (base - t_min + 1) * delta / (delta + skew);
}

void append_utf8(std::string& out, std::uint32_t c) {
    const auto put = [&out](std::uint32_t octet) { out += static_cast<char>(octet); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | (c >> 6));
        put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(0xe0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3f));
        put(0x80 | (c & 0x3f));
    } else {
        put(0xf0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3f));
        put(0x80 | ((c >> 6) & 0x3f));
        put(0x80 | (c & 0x3f));
    }
}

/// Takes one variable-length number off `text` and adds it to i. With at most 59 digits below 36
/// and the check against 2^32 nothing can overflow u64.
bool take_number(std::string_view& text, std::uint32_t bias, std::uint64_t& i) noexcept {
    std::uint64_t weight = 1;
    for (std::uint32_t k = base;; k += base) {
        if (text.empty()) return false;
        const auto digit = digit_of(text.front());
        text.remove_prefix(1);
        if (digit >= base) return false;
        i += digit * weight;
        if (i > UINT32_MAX) return false;
        const auto t = k <= bias ? t_min : k >= bias + t_max ? t_max : k - bias;
        if (digit < t) return true;
        weight *= base - t;
        if (weight > UINT32_MAX) return false;
    }
}

}  // namespace

std::optional<std::string> decode_punycode(std::string_view text) {
    if (text.empty() || text.size() > max_encoded_octets) return std::nullopt;
    std::vector<std::uint32_t> points;
    if (const auto hyphen = text.rfind('-'); hyphen != std::string_view::npos) {
        for (const char c : text.substr(0, hyphen)) {
            if (ascii::is_8bit(c)) return std::nullopt;
            points.push_back(static_cast<unsigned char>(c));
        }
        text.remove_prefix(hyphen + 1);
    }
    std::uint32_t n = initial_n, bias = initial_bias;
    std::uint64_t i = 0;
    while (!text.empty()) {
        const auto old = i;
        if (!take_number(text, bias, i)) return std::nullopt;
        const auto count = static_cast<std::uint32_t>(points.size() + 1);
        bias = adapt(static_cast<std::uint32_t>(i - old), count, old == 0);
        const auto step = static_cast<std::uint32_t>(i / count);
        if (step > max_code_point - n) return std::nullopt;
        n += step;
        i %= count;
        if (n >= 0xd800 && n <= 0xdfff) return std::nullopt;
        points.insert(points.begin() + static_cast<std::ptrdiff_t>(i), n);
        ++i;
    }
    std::string out;
    for (const auto point : points)
        append_utf8(out, point);
    return out;
}

std::string to_u_labels(std::string_view domain) {
    constexpr std::string_view prefix = "xn--";
    std::string out;
    for (;;) {
        const auto dot = domain.find('.');
        const auto label = domain.substr(0, dot);
        const bool is_encoded = ascii::starts_with_nocase(label, prefix);
        const auto decoded =
            is_encoded ? decode_punycode(label.substr(prefix.size())) : std::nullopt;
        out += decoded ? std::string_view(*decoded) : label;
        if (dot == std::string_view::npos) return out;
        out += '.';
        domain.remove_prefix(dot + 1);
    }
}

}  // namespace hauspost::smtp
