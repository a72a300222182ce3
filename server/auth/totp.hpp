#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Codes that an app makes of a key and the time: HMAC-SHA-1, 30 seconds, six digits, as all apps
/// know them.
namespace hauspost::auth::totp {

inline constexpr std::uint64_t step_seconds = 30;  // RFC 6238 5.2
inline constexpr unsigned digits = 6;              // RFC 4226 5.3
/// RFC 4226 4, R6: the HMAC's length.
inline constexpr std::size_t key_octets = 20;
/// RFC 6238 6: the app's clock may be one step off.
inline constexpr std::uint64_t drift_steps = 1;

/// RFC 4226 5.3
/// length   in digits, at most 8
/// Returns  exactly so many digits
/// Throws   std::runtime_error when the library refuses
[[nodiscard]] std::string hotp(std::string_view key, std::uint64_t counter, unsigned length);

/// RFC 6238 4.2
[[nodiscard]] constexpr std::uint64_t step_at(std::int64_t unix_seconds) noexcept {
    return unix_seconds < 0 ? 0 : static_cast<std::uint64_t>(unix_seconds) / step_seconds;
}

/// The step of which this is the code; of all in the drift every one is compared, whatever fits, in
/// a time that tells nothing. Blanks in what was typed do not count.
///
/// Returns  nullopt when it is the code of none of them
[[nodiscard]] std::optional<std::uint64_t> find_step(std::string_view key,
                                                     std::string_view typed,
                                                     std::int64_t unix_seconds);

}  // namespace hauspost::auth::totp
