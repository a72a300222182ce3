#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::auth {

/// What one Argon2id hash costs. RFC 9106 4 asks for more memory than most servers can give to each
/// login; these are OWASP's smallest recommended values, about 30 ms.
struct argon2_parameters {
    std::uint32_t memory_kib = 19'456;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;
    friend auto operator<=>(const argon2_parameters&, const argon2_parameters&) = default;
};

/// E04: longer ones are never hashed; no password that was set is longer.
inline constexpr std::size_t max_password_octets = 512;

/// Hashes with a new random salt. Takes tens of milliseconds: on a crypto thread only.
/// Returns  PHC form, "$argon2id$v=19$m=19456,t=2,p=1$salt$hash"
/// Throws   std::runtime_error when the library refuses (out of memory, parameters out of range)
[[nodiscard]] std::string hash_password(std::string_view password, argon2_parameters cost);

/// Costs what the parameters inside `phc` say, whatever the configuration says now.
/// Throws   std::runtime_error when phc is no Argon2id hash
[[nodiscard]] bool verify_password(const std::string& phc, std::string_view password);

/// What a hash costs. nullopt: it is none of ours.
[[nodiscard]] std::optional<argon2_parameters> cost_of(std::string_view phc);

/// True when phc was made with other parameters, or is none of ours.
[[nodiscard]] bool needs_rehash(std::string_view phc, argon2_parameters cost);

}  // namespace hauspost::auth
