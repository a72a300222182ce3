#pragma once

#include "base/clock.hpp"
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
    retention(environment& env, const store_options& options, const clock& time)
        : env_(env), options_(options), time_(time) {}

    /// Those older than options.retention, and the oldest of accounts that keep more than
    /// options.expunged_quotas allows.
    /// Returns  how many messages
    std::size_t purge_expired(writer& writer);

    /// Rows older than options.vanished_age, and the oldest of mailboxes with more than
    /// options.vanished_ranges. RFC 7162 3.2.5.2
    void forget_old_vanished(writer& writer);

    /// Pairs of messages in Sent that are no longer looked for (sent_copies.hpp).
    void forget_filed_copies(writer& writer);

private:
    std::size_t purge_over_limits(writer& writer);
    [[nodiscard]] account_id next_that_keeps(account_id after);
    void forget_vanished_of(writer& writer, mailbox_key box);

    environment& env_;
    const store_options& options_;
    const clock& time_;
};

}  // namespace hauspost::storage::lmdb
