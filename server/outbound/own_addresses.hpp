#pragma once

#include "base/awaitable.hpp"
#include "protocols/smtp/server/policy.hpp"
#include "storage/directory_store.hpp"

namespace hauspost::outbound {

/// From which addresses an account may send: its own, with or without a detail behind "+"; aliases
/// that lead to it, directly or by other aliases; and what nobody else has in a domain whose
/// catch-all it is. In short, those by which mail comes to it, except by the forwards of others,
/// which are no right to their names. An alias that is switched off gives none.
///
/// Lifetime: the directory must outlive it. Thread: any; small reads on the calling thread.
class own_addresses final : public smtp::sender_rules {
public:
    static constexpr std::size_t max_steps = 1000;  // aliases that are followed for one answer

    explicit own_addresses(storage::directory_store& directory) : directory_(directory) {}

    awaitable<bool> may_send_as(account_id user, smtp::mailbox_address sender) override;
    /// The same for an address in canonical form (address::canonical).
    awaitable<bool> has(account_id user, storage::mail_address name);

private:
    awaitable<storage::directory_entry> find(storage::mail_address name);

    storage::directory_store& directory_;
};

}  // namespace hauspost::outbound
