#include "base/base32.hpp"

#include <cstdint>

namespace hauspost::base32 {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr unsigned bits_of_digit = 5;
constexpr unsigned bits_of_octet = 8;

/// nullopt: no digit.
std::optional<std::uint32_t> value_of(char c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '0') c = 'O';
    if (c == '1') c = 'L';
    const auto at = alphabet.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint32_t>(at);
}

}  // namespace

std::string encode(std::string_view octets) {
    std::string out;
    out.reserve((octets.size() * bits_of_octet + bits_of_digit - 1) / bits_of_digit);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : octets) {
        bits = (bits << bits_of_octet) | static_cast<unsigned char>(c);
        for (count += bits_of_octet; count >= bits_of_digit; count -= bits_of_digit)
            out.push_back(alphabet[(bits >> (count - bits_of_digit)) & 31]);
    }
    if (count > 0) out.push_back(alphabet[(bits << (bits_of_digit - count)) & 31]);
    return out;
}

std::optional<std::string> decode_typed(std::string_view text) {
    std::string out;
    out.reserve(text.size() * bits_of_digit / bits_of_octet);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '=') continue;
        const auto digit = value_of(c);
        if (!digit) return std::nullopt;
        bits = (bits << bits_of_digit) | *digit;
        count += bits_of_digit;
        if (count < bits_of_octet) continue;
        count -= bits_of_octet;
        out.push_back(static_cast<char>(static_cast<unsigned char>((bits >> count) & 0xff)));
    }
    return out;
}

}  // namespace hauspost::base32
