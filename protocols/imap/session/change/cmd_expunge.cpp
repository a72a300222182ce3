#include "protocols/imap/session/change/commands.hpp"
#include "protocols/imap/session/core/selection.hpp"

#include <utility>

namespace hauspost::imap {
namespace {

/// What went is told by the sync after the command, as for every session.
awaitable<answer> expunge(context& session, mail::uid_ranges uids) {
    const auto& box = *session.state.selected;
    if (!box.may(mail::rights::expunge)) co_return replies::not_permitted(box.rights);
    auto by = session.state.actor();
    const auto gone = co_await session.ports.mail.expunge(box.key, std::move(uids), std::move(by));
    if (!gone) co_return replies::refused(gone.error());
    auto end = replies::ok("Expunged");
    end.tells_modseq = !gone->empty();
    co_return end;
}

}  // namespace

/// RFC 9051 6.4.3.
awaitable<answer> on(context& session, const cmd::expunge&) {
    // Only what the client knows of: a message that another session marks meanwhile stays.
    auto all = session.state.selected->view.all();
    co_return co_await expunge(session, std::move(all));
}

/// RFC 4315 2.1.
awaitable<answer> on(context& session, const cmd::uid_expunge& wanted) {
    auto uids = messages_of(session, wanted.uids, true);
    if (!uids) co_return uids.end();
    const auto lowest = keep_to_limit(session, *uids);
    auto end = co_await expunge(session, std::move(*uids));
    co_return with_limit(session, std::move(end), lowest);
}

}  // namespace hauspost::imap
