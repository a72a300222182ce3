#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/sending.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hauspost::storage {

/// Recipients that an account wrote to for the first time, and of whom their servers know nothing.
struct unknown_recipients {
    account_id account;
    std::uint32_t count = 0;
    // The account is frozen when this hour and the one before have so many of them, and they are
    // such a part of the new ones.
    std::uint32_t freeze_from = 0;  // 0: never
    std::uint32_t freeze_percent = 0;
};

/// The port to what is known of accounts as senders. What they send is counted, limited and refused
/// by delivery_store::deliver, in the transaction that takes the message.
///
/// A frozen account sends nothing: deliver() refuses its messages, and what waits in the queue is
/// not claimed. It stays frozen when it is removed, so that what it has left never goes out.
///
/// Writes return after the commit has reached the disk. Beside what is said at a call, each may be
/// refused as busy, and may end unsure.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor
class sender_store {
public:
    virtual ~sender_store() = default;

    /// A small read on the calling thread, of some microseconds for each address.
    /// outside  addresses in canonical form: how many of them are new is told
    virtual awaitable<sender_state> find(account_id account, std::vector<mail_address> outside) = 0;
    /// Frozen accounts of which the owner has not been told, at most 100. A walk over all that have
    /// sent something; none when the store is busy.
    virtual awaitable<std::vector<account_id>> untold() = 0;

    /// Returns  whether this has frozen the account
    virtual awaitable<result<bool>> note_unknown(unknown_recipients noted) = 0;
    /// Refuses  no_such_account
    virtual awaitable<error_code> freeze(account_id account, freeze_reason reason) = 0;
    /// What it has in the queue goes on, in slices that let others run. What made it freeze is
    /// forgotten, so that it is not frozen again at once.
    /// Returns  how many recipients that were held back by it
    virtual awaitable<result<std::size_t>> unfreeze(account_id account) = 0;
    virtual awaitable<error_code> note_told(account_id account) = 0;
};

}  // namespace hauspost::storage
