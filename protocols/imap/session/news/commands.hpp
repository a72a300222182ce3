#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

/// Commands about what is told of a mailbox: which one, and when.
namespace hauspost::imap {

awaitable<answer> on(context& session, const cmd::select& wanted);
awaitable<answer> on(context& session, const cmd::close& wanted);
awaitable<answer> on(context& session, const cmd::unselect& wanted);
awaitable<answer> on(context& session, const cmd::idle& wanted);
awaitable<answer> on(context& session, const cmd::notify& wanted);

}  // namespace hauspost::imap
