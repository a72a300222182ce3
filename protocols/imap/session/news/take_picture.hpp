#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/view/notify.hpp"

#include <vector>

namespace hauspost::imap {

/// All mailboxes that the groups may speak of, as they are now. A picture of 1,000 costs some 2 ms.
awaitable<or_answer<notify_picture>> take_picture(context& session,
                                                  const std::vector<notify_group>& groups);

/// Listens to all whose shared mailboxes are watched.
awaitable<void> listen_to_owners(context& session, notify_watch& watch);

}  // namespace hauspost::imap
