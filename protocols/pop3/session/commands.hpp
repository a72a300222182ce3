#pragma once

#include "base/awaitable.hpp"
#include "protocols/pop3/command.hpp"
#include "protocols/pop3/session/context.hpp"

/// The handlers of all commands (context.hpp tells what a handler is), by the files they stand in.
namespace hauspost::pop3 {

// --- cmd_login.cpp: who is there ---

awaitable<void> on(context& session, const cmd::user& wanted);
awaitable<void> on(context& session, const cmd::pass& wanted);
awaitable<void> on(context& session, const cmd::auth& wanted);
awaitable<void> on(context& session, const cmd::stls& wanted);

/// session_state::wants_tls: the handshake, after the +OK. What came in before it is thrown away
/// (RFC 2595 4: anybody may have written it) and the client begins afresh.
awaitable<void> start_tls(context& session);

// --- cmd_simple.cpp: how we speak with each other ---

awaitable<void> on(context& session, const malformed& wanted);
awaitable<void> on(context& session, const cmd::capa& wanted);
awaitable<void> on(context& session, const cmd::utf8& wanted);
awaitable<void> on(context& session, const cmd::lang& wanted);
awaitable<void> on(context& session, const cmd::noop& wanted);

// --- cmd_maildrop.cpp: what is there, and what shall go ---

awaitable<void> on(context& session, const cmd::stat& wanted);
awaitable<void> on(context& session, const cmd::list& wanted);
awaitable<void> on(context& session, const cmd::uidl& wanted);
awaitable<void> on(context& session, const cmd::dele& wanted);
awaitable<void> on(context& session, const cmd::rset& wanted);

/// A message that is there and not marked to be deleted; else null, and the answer is given.
[[nodiscard]] const maildrop_message* find_message(context& session, std::uint64_t number);

// --- cmd_retrieve.cpp: its octets ---

awaitable<void> on(context& session, const cmd::retr& wanted);
awaitable<void> on(context& session, const cmd::top& wanted);

// --- cmd_quit.cpp: the UPDATE state ---

awaitable<void> on(context& session, const cmd::quit& wanted);

/// What RETR has sent gets \Seen. Precondition: the maildrop is held.
awaitable<void> mark_seen(context& session);

}  // namespace hauspost::pop3
