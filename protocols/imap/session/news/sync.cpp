#include "protocols/imap/session/news/sync.hpp"

#include "base/log.hpp"
#include "protocols/imap/session/core/command_end.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/fetch/fetch_run.hpp"
#include "protocols/imap/session/fetch/fetch_writer.hpp"
#include "protocols/imap/session/search/live_updates.hpp"

#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace hauspost::imap {
namespace {

// Flag changes of others are told in slices: somebody may have changed a million messages.
constexpr std::size_t slice_flags = 2'048;

constexpr modseq no_flags{UINT64_MAX};  // of changes(): the messages themselves are not wanted

/// Another session may have renamed the mailbox. False: it is not there any more, or not for this
/// user; or the session ends.
awaitable<bool> find_new_name(context& session) {
    auto& box = *session.state.selected;
    pace walk(session);
    std::vector<visible_mailbox> all;
    if (!co_await list_visible(session, walk, all)) co_return false;
    for (const auto& one : all) {
        if (one.key() != box.key || !one.may(mail::rights::read)) continue;
        box.name = one.info.name;
        take_rights(session, one.rights);
        co_return true;
    }
    co_return false;
}

/// Flags that others changed. False: the client is lost.
/// but      new messages, of which the client asks itself
/// changed  gets all that changed, for searches that are kept up to date
/// tells    false: only looks which messages have changed
awaitable<bool> tell_flags(context& session,
                           std::optional<mail::uid_range> but,
                           std::vector<uid>& changed,
                           bool tells) {
    auto& box = *session.state.selected;
    const auto since = box.synced;
    const bool is_searched = !box.live.empty();
    fetch_items items;
    items.flags = true;
    items.uid = !session.state.enabled.uid_only;  // RFC 9586 3.3: the line begins with it
    fetch_writer lines(session.out(), items, box.keywords, box.recent,
                       style_of(session.state.enabled));
    const auto rows =
        session.ports.mail.walk(box.key, box.view.all(), storage::walk_detail::flags_only, since);
    while (!rows->is_done()) {
        mailbox_view::cursor cursor(box.view);
        const auto visitor = [&](const storage::message_view& message) {
            if (is_searched) changed.push_back(message.uid);
            const bool is_new = but && but->first <= message.uid && message.uid <= but->last;
            // What the client did itself it was told.
            if (!tells || is_new || box.is_own(message.modseq)) return true;
            const auto sequence = cursor.sequence_of(message.uid);
            if (sequence != 0) lines.line(sequence, message);
            return true;
        };
        const auto refused = co_await rows->next(visitor);
        if (refused) co_return false;
        if (!co_await session.make_room()) co_return false;
        if (session.is_turn_over()) co_await session.yield();
    }
    co_return true;
}

/// EXPUNGE lines, or VANISHED ones. False: the client is lost.
awaitable<bool> tell_expunged(context& session, const view_change& news) {
    if (session.state.enabled.tells_vanished())
        co_return co_await tell_vanished(session, news.vanished, false);
    for (const auto sequence : news.expunged) {
        session.writer().numbered(sequence, "EXPUNGE");
        if (!co_await session.make_room()) co_return false;
    }
    co_return true;
}

/// EXISTS, and RECENT for those who expect it. False: the client is lost.
awaitable<bool> tell_size(context& session,
                          std::uint32_t messages,
                          const storage::mailbox_counters& now) {
    auto& box = *session.state.selected;
    session.writer().numbered(messages, "EXISTS");
    // A client that waits for new mail need not wait for a commit, too.
    const bool has_claim = may_be_recent(session, now) && !box.is_examined;
    if (has_claim && !co_await session.flush()) co_return false;
    co_await claim_recent(session, box, now);
    tell_recent(session);
    co_return true;
}

/// RFC 5465 5.2: what the client wants to know of messages that others brought.
awaitable<void> tell_new_messages(context& session, mail::uid_range added) {
    const auto& notify = session.state.notify;
    const auto* group = notify ? selected_group(notify->groups) : nullptr;
    if (group == nullptr || !group->new_items) co_return;
    const auto items = *group->new_items;
    fetch_run fetching(session, items);
    mail::uid_ranges ranges{{added.first, added.last}};
    // What cannot be read is not told; a FETCH of the client says why.
    const auto done = co_await fetching.run(std::move(ranges));
    if (!done) session.log.info("notify", "refused={}", log_safe(done.end().text));
}

/// Tells what has changed, and counts with it from then on.
awaitable<void> take_over(context& session, storage::mailbox_changes changes, bool may_expunge) {
    auto& box = *session.state.selected;
    take_keywords(session, std::move(changes.keywords));
    const auto news = box.view.update(changes.uids, may_expunge);
    tell_gone(session, news);
    box.uid_next = changes.counters.uid_next;
    if (!co_await tell_expunged(session, news)) co_return;
    if (news.exists && !co_await tell_size(session, *news.exists, changes.counters)) co_return;
    // What is new the client asks for itself.
    std::optional<mail::uid_range> added;
    if (news.exists) added = news.added;
    std::vector<uid> changed;
    const auto highest = changes.counters.highest_modseq;
    const bool tells_flags = session.state.wants_flag_news();
    // NOTIFY keeps them back for now: who asks for them later is told all that is missing.
    if (!tells_flags && !box.flags_told) box.flags_told = box.synced;
    const bool is_looked_at = highest != box.synced && (tells_flags || !box.live.empty());
    if (is_looked_at && !co_await tell_flags(session, added, changed, tells_flags)) co_return;
    box.note_synced(highest);
    if (!box.live.empty()) co_await update_searches(session, std::move(changed));
    if (added) co_await tell_new_messages(session, *added);
}

}  // namespace

