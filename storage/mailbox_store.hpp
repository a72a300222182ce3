#pragma once

#include "base/awaitable.hpp"
#include "base/function_ref.hpp"
#include "base/result.hpp"
#include "mail/change.hpp"
#include "storage/account.hpp"
#include "storage/blob_store.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/mailbox.hpp"
#include "storage/message_cursor.hpp"
#include "storage/trace_event.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::storage {

struct append_request {
    mailbox_key mailbox;
    std::shared_ptr<staged_blob> blob;  // finished; committed with the message
    std::string prefix;                 // header lines before the blob, each ending in CRLF
    std::string summary;                // message::encode(summary)
    mail::flag_names flags;
    mail::date_time internal_date;
    std::uint64_t thread = 0;  // RFC 8474, message::thread_of; 0: none
    /// "<...>", of a message that the account's own user brings: if it is a copy of what he has just
    /// sent, the server's copy (delivery_request::sent) goes, and its flags are added. "": it is not.
    std::string message_id = {};
};

/// A message that goes when others come. RFC 8508.
struct replaced_message {
    mailbox_key mailbox;
    hauspost::uid uid;
};

struct append_result {
    hauspost::uid_validity uid_validity;
    hauspost::uid uid;
    hauspost::modseq modseq;
};

struct store_request {
    mailbox_key mailbox;
    mail::uid_ranges uids;
    mail::change change = mail::change::add;
    mail::flag_names flags;
    /// What `set` may change besides: the other flags of a message stay as they are (RFC 4314 4).
    mail::flag_mask changeable;
    /// RFC 7162 3.1.3: messages with a higher modseq are left alone and reported. Max: no check.
    hauspost::modseq unchanged_since{UINT64_MAX};
    /// Return all messages looked at, or only those somebody else changed after `known`.
    bool return_all = true;
    hauspost::modseq known;
};

struct store_result {
    hauspost::modseq modseq;            // of this change; 0 when nothing changed
    std::vector<message_flags> now;     // see return_all; ascending
    mail::uid_ranges modified;          // left alone because of unchanged_since
    std::vector<std::string> keywords;  // the mailbox's table after the change
};

struct copy_result {
    hauspost::uid_validity uid_validity;
    std::vector<uid> from;  // ascending
    std::vector<uid> to;    // same length
    hauspost::modseq modseq;
};

/// A mailbox and its name at some moment.
struct named_mailbox {
    mailbox_id id;
    std::string name;
};

/// What a walk reports besides flags: nothing; the row as it stands, of which a long summary is cut
/// off, at a third of the cost; all of it.
enum class walk_detail : std::uint8_t { flags_only, row_heads, rows };

/// The port through which sessions reach stored mail.
///
/// Writes return only after the commit has reached the disk. Reads see all writes that returned
/// before they were called. Beside what is said at a call, each write may be refused as busy, and
/// may end unsure. Who takes messages out says as whom, for the trace.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor
class mailbox_store {
public:
    virtual ~mailbox_store() = default;

    // --- mailboxes -----------------------------------------------------------------------------

    /// All mailboxes of an account, sorted by name, INBOX first.
    /// Refuses  no_such_account
    virtual awaitable<result<std::vector<mailbox_info>>> list(account_id account) = 0;

    /// The same in two steps, for an account with thousands of mailboxes: first the names, as they
    /// are together at one moment (1,000 are some 0.3 ms), and then what is known of some of them
    /// at a time (100 are some 0.2 ms). They keep the names that were asked for, whatever was
    /// renamed since; those that went are left out.
    /// Refuses  no_such_account
    virtual awaitable<result<std::vector<named_mailbox>>> names(account_id account) = 0;
    virtual awaitable<result<std::vector<mailbox_info>>> describe(
        account_id account, std::span<const named_mailbox> some) = 0;

    /// Names are compared in NFC, octet by octet; INBOX without case.
    /// Refuses  no_such_mailbox
    virtual awaitable<result<mailbox_info>> find(account_id account, std::string name) = 0;

    /// Makes a mailbox and the parents that are missing.
    /// Refuses  no_such_account, already_exists, invalid_name, too_many_mailboxes, disk_full
    /// RFC      9051 6.3.4
    virtual awaitable<result<mailbox_id>> create(account_id account,
                                                 std::string name,
                                                 mail::special_use use) = 0;

    /// Deletes a mailbox and its messages (recoverable as expunged ones are). One that has children
    /// stays as a name that cannot be selected and goes with the last of them.
    /// Refuses  no_such_mailbox, not_allowed (INBOX; or already only a parent)
    /// RFC      9051 6.3.5
    virtual awaitable<error_code> remove(account_id account, std::string name) = 0;

    /// Renames a mailbox and all below it. INBOX: its messages move to the new one, INBOX stays.
    /// Refuses  no_such_mailbox, already_exists, invalid_name, not_allowed (into itself),
    ///          too_many_mailboxes
    /// RFC      9051 6.3.6
    virtual awaitable<error_code> rename(account_id account, std::string from, std::string to) = 0;

    /// RFC 9051 6.3.7: a name may be subscribed that is no mailbox, and stays so when the mailbox
    /// goes.
    /// Refuses  no_such_account, invalid_name, too_many_mailboxes, disk_full
    virtual awaitable<error_code> set_subscribed(account_id account, std::string name, bool on) = 0;

