#pragma once

#include "base/ids.hpp"
#include "mail/date_time.hpp"
#include "mail/flags.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

/// Values of stored messages that cross the storage ports.
namespace hauspost::storage {

/// Flags of one message, as they stand.
struct message_flags {
    hauspost::uid uid;
    std::uint32_t bits = 0;
    std::vector<std::uint16_t> extra_keywords;  // ascending keyword numbers >= mail::flags::in_word
    hauspost::modseq modseq;
    bool is_foreign = false;  // of store_flags: somebody else changed it after request.known
};

/// One message during a walk. All views end with the visitor's call.
struct message_view {
    hauspost::uid uid;
    std::uint32_t flags = 0;
    const std::vector<std::uint16_t>* extra_keywords = nullptr;  // null: none
    hauspost::modseq modseq;
    // From here only when the walk asked for rows.
    std::uint64_t octets = 0;  // RFC822.SIZE: prefix and blob together
    mail::date_time internal_date;
    std::int64_t save_date = 0;  // Unix seconds, RFC 8514
    blob_id blob;
    std::uint64_t thread = 0;  // RFC 8474; 0: not known yet
    std::string_view prefix;   // header lines of this copy that come before the blob's octets
    std::string_view summary;  // message::summary, encoded when the message arrived
};

}  // namespace hauspost::storage
