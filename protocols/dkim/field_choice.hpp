#pragma once

#include "protocols/dkim/relaxed_header.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hauspost::dkim {

/// The names for h=: each field that tells who writes to whom, when, about what and how it is to be
/// read, as often as the header has it. Those of which a reader shows one are named once more, so
/// that nobody can put another in front (RFC 6376 5.4, 8.15; D11). Fields that change on the way
/// (Received, Return-Path, Authentication-Results) are left out.
///
/// Returns  nullopt when these are more than limits::max_signed_names
[[nodiscard]] std::optional<std::vector<std::string>> choose_fields(const field_index& header);

}  // namespace hauspost::dkim
