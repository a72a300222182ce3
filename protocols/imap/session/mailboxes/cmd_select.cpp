#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/fetch/fetch_run.hpp"
#include "protocols/imap/session/fetch/flag_writer.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"
#include "protocols/imap/view/resync.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

constexpr std::uint32_t slice_of_missing = 65'536;  // messages that are there; a millisecond

/// The ranges from `next` on as far as `end`; cuts the one that goes on behind it.
mail::uid_ranges take_up_to(mail::uid_ranges& ranges, std::size_t& next, uid end) {
    mail::uid_ranges slice;
    for (; next < ranges.size() && ranges[next].first <= end; ++next) {
        auto& range = ranges[next];
        if (range.last > end) {
            slice.push_back({range.first, end});
            range.first = uid(end.value() + 1);
            break;
        }
        slice.push_back(range);
    }
    return slice;
}

}  // namespace

/// RFC 9051 6.3.2, RFC 3501 6.3.1: SELECT, and EXAMINE with read_only.
awaitable<answer> connection::on(const cmd::select& wanted) {
    // RFC 7162 3.2.5.
    if (wanted.resync && !enabled_.qresync) co_return replies::bad("ENABLE QRESYNC comes first");
    // RFC 9586 3.7: the sample has sequence numbers.
    if (wanted.resync && wanted.resync->match && enabled_.uid_only)
        co_return replies::uid_required();
    if (phase_ == phase::selected) {
        // RFC 9051 7.1 CLOSED: what follows speaks of the new mailbox.
        writer().untagged(status::ok, code::closed, "The mailbox before is closed");
        deselect();
    }
    std::string name = wanted.mailbox;
    const auto found = co_await permit(std::move(name), mail::rights::read);
    if (!found.mailbox) co_return found.refused;
    const auto key = found.mailbox->key();
    auto opened = co_await ports_.mail.open(key);
    if (!opened) co_return replies::refused(opened.error());

    auto box = std::make_unique<selected_mailbox>();
    box->key = key;
    box->name = found.mailbox->info.name;
    box->rights = found.mailbox->rights;
    // RFC 4314 5.2.
    box->is_examined = wanted.read_only;
    box->read_only = wanted.read_only || !found.mailbox->may_any(writing_rights);
    box->keywords = std::move(opened->keywords);
    box->uid_next = opened->info.counters.uid_next;
    box->view.reset(opened->uids);
    box->note_synced(opened->info.counters.highest_modseq);
    co_await note_recent(*box, opened->info.counters);
    selected_ = std::move(box);
    phase_ = phase::selected;
    if (key.account != user_.account) owner_news_ = co_await listen_to(key.account);
    tell_selected(*opened);
    if (wanted.resync) {
        auto refused = co_await resync(wanted);
        if (refused) {
            deselect();
            co_return std::move(*refused);
        }
    }
    co_return answer(status::ok, selected_->read_only ? code::read_only : code::read_write,
                     "Mailbox is open");
}

void connection::tell_selected(const storage::mailbox_snapshot& opened) {
    const auto& box = *selected_;
    const auto& counters = opened.info.counters;
    write_flag_lines(out_, box.keywords, box.changeable());
    writer().numbered(box.view.size(), "EXISTS");
    tell_recent();
    const auto first = box.view.sequence_of(opened.first_unseen);
    // RFC 9051 Appendix E has no UNSEEN code; it is a sequence number, too (RFC 9586 3).
    if (first && !enabled_.imap4rev2 && !enabled_.uid_only)
        writer().untagged(status::ok, "UNSEEN " + std::to_string(*first), "First unseen message");
    writer().untagged(status::ok, "UIDVALIDITY " + std::to_string(counters.uid_validity.value()),
                      "UIDs stay valid");
    writer().untagged(status::ok, "UIDNEXT " + std::to_string(counters.uid_next.value()),
                      "Next UID");
    writer().untagged(status::ok, mailbox_id_words(box.key.account, box.key.mailbox), "Object id");
    tell_highest_modseq(box.synced);
    if (enabled_.imap4rev2) writer().raw("* LIST () \"/\" ").mailbox(box.name).crlf();
}

/// RFC 7162 3.2.5.1: what the client missed, as UID FETCH (CHANGEDSINCE VANISHED) would tell it.
awaitable<std::optional<answer>> connection::resync(const cmd::select& wanted) {
    const auto& known = *wanted.resync;
    std::string name = selected_->name;
    const auto found = co_await resolve(std::move(name));
    // Another UIDVALIDITY: the client has to forget everything, and needs nothing but the code.
    if (!found || found->info.counters.uid_validity.value() != known.uid_validity)
        co_return std::nullopt;
    const auto since = modseq(known.modseq);
    number_ranges asked{{1, UINT32_MAX}};
    if (known.uids) asked = known.uids->resolve(0);
    uid from;
    if (known.match) from = last_match(selected_->view, known.match->sequences, known.match->uids);
    const auto failed = co_await tell_earlier(since, asked, from);
    if (failed) co_return replies::refused(failed);
    fetch_items items;
    items.flags = items.modseq = true;
    items.uid = !enabled_.uid_only;  // RFC 9586 3.3: the line begins with it
    fetch_run fetching(*this, items);
    fetching.only_changed_since(since);
    auto ranges = selected_->view.by_uid(asked);
    co_return co_await fetching.run(ranges);
}

/// RFC 7162 3.2.5.2.
awaitable<error_code> connection::tell_earlier(modseq since, number_ranges asked, uid matched) {
    const auto gone = co_await ports_.mail.vanished(selected_->key, since);
    if (!gone) co_return gone.error();
    const auto& box = *selected_;
    mail::uid_ranges candidates;
    if (gone->is_complete) {
        for (const auto& range : gone->ranges)
            candidates.push_back({range.first, range.last});
    } else if (box.uid_next.value() > matched.value() + 1) {
        // Nobody remembers: all that is not there is told, which is more than the client needs but
        // never wrong. What the sample says is as the client knows it.
        candidates.push_back({uid(matched.value() + 1), uid(box.uid_next.value() - 1)});
    }
    auto wanted = common(candidates, asked);
    // In slices that end with a message that is there: no range of missing ones is cut.
    std::uint32_t sequence = 0;
    std::size_t next = 0;
    while (next < wanted.size()) {
        if (is_turn_over()) co_await yield();
        sequence += std::min(slice_of_missing, box.view.size() - sequence);
        const auto end = sequence < box.view.size() ? *box.view.uid_at(sequence) : uid(UINT32_MAX);
        const auto slice = take_up_to(wanted, next, end);
        const auto absent = box.view.without(slice);
        if (!co_await tell_vanished(absent, true)) co_return make_error_code(storage::errc::busy);
    }
    co_return error_code();
}

/// RFC 9051 6.4.1: expunges without telling. And without HIGHESTMODSEQ (RFC 7162 3.2.8): a client
/// that took it would never hear of what went.
awaitable<answer> connection::on(const cmd::close&) {
    // RFC 4314 4: without the right to expunge it is only closed.
    if (selected_->may(mail::rights::expunge)) {
        auto all = selected_->view.all();
        const auto key = selected_->key;
        const auto gone = co_await ports_.mail.expunge(key, std::move(all));
        if (!gone && gone.error() != storage::errc::no_such_mailbox)
            co_return replies::refused(gone.error());
    }
    deselect();
    co_return replies::ok("Closed");
}

/// RFC 3691.
awaitable<answer> connection::on(const cmd::unselect&) {
    deselect();
    co_return replies::ok("Closed");
}

}  // namespace hauspost::imap
