#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// Rights of RFC 4314 2.1 as bits, in the order "lrswipkxtea"; the same bits as the store's.
namespace right_bits {
inline constexpr std::uint32_t lookup = 1u << 0;           // l
inline constexpr std::uint32_t read = 1u << 1;             // r
inline constexpr std::uint32_t seen = 1u << 2;             // s
inline constexpr std::uint32_t write = 1u << 3;            // w
inline constexpr std::uint32_t insert = 1u << 4;           // i
inline constexpr std::uint32_t post = 1u << 5;             // p
inline constexpr std::uint32_t create = 1u << 6;           // k
inline constexpr std::uint32_t remove = 1u << 7;           // x
inline constexpr std::uint32_t delete_messages = 1u << 8;  // t
inline constexpr std::uint32_t expunge = 1u << 9;          // e
inline constexpr std::uint32_t administer = 1u << 10;      // a
inline constexpr std::uint32_t all = 0x7ff;
}  // namespace right_bits

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
inline constexpr std::uint32_t writing_rights = right_bits::insert | right_bits::expunge |
                                                right_bits::seen | right_bits::write |
                                                right_bits::delete_messages;

}  // namespace hauspost::imap
