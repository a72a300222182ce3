#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

/// Commands that read messages.
namespace hauspost::imap {

awaitable<answer> on(context& session, const cmd::fetch& wanted);

}  // namespace hauspost::imap