awaitable<void> sync(context& session, bool may_expunge) {
    auto& state = session.state;
    if (state.phase != phase::selected || !session.is_open()) co_return;
    auto& box = *state.selected;
    const bool may_tell_held = may_expunge && box.view.has_held_expunges();
    const auto heard = state.heard;  // what comes during the reads is for the next look
    if (box.heard == heard && !may_tell_held) co_return;
    // One small read tells whether anything happened in this mailbox.
    const auto seen = co_await resolve(session, box.name);
    const bool is_same =
        seen && seen->key() == box.key && seen->info.selectable && seen->may(mail::rights::read);
    if (is_same) take_rights(session, seen->rights);
    const bool has_news =
        !is_same || seen->info.counters.highest_modseq != box.synced || may_tell_held;
    if (!has_news) {
        box.heard = heard;
        co_return;
    }
    auto changes = co_await session.ports.mail.changes(box.key, no_flags);
    // Gone, or not to be read by this user any more.
    if (!changes || (!is_same && !co_await find_new_name(session))) {
        if (state.ending != ending::none || !session.is_open()) co_return;  // before that was known
        state.deselect();
        // RFC 2180 3.3: without a mailbox no number means anything any more.
        say_bye(session, "", "The selected mailbox was deleted");
        co_return;
    }
    auto news = std::move(*changes);
    co_await take_over(session, std::move(news), may_expunge);
    if (state.selected) state.selected->heard = heard;
}

awaitable<void> sync_after(context& session, bool may_expunge) {
    bool has_failed = false;
    try {
        co_await sync(session, may_expunge);
    } catch (const std::exception& fault) {  // ours; the next command tries again
        session.log.fault(fault);
        has_failed = true;
    }
    const auto& state = session.state;
    if (!state.enabled.qresync || state.phase != phase::selected) co_return;
    // The command may have told a MODSEQ above that of an expunge which the client does not know
    // of. Without a word it would take it as the mailbox's (RFC 7162 6) and never hear of that.
    if (has_failed || state.selected->view.has_held_expunges())
        tell_highest_modseq(session, state.selected->complete);
}

}  // namespace hauspost::imap
