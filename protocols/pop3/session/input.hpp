#pragma once

#include "base/awaitable.hpp"
#include "protocols/pop3/session/context.hpp"

#include <optional>
#include <string>

namespace hauspost::pop3 {

/// Waits for octets and feeds the reader; all output is written before. While it waits no buffer is
/// held.
///
/// Every limit of time on what a client does stands here: for a stranger until he has logged in,
/// for a user from one octet to the next. A newcomer who wants the maildrop is answered here, too.
awaitable<void> wait_for_octets(context& session);

/// One line in the middle of a command, of at most max_response_octets. nullopt: there is none, and
/// the client has heard why or is gone.
awaitable<std::optional<std::string>> read_response(context& session);

/// Between the pieces of a long walk: others get their turn, and it is looked whether the client
/// is still there. False: the session ends.
awaitable<bool> may_go_on(context& session);

}  // namespace hauspost::pop3