    /// Subscribed names, sorted.
    virtual awaitable<result<std::vector<std::string>>> subscriptions(account_id account) = 0;

    /// One small read.
    /// Refuses  no_such_account
    virtual awaitable<result<quota_state>> quota(account_id account) = 0;

    // --- reading -------------------------------------------------------------------------------

    /// Refuses  no_such_mailbox (also for one that cannot be selected)
    virtual awaitable<result<mailbox_snapshot>> open(mailbox_key mailbox) = 0;

    /// The names of its keywords by their numbers: one small read.
    /// Refuses  no_such_mailbox
    virtual awaitable<result<std::vector<std::string>>> keywords(mailbox_key mailbox) = 0;

    /// What changed after `since`. Messages that went are those missing in `uids`. With the highest
    /// modseq there is, the mailbox as it stands and no message: walk() shows them in slices.
    /// Refuses  no_such_mailbox
    virtual awaitable<result<mailbox_changes>> changes(mailbox_key mailbox, modseq since) = 0;

    /// UIDs that were expunged after `since`.
    /// Refuses  no_such_mailbox
    /// RFC      7162 3.2.5.2
    virtual awaitable<result<vanished_uids>> vanished(mailbox_key mailbox, modseq since) = 0;

    /// Begins a walk over those of `ranges` that are there. A mailbox that is gone has none.
    /// since  only messages with a higher modseq; blocks of 64 UIDs without any cost nothing
    [[nodiscard]] virtual std::unique_ptr<message_cursor> walk(mailbox_key mailbox,
                                                               mail::uid_ranges ranges,
                                                               walk_detail detail,
                                                               modseq since = {}) = 0;

    /// Visits one message.
    /// Refuses  no_such_message, busy
    awaitable<error_code> look_at(mailbox_key mailbox,
                                  hauspost::uid id,
                                  walk_detail detail,
                                  function_ref<void(const message_view&)> visit);

    // --- writing -------------------------------------------------------------------------------

    /// Refuses  no_such_mailbox, over_quota, disk_full, too_many_keywords
    /// RFC      9051 6.3.12
    virtual awaitable<result<append_result>> append(append_request request) = 0;

    /// Stores several messages of one mailbox in one commit, or none of them; with `replaced`
    /// expunges that message (of the same account) in the same commit, whatever its flags are. Its
    /// octets count as free for the quota.
    ///
    /// Returns  one result for each request, in the same order
    /// Refuses  as append; no_such_message: the message to be replaced is gone
    /// RFC      3502, 8508
    virtual awaitable<result<std::vector<append_result>>> append_all(
        std::vector<append_request> requests,
        std::optional<replaced_message> replaced,
        trace_actor by = {}) = 0;

    /// Changes flags. All that change get one new modseq; 100,000 messages are some 3 ms of the
    /// writer.
    /// Refuses  no_such_mailbox, disk_full, too_many_keywords
    /// RFC      9051 6.4.6, 7162 3.1
    virtual awaitable<result<store_result>> store_flags(store_request request) = 0;

    /// Copies, or moves when `move` is set, also to another account, in slices that let other
    /// writers in. A copy that is refused midway is taken back; of a move, what was moved stays
    /// moved (RFC 6851 3.3).
    ///
    /// kept     flags that the copies keep (RFC 4314 4)
    /// Refuses  no_such_mailbox (either), over_quota, disk_full, too_many_keywords
    /// RFC      9051 6.4.7, 6851
    virtual awaitable<result<copy_result>> transfer(mailbox_key from,
                                                    mail::uid_ranges uids,
                                                    mailbox_key to,
                                                    bool move,
                                                    mail::flag_mask kept) = 0;
    /// The same within one account, with all flags.
    awaitable<result<copy_result>> copy(mailbox_key from,
                                        mail::uid_ranges uids,
                                        mailbox_id to,
                                        bool move);

    /// The messages that have been \Recent in no session yet are so in the caller's, and in no
    /// other one from now on. mailbox_counters tells whether there are any; without any it costs a
    /// place in the writer's queue and no sync. No change of mail: it takes no modseq, and wakes
    /// nobody.
    /// Returns  their UIDs, one range or none; it may go beyond what the caller knows of
    /// Refuses  no_such_mailbox, busy
    /// RFC      3501 2.3.2
    virtual awaitable<result<mail::uid_ranges>> claim_recent(mailbox_key mailbox) = 0;

    /// Removes those of `uids` that have \Deleted. They stay recoverable for the retention time.
    /// Returns  what was removed, ascending
    /// Refuses  no_such_mailbox, disk_full
    /// RFC      9051 6.4.3, 6.4.9
    virtual awaitable<result<mail::uid_ranges>> expunge(mailbox_key mailbox,
                                                        mail::uid_ranges uids,
                                                        trace_actor by = {}) = 0;

    /// The same for all of `uids`, whatever their flags: what a POP3 session has marked. Up to 1000
    /// go in one commit, more in as many as they need; after a refusal or a fault some may be gone.
    /// Returns  what was removed, ascending; those that were gone before are passed over
    /// Refuses  no_such_mailbox, disk_full, busy
    /// RFC      1939 6
    virtual awaitable<result<mail::uid_ranges>> remove_messages(mailbox_key mailbox,
                                                                mail::uid_ranges uids,
                                                                trace_actor by = {}) = 0;
};

}  // namespace hauspost::storage
