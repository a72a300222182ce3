#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace hauspost::wire {

/// Counts octets whose number was announced (IMAP literal, BDAT chunk), so that exactly so many
/// are taken from the stream. Holds none of them.
class literal_reader {
public:
    literal_reader() = default;
    explicit literal_reader(std::uint64_t octets) : remaining_(octets) {}

    /// How many of `available` octets belong to the literal; counts them as taken.
    std::size_t take(std::size_t available) noexcept {
        const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(available, remaining_));
        remaining_ -= taken;
        return taken;
    }
    [[nodiscard]] bool is_done() const noexcept { return remaining_ == 0; }

private:
    std::uint64_t remaining_ = 0;
};

/// A number of octets as peers announce it: 1 to 20 digits and nothing else, below 2^64.
/// ABNF: 1*20DIGIT
[[nodiscard]] inline std::optional<std::uint64_t> parse_octet_count(
    std::string_view digits) noexcept {
    constexpr std::size_t max_digits = 20;
    constexpr auto max = std::numeric_limits<std::uint64_t>::max();
    if (digits.empty() || digits.size() > max_digits) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (number > (max - digit) / 10) return std::nullopt;
        number = number * 10 + digit;
    }
    return number;
}

}  // namespace hauspost::wire
