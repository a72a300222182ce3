#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::mail {

/// System flags and the first keywords of a message as bits of a u32 (RFC 9051 2.3.2). Bit
/// `first_keyword + n` is keyword number n of the mailbox's keyword table, for n < in_word.
/// Keywords from number in_word on stand beside the word.
namespace flags {
inline constexpr std::uint32_t seen = 1u << 0;
inline constexpr std::uint32_t answered = 1u << 1;
inline constexpr std::uint32_t flagged = 1u << 2;
inline constexpr std::uint32_t deleted = 1u << 3;
inline constexpr std::uint32_t draft = 1u << 4;
inline constexpr std::uint32_t system = 31;  // all of the above
inline constexpr unsigned first_keyword = 8;
inline constexpr unsigned in_word = 24;
}  // namespace flags

/// Flags as words, as requests have them: system bits and keyword names without doubles. A
/// mailbox keeps a keyword in the case in which it was first used; they are compared without case.
struct flag_names {
    std::uint32_t system = 0;
    std::vector<std::string> keywords;
    friend bool operator==(const flag_names&, const flag_names&) = default;
};

/// Some of the system flags, and all keywords or none.
struct flag_mask {
    std::uint32_t system = UINT32_MAX;
    bool keywords = true;
};

}  // namespace hauspost::mail
