#include "base/log.hpp"
#include "protocols/pop3/session/commands.hpp"

#include <utility>

namespace hauspost::pop3 {
namespace {

/// is_done  false: something that is marked is still there
awaitable<void> remove_marked(context& session, bool& is_done) {
    auto& state = session.state;
    is_done = state.maildrop.marked() == 0;
    if (is_done) co_return;
    auto ranges = state.maildrop.deleted();
    storage::trace_actor by(storage::trace_door::pop3, state.user.address);
    const auto gone =
        co_await session.ports.mail.remove_messages(state.inbox, std::move(ranges), std::move(by));
    is_done = gone.has_value();
    if (!gone) {
        session.log.warn("not_removed", "reason={}", log_safe(gone.error().message()));
        co_return;
    }
    for (const auto& range : *gone)
        state.removed += range.last.value() - range.first.value() + 1;
}

}  // namespace

/// RFC 1939 6: the UPDATE state. +OK means that all that was marked is gone from the disk. The
/// maildrop is free before the client hears so and may come back.
awaitable<void> on(context& session, const cmd::quit&) {
    bool is_done = !session.is_logged_in();
    if (!is_done) {
        auto seen = mark_seen(session);
        co_await session.loop.guarded(std::move(seen));
        auto removing = remove_marked(session, is_done);
        co_await session.loop.guarded(std::move(removing));
        session.state.give_maildrop_back();
    }
    if (is_done)
        session.say(replies::bye);
    else
        session.refuse(replies::not_removed);
    session.loop.close("quit");
}

awaitable<void> mark_seen(context& session) {
    storage::store_request request;
    request.mailbox = session.state.inbox;
    request.uids = session.state.maildrop.newly_seen();
    if (request.uids.empty()) co_return;
    request.change = mail::change::add;
    request.flags.system = mail::flags::seen;
    request.return_all = false;
    const auto stored = co_await session.ports.mail.store_flags(std::move(request));
    // On a full disk mail can still be fetched; it just stays unseen.
    if (!stored)
        session.log.info("not_marked_seen", "reason={}", log_safe(stored.error().message()));
}

}  // namespace hauspost::pop3
