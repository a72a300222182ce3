#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

/// Commands about mailboxes as such: their names, rights, counts, quota and notes.
namespace hauspost::imap {

awaitable<answer> on(context& session, const cmd::create& wanted);
awaitable<answer> on(context& session, const cmd::remove& wanted);
awaitable<answer> on(context& session, const cmd::rename& wanted);
awaitable<answer> on(context& session, const cmd::subscribe& wanted);
awaitable<answer> on(context& session, const cmd::unsubscribe& wanted);
awaitable<answer> on(context& session, const cmd::list& wanted);
awaitable<answer> on(context& session, const cmd::lsub& wanted);
awaitable<answer> on(context& session, const cmd::xlist& wanted);
awaitable<answer> on(context& session, const cmd::status& wanted);
awaitable<answer> on(context& session, const cmd::get_quota& wanted);
awaitable<answer> on(context& session, const cmd::get_quota_root& wanted);
awaitable<answer> on(context& session, const cmd::set_quota& wanted);
awaitable<answer> on(context& session, const cmd::get_metadata& wanted);
awaitable<answer> on(context& session, const cmd::set_metadata& wanted);
awaitable<answer> on(context& session, const cmd::set_acl& wanted);
awaitable<answer> on(context& session, const cmd::delete_acl& wanted);
awaitable<answer> on(context& session, const cmd::get_acl& wanted);
awaitable<answer> on(context& session, const cmd::list_rights& wanted);
awaitable<answer> on(context& session, const cmd::my_rights& wanted);

}  // namespace hauspost::imap
