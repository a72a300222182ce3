#pragma once

#include "mail/rights.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// *LOWER-ALPHA -> bits. The virtual "c" stands for k and x, "d" for e and t (RFC 4314 2.1.1).
/// nullopt: a letter that is no right, which is BAD (RFC 4314 3.1).
[[nodiscard]] std::optional<std::uint32_t> parse_rights(std::string_view letters) noexcept;

/// The inverse, with "c" and "d" when one of theirs is there; "" for none.
[[nodiscard]] std::string write_rights(std::uint32_t rights);

/// What LISTRIGHTS tells of somebody who can be given each right alone: "l r s ... c d".
inline constexpr std::string_view optional_rights = "l r s w i p k x t e a c d";

/// System flags of flag_bits that may be set or cleared with these rights (RFC 4314 4).
[[nodiscard]] std::uint32_t changeable_flags(std::uint32_t rights) noexcept;

/// Without any of these SELECT is READ-ONLY (RFC 4314 5.2); all flags are shared ones here.
inline constexpr std::uint32_t writing_rights = mail::rights::insert | mail::rights::expunge |
                                                mail::rights::seen | mail::rights::write |
                                                mail::rights::delete_messages;

}  // namespace hauspost::imap
