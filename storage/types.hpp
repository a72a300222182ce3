#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "mail/change.hpp"
#include "mail/date_time.hpp"
#include "mail/flags.hpp"
#include "mail/metadata.hpp"
#include "mail/rights.hpp"
#include "mail/special_use.hpp"
#include "mail/uids.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The values that cross the storage ports.
namespace hauspost::storage {

/// A fault of the store itself: a system call or LMDB failed in a way that no caller can mend.
/// Nothing of the operation was stored. Sessions answer 451 / NO [SERVERBUG] and log it.
class fault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Names one mailbox of one account; the first part of every key of mail data.
struct mailbox_key {
    account_id account;
    mailbox_id mailbox;
    friend auto operator<=>(const mailbox_key&, const mailbox_key&) = default;
};

inline constexpr std::size_t max_keywords_per_mailbox = 256;

// --- mailboxes ---------------------------------------------------------------------------------

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

/// Flags of one message, as they stand.
struct message_flags {
    hauspost::uid uid;
    std::uint32_t bits = 0;
    std::vector<std::uint16_t> extra_keywords;  // ascending keyword numbers >= mail::flags::in_word
    hauspost::modseq modseq;
    bool is_foreign = false;  // of store_flags: somebody else changed it after request.known
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

// --- messages ----------------------------------------------------------------------------------

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

// --- accounts ----------------------------------------------------------------------------------

/// An address somebody's mail goes to, "local@domain", as address::canonical makes it.
using mail_address = std::string;

struct account {
    account_id id;
    mail_address name;  // the login
    std::string display_name;
    std::string password_hash;       // Argon2id in PHC form; empty: no login
    std::uint64_t quota_octets = 0;  // 0: no limit
    bool active = true;
    std::vector<mail_address> forwards;  // local or remote
    bool keep_copy = true;               // with forwards: also deliver here
    std::string note;
    std::int64_t created_at = 0;  // Unix seconds
};

struct alias {
    mail_address name;
    std::vector<mail_address> targets;  // local or remote, at least one
    bool enabled = true;
};

struct domain {
    std::string name;        // as address::to_a_labels makes it
    mail_address catch_all;  // empty: none
    std::int64_t created_at = 0;
};

struct account_usage {
    std::uint64_t octets = 0;
    std::uint64_t messages = 0;
};

/// What an account's mail may be and is, in octets of RFC822.SIZE.
struct quota_state {
    std::uint64_t used = 0;
    std::uint64_t limit = 0;  // 0: none
};

// --- queue -------------------------------------------------------------------------------------

/// RFC 3461 4.1. Empty: default.
struct queue_recipient {
    mail_address to;
    std::string original;  // ORCPT as given, "type;xtext"
    std::string notify;    // "NEVER", or a list of SUCCESS, FAILURE, DELAY
    std::uint8_t attempts = 0;
};

struct queue_item {
    queue_id id;
    mail_address reverse_path;  // empty: the null reverse-path <>
    std::vector<queue_recipient> recipients;
    std::string envelope_id;  // ENVID
    std::string ret;          // FULL or HDRS
    bool smtputf8 = false;
    bool is_8bit = false;
    blob_id blob;
    std::string prefix;  // header lines before the blob's octets
    std::uint64_t octets = 0;
    std::int64_t created_at = 0;  // Unix seconds
    std::int64_t due_at = 0;
    bool held = false;
};

}  // namespace hauspost::storage
