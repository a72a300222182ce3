#pragma once

#include "server/config/config.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::server {

/// An amount of octets; in the file "50 MiB" or a plain number.
struct octet_size {
    std::uint64_t octets = 0;
    friend auto operator<=>(const octet_size&, const octet_size&) = default;
};

inline namespace config_literals {
constexpr octet_size operator""_kib(unsigned long long n) {
    return {n << 10};
}
constexpr octet_size operator""_mib(unsigned long long n) {
    return {n << 20};
}
constexpr octet_size operator""_gib(unsigned long long n) {
    return {n << 30};
}
}  // namespace config_literals

/// "50 MiB", "64KiB", "2 GiB", "10 MB" (powers of ten), "512". Without case; nullopt: none of these
/// or above 2^63 - 1.
[[nodiscard]] std::optional<octet_size> parse_octet_size(std::string_view text);

/// "90s", "15 min", "15m", "2h", "14d", "2w", "300". nullopt: none of these or above 100 years.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

/// "192.0.2.1:25", "[2001:db8::1]:25", ":25" (all addresses). nullopt: none of these.
[[nodiscard]] std::optional<endpoint> parse_endpoint(std::string_view text);
[[nodiscard]] std::string to_text(const endpoint& where);

/// The candidate that a mistyped word most likely means: at most a third of its letters differ.
/// Empty: none is near.
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            const std::vector<std::string_view>& candidates);

}  // namespace hauspost::server
