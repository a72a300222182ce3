#pragma once

#include "protocols/imap/grammar/section.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// Octets of a message of the account that is logged in. RFC 5092 6, 7.
struct imap_url {
    std::string mailbox;                        // UTF-8, canonical INBOX; "": the selected one
    std::optional<std::uint32_t> uid_validity;  // must be the mailbox's own
    std::uint32_t uid = 0;
    imap::section section;                 // empty: the whole message
    std::optional<imap::partial> partial;  // count is UINT32_MAX when the URL has none
    friend bool operator==(const imap_url&, const imap_url&) = default;
};

/// Reads a relative IMAP URL: "/INBOX;UIDVALIDITY=3/;UID=7/;SECTION=1.2/;PARTIAL=0.1024", or
/// ";UID=7/;SECTION=TEXT" in the selected mailbox. nullopt for anything else, whether it is no URL,
/// or names a server, a user, a search or an authorisation: we fetch nothing for anybody.
///
/// Cost  linear
/// RFC   5092 7, 11; 3986 2.1
[[nodiscard]] std::optional<imap_url> parse_imap_url(std::string_view text);

/// A URL as it may stand in a BADURL response code (RFC 4469 5): without the octets that end the
/// code.
[[nodiscard]] std::string url_for_response(std::string_view url);

}  // namespace hauspost::imap
