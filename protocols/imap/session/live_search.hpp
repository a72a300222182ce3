#pragma once

#include "protocols/imap/search.hpp"
#include "protocols/imap/uid_bits.hpp"

#include <cstddef>
#include <string>

namespace hauspost::imap {

/// A search whose result the client is kept informed of: RETURN (UPDATE), RFC 5267 4.3. It lives as
/// long as the mailbox is selected, or until CANCELUPDATE.
struct live_search {
    std::string tag;  // of the command that began it
    bool by_uid = false;
    search_program program;  // as it came; without sequence numbers and `$`
    uid_bits found;
};

// RFC 5267 4.3.1 wants one at least. Each costs a search in what has changed, at every change.
inline constexpr std::size_t max_live_searches = 8;

}  // namespace hauspost::imap
