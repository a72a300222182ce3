#pragma once

#include "base/secret.hpp"
#include "base/sha256.hpp"

#include <optional>
#include <string_view>

/// Codes for whoever has lost what makes his one-time codes: 80 random bits each, so that a plain
/// digest of them tells nothing.
namespace hauspost::recovery_code {

/// A new one, as it is shown: "k2mq-7xdo-pw3t-9xqd".
[[nodiscard]] secret make();

/// What is kept of one, however it was typed: in any case, without hyphens, with blanks.
/// Returns  nullopt for what cannot be one
[[nodiscard]] std::optional<sha256_digest> digest(std::string_view typed);

}  // namespace hauspost::recovery_code
