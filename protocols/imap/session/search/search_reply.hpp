#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/search_options.hpp"
#include "protocols/imap/session/core/context.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// A result of SEARCH, SORT or ESEARCH, as it is told.
struct search_reply {
    std::string_view word = "SEARCH";  // of the untagged line when it is not ESEARCH
    bool by_uid = false;
    std::vector<std::uint32_t> numbers;  // sequence numbers or UIDs, in the order of the answer
    std::vector<std::uint8_t> scores;    // RFC 6203 4: beside numbers; empty: not asked for
    std::uint64_t modseq = 0;            // RFC 7162 3.1.5: of what is told; 0: not asked for
    std::string scope;                   // RFC 7377: ` MAILBOX "a" UIDVALIDITY 1`, or ""
};

/// The untagged answer; nothing when it is only to be saved (RFC 5182 2.1). False: the client is
/// lost.
awaitable<bool> tell_found(context& session,
                           const search_options& options,
                           const search_reply& reply);

/// Keeps what `$` is to stand for. RFC 5182 2.1
/// order  what was found, in the order of the answer
void save_found(selected_mailbox& box, const search_options& options, std::span<const uid> order);

}  // namespace hauspost::imap
