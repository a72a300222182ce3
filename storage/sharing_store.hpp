#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "mail/change.hpp"
#include "mail/rights.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/mail_address.hpp"
#include "storage/mailbox.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hauspost::storage {

inline constexpr std::size_t max_grants = 100;             // of one mailbox
inline constexpr std::size_t max_shared_mailboxes = 2000;  // that one account is told of
inline constexpr const char* anyone = "anyone";

/// A mailbox of another account.
struct shared_mailbox {
    account_id owner;
    mail_address owner_address;
    mailbox_info info;  // the name as its owner sees it
    mail::rights_set rights = 0;
};

/// Its name at some moment.
struct named_share {
    mailbox_key mailbox;
    mail_address owner_address;
    std::string name;  // as its owner sees it
};

struct grant {
    std::string identifier;  // an account's address, or `anyone`
    mail::rights_set rights = 0;
    friend bool operator==(const grant&, const grant&) = default;
};

/// The port to who may do what with whose mailbox. The owner may do everything and stands in no
/// list. `anyone` is every account of the owner's domain: one server may hold mail of several firms.
///
/// A new mailbox takes the rights of the one above it. Rights go with their mailbox, and with the
/// account they were given to.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk, and may end unsure.
class sharing_store {
public:
    virtual ~sharing_store() = default;

    /// Refuses  no_such_mailbox: no such owner, no such mailbox, or the viewer has no right to it.
    ///          Nothing tells these apart.
    virtual awaitable<result<shared_mailbox>> find_shared(account_id viewer,
                                                          mail_address owner,
                                                          std::string name) = 0;

    /// All to which the viewer has any right, sorted by owner and name; the first
    /// max_shared_mailboxes.
    virtual awaitable<result<std::vector<shared_mailbox>>> list_shared(account_id viewer) = 0;

    /// The same in two steps, as mailbox_store::names and describe.
    virtual awaitable<result<std::vector<named_share>>> shared_names(account_id viewer) = 0;
    virtual awaitable<result<std::vector<shared_mailbox>>> describe_shared(
        account_id viewer, std::span<const named_share> some) = 0;

    /// Sorted by identifier, the owner left out.
    /// Refuses  no_such_mailbox
    virtual awaitable<result<std::vector<grant>>> grants(mailbox_key mailbox) = 0;

    /// The rights of one identifier; with none left its row goes.
    /// Refuses  no_such_mailbox, no_such_account (the identifier names none), not_allowed (it names
    ///          the owner), too_many_grants, disk_full, busy
    virtual awaitable<error_code> change_rights(mailbox_key mailbox,
                                                std::string identifier,
                                                mail::change how,
                                                mail::rights_set rights) = 0;
};

}  // namespace hauspost::storage
