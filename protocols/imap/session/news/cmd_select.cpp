#include "protocols/imap/grammar/rights.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/fetch/fetch_run.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"
#include "protocols/imap/session/news/commands.hpp"
#include "protocols/imap/view/resync.hpp"
#include "storage/errc.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hauspost::imap {
namespace {

void tell_selected(context& session, const storage::mailbox_snapshot& opened) {
    const auto& box = *session.state.selected;
    const auto& enabled = session.state.enabled;
    const auto& counters = opened.info.counters;
    tell_flag_words(session);
    session.writer().numbered(box.view.size(), "EXISTS");
    tell_recent(session);
    const auto first = box.view.sequence_of(opened.first_unseen);
    // RFC 9051 Appendix E has no UNSEEN code; it is a sequence number, too (RFC 9586 3).
    if (first && !enabled.imap4rev2 && !enabled.uid_only)
        session.writer().untagged(status::ok, "UNSEEN " + std::to_string(*first),
                                  "First unseen message");
    session.writer().untagged(status::ok,
                              "UIDVALIDITY " + std::to_string(counters.uid_validity.value()),
                              "UIDs stay valid");
    session.writer().untagged(status::ok, "UIDNEXT " + std::to_string(counters.uid_next.value()),
                              "Next UID");
    session.writer().untagged(status::ok, mailbox_id_words(box.key.account, box.key.mailbox),
                              "Object id");
    tell_highest_modseq(session, box.synced);
    if (enabled.imap4rev2) session.writer().raw("* LIST () \"/\" ").mailbox(box.name).crlf();
}

/// RFC 7162 3.2.5.1: what the client missed, as UID FETCH (CHANGEDSINCE VANISHED) would tell it.
awaitable<or_answer<>> resync(context& session, const cmd::select& wanted) {
    const auto& known = *wanted.resync;
    const auto& box = *session.state.selected;
    std::string name = box.name;
    const auto found = co_await resolve(session, std::move(name));
    // Another UIDVALIDITY: the client has to forget everything, and needs nothing but the code.
    if (!found || found->info.counters.uid_validity.value() != known.uid_validity) co_return go_on;
    const auto since = modseq(known.modseq);
    number_ranges asked{{1, UINT32_MAX}};
    if (known.uids) asked = known.uids->resolve(0);
    uid from;
    if (known.match) from = last_match(box.view, known.match->sequences, known.match->uids);
    const auto told = co_await tell_earlier(session, since, asked, from);
    if (!told) co_return told.end();
    fetch_items items;
    items.flags = items.modseq = true;
    items.uid = !session.state.enabled.uid_only;  // RFC 9586 3.3: the line begins with it
    fetch_run fetching(session, items);
    fetching.only_changed_since(since);
    auto ranges = box.view.by_uid(asked);
    co_return co_await fetching.run(std::move(ranges));
}

}  // namespace

/// RFC 9051 6.3.2, RFC 3501 6.3.1: SELECT, and EXAMINE with read_only.
awaitable<answer> on(context& session, const cmd::select& wanted) {
    auto& state = session.state;
    // RFC 7162 3.2.5.
    if (wanted.resync && !state.enabled.qresync)
        co_return replies::bad("ENABLE QRESYNC comes first");
    // RFC 9586 3.7: the sample has sequence numbers.
    if (wanted.resync && wanted.resync->match && state.enabled.uid_only)
        co_return replies::uid_required();
    if (state.phase == phase::selected) {
        // RFC 9051 7.1 CLOSED: what follows speaks of the new mailbox.
        session.writer().untagged(status::ok, code::closed, "The mailbox before is closed");
        state.deselect();
    }
    std::string name = wanted.mailbox;
    const auto found = co_await permit(session, std::move(name), mail::rights::read);
    if (!found) co_return found.end();
    const auto key = found->key();
    // Listens first and reads then: what comes between the two is not missed.
    account_news news;
    if (key.account != session.account())
        news = co_await listen_to(key.account, session.ports.changes, session.news);
    auto opened = co_await session.ports.mail.open(key);
    if (!opened) co_return replies::refused(opened.error());

    auto box = std::make_unique<selected_mailbox>();
    box->key = key;
    box->name = found->info.name;
    box->rights = found->rights;
    // RFC 4314 5.2.
    box->is_examined = wanted.read_only;
    box->read_only = wanted.read_only || !found->may_any(writing_rights);
    box->keywords = std::move(opened->keywords);
    box->uid_next = opened->info.counters.uid_next;
    box->view.reset(opened->uids);
    box->note_synced(opened->info.counters.highest_modseq);
    co_await claim_recent(session, *box, opened->info.counters);
    state.selected = std::move(box);
    state.phase = phase::selected;
    state.owner_news = std::move(news);
    tell_selected(session, *opened);
    if (wanted.resync) {
        const auto done = co_await resync(session, wanted);
        if (!done) {
            state.deselect();
            co_return done.end();
        }
    }
    const auto word = state.selected->read_only ? code::read_only : code::read_write;
    co_return answer(status::ok, word, "Mailbox is open");
}

/// RFC 9051 6.4.1: expunges without telling. And without HIGHESTMODSEQ (RFC 7162 3.2.8): a client
/// that took it would never hear of what went.
awaitable<answer> on(context& session, const cmd::close&) {
    const auto& box = *session.state.selected;
    // RFC 4314 4: without the right to expunge it is only closed.
    if (box.may(mail::rights::expunge)) {
        auto all = box.view.all();
        auto by = session.state.actor();
        const auto gone =
            co_await session.ports.mail.expunge(box.key, std::move(all), std::move(by));
        if (!gone && gone.error() != storage::errc::no_such_mailbox)
            co_return replies::refused(gone.error());
    }
    session.state.deselect();
    co_return replies::ok("Closed");
}

/// RFC 3691.
awaitable<answer> on(context& session, const cmd::unselect&) {
    session.state.deselect();
    co_return replies::ok("Closed");
}

}  // namespace hauspost::imap
