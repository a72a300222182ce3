#include "protocols/imap/session/core/replies.hpp"

#include "protocols/imap/grammar/rights.hpp"
#include "storage/errc.hpp"

namespace hauspost::imap::replies {

answer not_permitted(std::uint32_t rights) {
    if ((rights & (mail::rights::lookup | mail::rights::read)) == 0) return no_such_mailbox();
    return no(code::no_perm, "You do not have the right to do that");
}

answer refused(error_code why) {
    if (why.category() != storage::category()) return server_bug();
    switch (static_cast<storage::errc>(why.value())) {
    case storage::errc::ok: return ok("Completed");
    case storage::errc::no_such_mailbox: return no_such_mailbox();
    case storage::errc::no_such_message: return expunge_issued();
    case storage::errc::already_exists:
        return no(code::already_exists, "A mailbox of that name exists");
    case storage::errc::not_allowed: return no(code::cannot, "Not possible with this mailbox");
    case storage::errc::over_quota: return no(code::over_quota, "The account is full");
    case storage::errc::disk_full:
        return no(code::unavailable, "No room on the server; try again later");
    case storage::errc::too_many_mailboxes: return no(code::limit, "Too many mailboxes");
    case storage::errc::too_many_keywords:
        return no(code::limit, "Too many keywords in this mailbox");
    case storage::errc::too_many_annotations:
        return no(code::metadata_too_many, "Too many annotations");
    case storage::errc::too_many_grants:
        return no(code::limit, "Too many rights are given to others");
    case storage::errc::invalid_name: return no(code::cannot, "This mailbox name is not allowed");
    case storage::errc::busy: return no(code::unavailable, "The server is busy; try again later");
    case storage::errc::unsure:
        return no(code::unavailable, "Perhaps done, perhaps not; look before you try again");
    case storage::errc::no_such_account:
    case storage::errc::no_such_domain:
    case storage::errc::no_such_address:
    case storage::errc::too_many_targets:
    case storage::errc::changed_meanwhile:
    case storage::errc::over_sending_limit:
    case storage::errc::sending_frozen:
    case storage::errc::still_in_use: break;  // none of these is asked for by IMAP
    }
    return server_bug();
}

}  // namespace hauspost::imap::replies
