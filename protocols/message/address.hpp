#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::message {

/// One entry of an address list. Texts are unquoted and unfolded but not decoded: a display name
/// may hold encoded words (encoded_word.hpp) or raw 8-bit octets.
struct address {
    enum class kind : std::uint8_t { mailbox, group_start, group_end };

    kind type = kind::mailbox;
    std::string display;  // group_start: the group's name; mailbox: its name, else its last comment
    std::string route;    // obsolete source route, "@a,@b"
    std::string local;    // without quotes
    std::string domain;   // "" when there was none; a literal keeps its brackets
    friend bool operator==(const address&, const address&) = default;
};

inline constexpr std::size_t max_addresses_per_field = 2000;  // ours: twice RFC 5321's recipients

/// Parses an address-list with all obsolete forms, and gets what it can out of a wrong one. Linear,
/// without recursion. Every group_start has its group_end.
///
/// value  as in the message, folded or not
/// RFC    5322 3.4, 4.4; 6854 (groups in From)
[[nodiscard]] std::vector<address> parse_address_list(std::string_view value);

}  // namespace hauspost::message
