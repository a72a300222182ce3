#pragma once

#include "base/clock.hpp"
#include "storage/lmdb/keeping_now.hpp"
#include "storage/lmdb/store_options.hpp"
#include "storage/lmdb/writer.hpp"

#include <cstddef>

namespace hauspost::storage::lmdb {

/// What goes because its time is over: expunged messages, and what is remembered of UIDs that
/// vanished. In operations of the writer that let others in between; what is refused (the store is
/// stopping, or full) is left for the next round.
///
/// Throws  fault
/// Thread  any that may block, one at a time
class retention {
public:
    retention(environment& env,
              const store_options& options,
              const keeping_now& keeping,
              const clock& time)
        : env_(env), options_(options), keeping_(keeping), time_(time) {}

    /// Those older than keeping.deleted_mail, and the oldest of accounts that keep more than
    /// options.expunged_quotas allows.
    /// Returns  how many messages
    std::size_t purge_expired(writer& writer);

    /// Rows older than options.vanished_age, and the oldest of mailboxes with more than
    /// options.vanished_ranges. RFC 7162 3.2.5.2
    void forget_old_vanished(writer& writer);

    /// Correspondents to whom nothing was written for options.correspondent_age, once a day; and lets
    /// go what a crash left frozen in the queue of senders that are not.
    void keep_senders(writer& writer);
    /// Rows of the trace older than keeping.trace_days, and the oldest while it takes more than
    /// options.trace_octets.
    void forget_old_trace(writer& writer);
    /// Entries of the audit log older than options.audit_age.
    void forget_old_audit(writer& writer);

    /// Bans that have been over for long.
    void forget_old_bans(writer& writer);
    /// Names of mailboxes that went longer ago than keeping.deleted_mail: no message of theirs is kept.
    /// After purge_expired.
    void forget_gone_mailboxes(writer& writer);

    /// Pairs of messages in Sent that are no longer looked for (sent_copies.hpp).
    void forget_filed_copies(writer& writer);

private:
    std::size_t purge_over_limits(writer& writer);
    [[nodiscard]] account_id next_that_keeps(account_id after);
    void forget_vanished_of(writer& writer, mailbox_key box);
    void forget_correspondents_of(writer& writer, account_id account, std::uint32_t before_day);
    [[nodiscard]] account_id next_of(table which, account_id after);

    environment& env_;
    const store_options& options_;
    const keeping_now& keeping_;
    const clock& time_;
    std::int64_t looked_on_ = 0;  // day since 1970, at correspondents
};

}  // namespace hauspost::storage::lmdb
