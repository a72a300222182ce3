#pragma once

#include "protocols/imap/grammar/search_options.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// A result of SEARCH, SORT or ESEARCH, ready to be told.
struct search_reply {
    std::string_view word = "SEARCH";  // of the untagged line when it is not ESEARCH
    bool by_uid = false;
    std::vector<std::uint32_t> numbers;  // sequence numbers or UIDs, in the order of the answer
    std::vector<std::uint8_t> scores;    // RFC 6203 4: beside numbers; empty: not asked for
    std::uint64_t modseq = 0;            // RFC 7162 3.1.5: of what is told; 0: not asked for
    std::string scope;                   // RFC 7377: ` MAILBOX "a" UIDVALIDITY 1`, or ""
};

}  // namespace hauspost::imap
