#pragma once

#include <string>
#include <string_view>

namespace hauspost::imap {

/// The first level of other users' mailboxes (RFC 2342 3).
inline constexpr std::string_view owners_root = "Shared";

/// The address in "Shared/<owner's address>/..." becomes address::canonical of it; all else stays.
/// For names of mailboxes, and for references and patterns of LIST.
[[nodiscard]] std::string canonical_owner(std::string name);

}  // namespace hauspost::imap
