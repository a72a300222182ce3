#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/core/visible.hpp"
#include "storage/sharing_store.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// From the names that a client uses to mailboxes, its own and those of others. No command asks the
/// store by name itself.
namespace hauspost::imap {

/// Refuses  storage::errc::no_such_mailbox, also where the owner's address is nobody's
awaitable<result<visible_mailbox>> resolve(context& session, std::string name);

/// A mailbox with which the user may do what he wants. Who may not even see it hears what he would
/// of one that is not there.
/// rights  all that are needed, of mail::rights
awaitable<or_answer<visible_mailbox>> permit(context& session,
                                             std::string name,
                                             std::uint32_t rights);
/// For APPEND, COPY and MOVE: one that is not there is TRYCREATE (RFC 9051 6.3.12).
awaitable<or_answer<visible_mailbox>> permit_insert(context& session, std::string name);
/// The mailbox above a name in "Shared/", below which one may be made.
awaitable<or_answer<visible_mailbox>> permit_below(context& session, std::string name);

/// The user's own mailboxes; those of others; and all that LIST may speak of, parents in "Shared/"
/// included. In slices; all names are as they were at one moment.
awaitable<or_answer<>> list_own(context& session,
                                pace& walk,
                                std::vector<storage::mailbox_info>& all);
awaitable<or_answer<>> list_shared(context& session,
                                   pace& walk,
                                   std::vector<storage::shared_mailbox>& all);
awaitable<or_answer<>> list_visible(context& session,
                                    pace& walk,
                                    std::vector<visible_mailbox>& all);

}  // namespace hauspost::imap
