#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/account.hpp"
#include "storage/errc.hpp"
#include "storage/expunged_message.hpp"
#include "storage/fault.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace hauspost::storage {

/// The port to mail that was expunged and waits for the end of the retention time. An address
/// names its account and all removed accounts that had this address. Works in slices that let other
/// writers in: what is refused midway, or ends unsure, has done a part.
///
/// Throws  storage::fault, all calls
/// Thread  any; all resume on the caller's executor
class expunged_store {
public:
    virtual ~expunged_store() = default;

    /// How long expunged mail is kept.
    [[nodiscard]] virtual std::chrono::seconds retention() const noexcept = 0;

    /// Octets of RFC822.SIZE and messages that are kept. 0 for an address that nobody has.
    virtual awaitable<account_usage> expunged(mail_address address) = 0;

    /// Frees all of it for good.
    /// Returns  how many messages
    /// Refuses  busy, disk_full
    virtual awaitable<result<std::uint64_t>> purge(mail_address address) = 0;

    /// Brings back what was expunged within the last so many seconds, the latest first: each
    /// message to the mailbox it was in, with its flags but \Deleted and under a new UID; what was
    /// in a mailbox that is gone, or of a removed account, to "Restored".
    /// Refuses  no_such_account, busy, disk_full, too_many_mailboxes
    virtual awaitable<result<restored_mail>> restore(mail_address address,
                                                     std::chrono::seconds within) = 0;

    /// A page of what can be brought back, the latest first; mail of the account before that of
    /// removed ones. A walk on a reader thread: some 100 ms for a million messages, some seconds
    /// where a text is looked for.
    /// Refuses  busy
    virtual awaitable<result<expunged_page>> find(expunged_query wanted,
                                                  const heading_reader& headings) = 0;

    /// Brings messages back, in the order in which they went, under new UIDs, with their flags but
    /// \Deleted: to the mailbox in which they were, which is made again where it is gone, or to the
    /// one that is named. What the quota has no room for stays expunged, and is counted. What is
    /// not kept any more is passed over.
    /// Refuses  no_such_account, busy, disk_full; with a mailbox that is named invalid_name,
    ///          too_many_mailboxes, too_many_grants
    virtual awaitable<result<mail_returned>> bring_back(restore_request wanted,
                                                        const heading_reader& headings) = 0;

    /// Expunges once more what a restore brought back and is where it put it; a mailbox that it made
    /// goes when nothing else is in it.
    /// Returns  how many messages
    /// Refuses  no_such_account, busy
    virtual awaitable<result<std::uint64_t>> undo(restore_undo what) = 0;

    /// Removed accounts of which mail is kept, the latest first; 500 at most.
    /// Refuses  busy
    virtual awaitable<result<std::vector<removed_mailer>>> removed_accounts() = 0;

    /// Of accounts that are there: more than a hundred messages, or a fifth of all that the account
    /// had and twenty at least, that went within ten minutes; since this time, the latest first, 20
    /// at most. What it says may be a minute old.
    /// Refuses  busy
    virtual awaitable<result<std::vector<mass_deletion>>> mass_deletions(std::int64_t since) = 0;
};

}  // namespace hauspost::storage
