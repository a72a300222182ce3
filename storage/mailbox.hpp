#pragma once

#include "base/ids.hpp"
#include "mail/special_use.hpp"
#include "mail/uids.hpp"
#include "storage/message.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Values of mailboxes that cross the storage ports.
namespace hauspost::storage {

/// Names one mailbox of one account; the first part of every key of mail data.
struct mailbox_key {
    account_id account;
    mailbox_id mailbox;
    friend auto operator<=>(const mailbox_key&, const mailbox_key&) = default;
};

inline constexpr std::size_t max_keywords_per_mailbox = 256;

struct mailbox_counters {
    std::uint32_t messages = 0;
    std::uint32_t unseen = 0;   // without \Seen
    std::uint32_t deleted = 0;  // with \Deleted
    std::uint64_t octets = 0;   // sum of RFC822.SIZE
    hauspost::uid_validity uid_validity;
    uid uid_next;
    modseq highest_modseq;
    /// UIDs that went with a higher modseq than this are all remembered; of older ones some may be
    /// forgotten. RFC 7162 3.2.5.2
    modseq vanished_floor;
    std::uint32_t vanished_ranges = 0;  // how many are remembered
    /// Messages from this UID on have been \Recent in no session yet (claim_recent). At most
    /// uid_next. RFC 3501 2.3.2
    uid first_recent;
    std::uint32_t recent = 0;  // how many those are
};

struct mailbox_info {
    mailbox_id id;
    std::string name;  // UTF-8, '/' between levels, "INBOX" in capitals
    mail::special_use use = mail::special_use::none;
    bool subscribed = false;
    bool selectable = true;  // false: only a parent of others is left (RFC 9051 \NonExistent)
    mailbox_counters counters;
};

/// A mailbox at one moment: all that SELECT needs.
struct mailbox_snapshot {
    mailbox_info info;
    std::vector<std::string> keywords;  // keyword number n is keywords[n]
    std::vector<mail::uid_block> uids;
    uid first_unseen;  // 0: all are seen
};

/// What has gone from a mailbox.
struct vanished_uids {
    mail::uid_ranges ranges;
    bool is_complete = true;  // false: more may have gone, too long ago to be remembered
};

/// What has changed in a mailbox after a modseq.
struct mailbox_changes {
    mailbox_counters counters;
    std::vector<std::string> keywords;
    std::vector<mail::uid_block> uids;   // all that are there now
    std::vector<message_flags> changed;  // ascending; those with modseq > since, new ones included
};

}  // namespace hauspost::storage
