#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/core/visible.hpp"

#include <string>
#include <vector>

/// What STATUS and GETMETADATA tell of a mailbox, and LIST with RETURN, too.
namespace hauspost::imap {

/// "* STATUS ..." with all that was asked for.
awaitable<or_answer<>> tell_status(context& session,
                                   visible_mailbox mailbox,
                                   status_items items,
                                   pace& walk);

/// "* METADATA ..." with these entries of a mailbox, NIL for those that are not there.
awaitable<error_code> tell_metadata(context& session,
                                    visible_mailbox mailbox,
                                    std::vector<std::string> entries);

}  // namespace hauspost::imap
