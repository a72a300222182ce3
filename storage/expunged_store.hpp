#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/account.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"

#include <chrono>
#include <cstdint>

namespace hauspost::storage {

struct restored_mail {
    std::uint64_t messages = 0;
    std::uint64_t left_over_quota = 0;  // stay expunged: the quota has no room for them
};

/// The port to mail that was expunged and waits for the end of the retention time. An address
/// names its account and all removed accounts that had this address. Works in slices that let other
/// writers in: what is refused midway, or ends unsure, has done a part.
///
/// Throws  storage::fault, all calls
/// Thread  any; all resume on the caller's executor
class expunged_store {
public:
    virtual ~expunged_store() = default;

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
};

}  // namespace hauspost::storage
