#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

/// Commands that look for messages.
namespace hauspost::imap {

awaitable<answer> on(context& session, const cmd::search& wanted);
awaitable<answer> on(context& session, const cmd::sort& wanted);
awaitable<answer> on(context& session, const cmd::thread& wanted);
awaitable<answer> on(context& session, const cmd::esearch& wanted);
awaitable<answer> on(context& session, const cmd::cancel_update& wanted);
awaitable<answer> on(context& session, const cmd::uid_batches& wanted);

}  // namespace hauspost::imap
