#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

/// Commands that change mail. APPEND and REPLACE: append_run.hpp.
namespace hauspost::imap {

awaitable<answer> on(context& session, const cmd::store& wanted);
awaitable<answer> on(context& session, const cmd::copy& wanted);
awaitable<answer> on(context& session, const cmd::move& wanted);
awaitable<answer> on(context& session, const cmd::expunge& wanted);
awaitable<answer> on(context& session, const cmd::uid_expunge& wanted);

}  // namespace hauspost::imap
