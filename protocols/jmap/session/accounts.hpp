#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "mail/rights.hpp"
#include "protocols/jmap/session/ports.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

/// A mailbox as somebody sees it.
struct visible_box {
    storage::mailbox_info info;
    mail::rights_set rights = mail::rights::all;
    std::string id;
    std::string parent;  // id; "": none, or none that he sees
    std::string name;    // the last level, or more where what is above is not to be seen

    [[nodiscard]] bool may(mail::rights_set wanted) const noexcept {
        return (rights & wanted) == wanted;
    }
};

/// His own account, or that of somebody who shares mailboxes with him.
struct visible_account {
    account_id number;
    std::string id;
    std::string name;  // address
    bool is_own = false;
    std::vector<visible_box> boxes;  // those with `l` (RFC 4314), as IMAP lists them

    [[nodiscard]] const visible_box* find(std::string_view id) const noexcept;
    /// Those whose mail may be read.
    [[nodiscard]] std::vector<storage::mailbox_info> readable() const;
};

/// All that somebody sees, the own account first. The same rights as by IMAP: those of the store.
///
/// Refuses  no_such_account: his own has just gone
/// Throws   storage::fault
awaitable<result<std::vector<visible_account>>> list_accounts(const session_ports& ports,
                                                              const sasl::identity& user);

}  // namespace hauspost::jmap
