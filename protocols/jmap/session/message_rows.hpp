#pragma once

#include "base/function_ref.hpp"
#include "protocols/jmap/session/call.hpp"
#include "protocols/jmap/session/email_ids.hpp"
#include "protocols/jmap/session/email_view.hpp"

#include <vector>

namespace hauspost::jmap {

/// "F..." of each mailbox of a picture.
[[nodiscard]] std::vector<std::string> mailbox_ids_of(account_id account, const account_rows& rows);

/// Goes through one message of each of some emails, mailbox by mailbox, as they lie there now; those
/// that went meanwhile are left out. Between slices others have their turn.
///
/// visit    must not wait; the view ends with it
/// Refuses  busy
/// Throws   storage::fault
awaitable<error_code> walk_emails(
    const call_context& with,
    account_id account,
    const account_rows& rows,
    const std::vector<account_rows::email>& some,
    storage::walk_detail detail,
    function_ref<void(account_rows::email, const storage::message_view&)> visit);

}  // namespace hauspost::jmap
