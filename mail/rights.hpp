#pragma once

#include <cstdint>

namespace hauspost::mail {

/// Of `rights`, as bits.
using rights_set = std::uint32_t;

/// Rights to a mailbox, in the order "lrswipkxtea" (RFC 4314 2.1). The bits stand in the store.
namespace rights {
inline constexpr rights_set lookup = 1u << 0;           // l
inline constexpr rights_set read = 1u << 1;             // r
inline constexpr rights_set seen = 1u << 2;             // s
inline constexpr rights_set write = 1u << 3;            // w
inline constexpr rights_set insert = 1u << 4;           // i
inline constexpr rights_set post = 1u << 5;             // p
inline constexpr rights_set create = 1u << 6;           // k
inline constexpr rights_set remove = 1u << 7;           // x
inline constexpr rights_set delete_messages = 1u << 8;  // t
inline constexpr rights_set expunge = 1u << 9;          // e
inline constexpr rights_set administer = 1u << 10;      // a
inline constexpr rights_set all = 0x7ff;
}  // namespace rights

}  // namespace hauspost::mail
