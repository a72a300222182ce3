#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

/// Who is there and how we speak with each other: commands that are about the connection.
namespace hauspost::imap {

awaitable<answer> on(context& session, const cmd::capability& wanted);
awaitable<answer> on(context& session, const cmd::noop& wanted);
awaitable<answer> on(context& session, const cmd::check& wanted);
awaitable<answer> on(context& session, const cmd::logout& wanted);
awaitable<answer> on(context& session, const cmd::namespaces& wanted);
awaitable<answer> on(context& session, const cmd::id& wanted);
awaitable<answer> on(context& session, const cmd::starttls& wanted);
awaitable<answer> on(context& session, const cmd::authenticate& wanted);
awaitable<answer> on(context& session, const cmd::login& wanted);
awaitable<answer> on(context& session, const cmd::unauthenticate& wanted);
awaitable<answer> on(context& session, const cmd::enable& wanted);
awaitable<answer> on(context& session, const cmd::compress& wanted);

/// follow_up::start_tls: the handshake. What came in before it is thrown away, since anybody may
/// have written it, and the client begins afresh; it asks for the capabilities again.
awaitable<void> start_tls(context& session);
/// follow_up::start_compression. What the client has sent behind its command is compressed already
/// (RFC 4978 3).
awaitable<void> start_compression(context& session);

}  // namespace hauspost::imap
