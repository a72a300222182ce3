#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/session/core/context.hpp"

#include <cstddef>

/// What a client that has asked for it is told out of turn. RFC 5465
namespace hauspost::imap {

inline constexpr std::size_t max_watched_mailboxes = 1'000;

/// Between two commands and in IDLE: what NOTIFY asked for, at once. Precondition: it asked.
awaitable<void> push_news(context& session);

/// Between two commands: the same when there may be something. A fault of ours is logged, and the
/// next commit tries again.
awaitable<void> push_if_due(context& session);

}  // namespace hauspost::imap
