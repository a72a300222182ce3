#pragma once

#include "base/awaitable.hpp"
#include "server/delivery/owner_mail.hpp"
#include "server/outbound/sending_limits.hpp"
#include "storage/directory_store.hpp"
#include "storage/sender_store.hpp"

#include <cstdint>
#include <map>

namespace hauspost::outbound {

/// Recipients, by the account that wrote to them for the first time, of whom their servers know
/// nothing.
using unknown_by_account = std::map<account_id, std::uint32_t>;

/// Notices that an account is used by somebody else: lists of addresses that are bought or guessed
/// have many that are nobody's, a company's own have few. It freezes the account and tells the owner.
///
/// Calling sequence: tell_owner() once at the start, for what was frozen and not told.
///
/// Lifetime: all that is passed in must outlive it. Thread: any.
class sender_watch {
public:
    sender_watch(storage::directory_store& directory,
                 storage::sender_store& senders,
                 const sending_limits& limits,
                 delivery::owner_mail& owner)
        : directory_(directory), senders_(senders), limits_(limits), owner_(owner) {}

    /// Never throws: what cannot be noted is logged.
    awaitable<void> note(unknown_by_account unknown);
    /// Writes about all frozen accounts of which he has not been told. Never throws.
    awaitable<void> tell_owner();

private:
    awaitable<void> count(account_id account, std::uint32_t unknown);
    awaitable<void> tell_owner_of(account_id account);

    storage::directory_store& directory_;
    storage::sender_store& senders_;
    const sending_limits& limits_;
    delivery::owner_mail& owner_;
};

}  // namespace hauspost::outbound
