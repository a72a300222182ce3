#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/session/core/context.hpp"

namespace hauspost::imap {

/// Tells what changed in the selected mailbox since the last time; nothing when none is selected.
/// Reads the store only when news came since, or when selected_mailbox::heard is empty.
/// Whoever has lost the mailbox is told BYE.
/// may_expunge  false: messages that went are held back (RFC 9051 7.5.1)
awaitable<void> sync(context& session, bool may_expunge);

/// The same after a command: a fault in it does not undo what the command has done, so its answer
/// stays (else the client would do it twice).
awaitable<void> sync_after(context& session, bool may_expunge);

}  // namespace hauspost::imap
