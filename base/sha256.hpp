#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost {

/// FIPS 180-4. What is kept of a secret of many random bits, so that whoever reads a copy of the
/// store cannot use it; too quick for passwords.
using sha256_digest = std::array<char, 32>;

/// Throws  std::runtime_error when the library refuses
[[nodiscard]] sha256_digest sha256(std::string_view octets);

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(std::string_view octets);

[[nodiscard]] inline std::string_view octets_of(const sha256_digest& digest) noexcept {
    return {digest.data(), digest.size()};
}
/// nullopt: another length.
[[nodiscard]] std::optional<sha256_digest> digest_of(std::string_view octets) noexcept;

}  // namespace hauspost
