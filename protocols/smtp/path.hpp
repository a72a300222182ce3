#pragma once

#include "protocols/smtp/mailbox_address.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// RFC 5321 4.5.3.1.1: 64 is what everybody must take; bounce addresses of mailing services and
/// forwarders are longer. So many fit into a header line of 998 octets, each of them quoted.
inline constexpr std::size_t max_local_part_octets = 320;
inline constexpr std::size_t max_domain_octets = 255;  // RFC 5321 4.5.3.1.2
inline constexpr std::size_t max_label_octets = 63;    // RFC 1035 2.3.4

/// Reads one path from the beginning of `text` and takes it off, up to and with its ">".
///
///   Reverse-path = Path / "<>"
///   Path         = "<" [ A-d-l ":" ] Mailbox ">"          ; RFC 5321 4.1.2
///
/// Source routes are read and ignored (RFC 5321 appendix C). UTF-8 is let through (RFC 6531 3.3);
/// whether the transaction allows it is the caller's to decide. Names are in lower case afterwards
/// where they are ASCII; the local part is kept as it came, but unquoted.
///
/// Returns  nullopt when it is not a path; `text` is then unspecified. "<>" gives a null address.
[[nodiscard]] std::optional<mailbox_address> parse_path(std::string_view& text);

/// A Mailbox of RFC 5321 4.1.2 with nothing around it: "ann@example.test".
[[nodiscard]] std::optional<mailbox_address> parse_mailbox(std::string_view text);

/// "local@domain" as a peer may read it: the local part is quoted where it must be. "" for the null
/// address.
[[nodiscard]] std::string to_text(const mailbox_address& address);

[[nodiscard]] bool is_ascii(const mailbox_address& address) noexcept;

/// Host name of RFC 5321 4.1.2 (letters, digits, hyphens, underscores too because they are in use;
/// UTF-8 labels) or an address literal.
[[nodiscard]] bool is_domain(std::string_view text) noexcept;
[[nodiscard]] bool is_address_literal(std::string_view text) noexcept;

}  // namespace hauspost::smtp
