#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// Modified UTF-7 (RFC 3501 5.1.3) to UTF-8. Strict, so that each name has exactly one form on the
/// wire: no 8-bit octets or controls, no encoded printable ASCII, no unpaired surrogates, no
/// missing "-", no left-over bits, no two shifted runs side by side. nullopt: not well-formed.
[[nodiscard]] std::optional<std::string> decode_mutf7(std::string_view text);
/// The inverse. Octets that are not UTF-8 become U+FFFD first.
[[nodiscard]] std::string encode_mutf7(std::string_view name);

/// A name as a client writes it: modified UTF-7, or with `is_utf8` UTF-8 (RFC 9755 3, RFC
/// 9051 5.1), where "&" means itself. nullopt: not well-formed.
[[nodiscard]] std::optional<std::string> decode_mailbox(std::string_view wire, bool is_utf8);

/// A name or pattern in Unicode Normalization Form C, in which names are compared (RFC 5198 3): a
/// Mac writes an umlaut as two characters. Text that is not UTF-8 stays as it is.
[[nodiscard]] std::string composed(std::string text);

/// INBOX in any case, and what lies below it.
inline constexpr std::string_view inbox_name = "INBOX";
[[nodiscard]] bool is_inbox_tree(std::string_view name) noexcept;

/// In NFC; and "inbox" in any case becomes "INBOX" (RFC 9051 5.1), also as the first level of a
/// longer name, so that no second tree can stand beside it.
[[nodiscard]] std::string canonical_mailbox(std::string name);

/// What is wrong with a name for a mailbox that is to be made.
enum class name_fault : std::uint8_t {
    none,
    empty,
    too_long,     // more than max_mailbox_octets
    too_deep,     // more than max_mailbox_levels
    empty_level,  // "/a", "a/", "a//b"
    control,      // C0, DEL, C1, U+2028, U+2029 (RFC 5198 2)
    wildcard,     // "*" or "%": could not be listed
    not_utf8,
};
[[nodiscard]] name_fault check_mailbox_name(std::string_view name) noexcept;
/// For the NO that refuses it: one sentence without the name.
[[nodiscard]] std::string_view text_of(name_fault fault) noexcept;

/// Does a LIST pattern match? `*`: anything; `%`: anything but "/". Compared octet by octet,
/// "INBOX" as a whole first level without case. Cost: at most the product of both lengths, whatever
/// the pattern. RFC 9051 6.3.9
[[nodiscard]] bool list_matches(std::string_view pattern, std::string_view name);

}  // namespace hauspost::imap
