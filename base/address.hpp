#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::address {

// A mail address is "local-part@domain"; the last "@" counts, since a quoted local part may hold
// others (RFC 5321 4.1.2). A text without "@" is all local part.
//
// A domain with letters beyond ASCII has two spellings, as U-labels (müller.example) and as
// A-labels (xn--mller-kva.example), and both mean the same one (RFC 5890 2.3.2.1). Addresses are
// kept and compared in one form, the canonical one, and shown in the other.

/// "" when there is none. Valid as long as `text` is.
[[nodiscard]] constexpr std::string_view domain_of(std::string_view text) noexcept {
    const auto at = text.rfind('@');
    return at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
}

[[nodiscard]] constexpr std::string_view local_part_of(std::string_view text) noexcept {
    return text.substr(0, text.rfind('@'));
}

/// An address or user name in the one form in which the directory keeps and compares it: the local
/// part in lower case and NFC, the domain in lower case and A-labels (as it is, in lower case and
/// NFC, when IDNA does not allow it). What stands in it is not judged.
///
/// text     at most 1280 octets
/// Returns  nullopt when it is longer, no UTF-8, or holds NUL
[[nodiscard]] std::optional<std::string> canonical(std::string_view text);

/// A domain in lower case and A-labels: letters, digits, hyphens and underscores only.
/// Returns  nullopt when IDNA does not allow it, an A-label of it is none, or a label or the whole
///          is empty or too long
/// RFC      5891 5, UTS 46 (non-transitional), 1035 2.3.4
[[nodiscard]] std::optional<std::string> to_a_labels(std::string_view domain);

/// The address with its domain in A-labels where that is possible; the local part stays as it is.
[[nodiscard]] std::string with_a_labels(std::string_view text);

/// For people: an address or a domain in canonical form with its domain in U-labels.
[[nodiscard]] std::string shown(std::string_view canonical);

/// For a header field of a message that is all ASCII: what is not, and the backslash, as \x{e4}
/// (RFC 6533 3, utf-8-addr-xtext). canonical() takes it as it is.
[[nodiscard]] std::string in_ascii(std::string_view text);

}  // namespace hauspost::address
