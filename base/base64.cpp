#include "base/base64.hpp"

#include <array>

namespace hauspost::base64 {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xff;

constexpr auto digit_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

std::uint8_t digit_value(char c) {
    return digit_values[static_cast<unsigned char>(c)];
}

char octet(std::uint32_t bits) {
    return static_cast<char>(static_cast<unsigned char>(bits & 0xff));
}

}  // namespace

void mime_decoder::feed(std::string_view octets, std::string& out) {
    for (std::size_t at = 0; at < octets.size(); ++at) {
        // Four digits at a time where nothing stands between them.
        while (digits_ == 0 && octets.size() - at >= 4) {
            const auto a = digit_value(octets[at]);
            const auto b = digit_value(octets[at + 1]);
            const auto c = digit_value(octets[at + 2]);
            const auto d = digit_value(octets[at + 3]);
            if (((a | b | c | d) & 0x80) != 0) break;  // no_digit among them
            const auto bits =
                std::uint32_t{a} << 18 | std::uint32_t{b} << 12 | std::uint32_t{c} << 6 | d;
            const char decoded[3] = {octet(bits >> 16), octet(bits >> 8), octet(bits)};
            out.append(decoded, 3);
            at += 4;
        }
        if (at == octets.size()) return;
        const char c = octets[at];
        if (c == '=') {
            finish(out);
            continue;
        }
        const auto value = digit_value(c);
        if (value == no_digit) continue;
        bits_ = (bits_ << 6) | value;
        if (++digits_ < 4) continue;
        const char decoded[3] = {octet(bits_ >> 16), octet(bits_ >> 8), octet(bits_)};
        out.append(decoded, 3);
        bits_ = 0;
        digits_ = 0;
    }
}

void mime_decoder::finish(std::string& out) {
    if (digits_ == 2) out.push_back(octet(bits_ >> 4));
    if (digits_ == 3) {
        out.push_back(octet(bits_ >> 10));
        out.push_back(octet(bits_ >> 2));
    }
    bits_ = 0;
    digits_ = 0;
}

std::optional<std::string> decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    const auto digits = text.substr(0, text.size() - padding);
    std::string octets;
    octets.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : digits) {
        const auto value = digit_value(c);
        if (value == no_digit) return std::nullopt;
        bits = (bits << 6) | value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            octets.push_back(octet(bits >> held));
        }
    }
    // RFC 4648 3.5: what is left over must be zero.
    if ((bits & ((1u << held) - 1)) != 0) return std::nullopt;
    return octets;
}

std::string encode(std::string_view octets) {
    std::string out;
    out.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const auto group = octets.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = (bits << 8) | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            out.push_back(k <= group.size() ? alphabet[(bits >> (18 - 6 * k)) & 0x3f] : '=');
    }
    return out;
}

}  // namespace hauspost::base64
