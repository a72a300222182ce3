#include "base/log.hpp"
#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/fetch/flag_writer.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace hauspost::imap {
namespace {

// Flag changes of others are told in slices: somebody may have changed a million messages.
constexpr std::size_t slice_flags = 2'048;
// A longer list of UIDs goes on in another VANISHED line.
constexpr std::size_t vanished_line_octets = 32 * 1024;

constexpr modseq no_flags{UINT64_MAX};  // of changes(): the messages themselves are not wanted

}  // namespace

awaitable<void> connection::sync(bool may_expunge) {
    if (phase_ != phase::selected || !is_open_) co_return;
    // One small read tells whether anything happened at all.
    const auto seen = co_await resolve(selected_->name);
    const bool is_same = seen && seen->key() == selected_->key && seen->info.selectable &&
                         seen->may(mail::rights::read);
    if (is_same) note_rights(seen->rights);
    const bool has_news = !is_same || seen->info.counters.highest_modseq != selected_->synced ||
                          (may_expunge && selected_->view.has_held_expunges());
    if (!has_news) co_return;
    auto changes = co_await ports_.mail.changes(selected_->key, no_flags);
    // Gone, or not to be read by this user any more.
    if (!changes || (!is_same && !co_await find_new_name())) {
        if (ending_ != ending::none || !is_open_) co_return;  // before that was known
        deselect();
        // RFC 2180 3.3: without a mailbox no number means anything any more.
        say_bye("", "The selected mailbox was deleted");
        co_return;
    }
    auto news = std::move(*changes);
    co_await tell(std::move(news), may_expunge);
}

awaitable<void> connection::sync_after(bool may_expunge) {
    bool has_failed = false;
    try {
        co_await sync(may_expunge);
    } catch (const std::exception& fault) {  // ours; the next command tries again
        log::error("fault cid={} proto=imap what={}", peer_.peer().id.value(),
                   log_safe(fault.what(), 200));
        has_failed = true;
    }
    if (!enabled_.qresync || phase_ != phase::selected) co_return;
    // The command may have told a MODSEQ above that of an expunge which the client does not know
    // of. Without a word it would take it as the mailbox's (RFC 7162 6) and never hear of that.
    if (has_failed || selected_->view.has_held_expunges()) tell_highest_modseq(selected_->complete);
}

/// Another session may have renamed the mailbox.
awaitable<bool> connection::find_new_name() {
    pace walk(*this);
    std::vector<visible_mailbox> all;
    const auto refused = co_await list_visible(walk, all);
    if (refused) co_return false;
    for (const auto& one : all) {
        if (one.key() != selected_->key || !one.may(mail::rights::read)) continue;
        selected_->name = one.info.name;
        note_rights(one.rights);
        co_return true;
    }
    co_return false;
}

void connection::note_rights(std::uint32_t rights) {
    if (selected_->rights == rights) return;
    selected_->rights = rights;
    // RFC 4314 5.1.1: told when they change what may be done.
    write_flag_lines(out_, selected_->keywords, selected_->changeable());
}

awaitable<void> connection::tell(storage::mailbox_changes changes, bool may_expunge) {
    auto& box = *selected_;
    tell_keywords(std::move(changes.keywords));
    const auto news = box.view.update(changes.uids, may_expunge);
    tell_gone(news);
    box.uid_next = changes.counters.uid_next;
    if (!co_await tell_expunged(news)) co_return;
    if (news.exists && !co_await tell_size(*news.exists, changes.counters)) co_return;
    // What is new the client asks for itself.
    std::optional<mail::uid_range> added;
    if (news.exists) added = news.added;
    std::vector<uid> changed;
    const auto highest = changes.counters.highest_modseq;
    const bool tells_flags = wants_flag_news();
    // NOTIFY keeps them back for now: who asks for them later is told all that is missing.
    if (!tells_flags && !box.flags_told) box.flags_told = box.synced;
    const bool is_looked_at = highest != box.synced && (tells_flags || !box.live.empty());
    if (is_looked_at && !co_await tell_flags(added, changed, tells_flags)) co_return;
    box.note_synced(highest);
    if (!box.live.empty()) co_await update_searches(std::move(changed));
    if (added) co_await tell_new_messages(*added);
}

/// tells  false: only looks which messages have changed
awaitable<bool> connection::tell_flags(std::optional<mail::uid_range> but,
                                       std::vector<uid>& changed,
                                       bool tells) {
    auto& box = *selected_;
    const auto since = box.synced;
    const bool is_searched = !box.live.empty();
    fetch_items items;
    items.flags = true;
    items.uid = !enabled_.uid_only;  // RFC 9586 3.3: the line begins with it
    fetch_writer lines(out_, items, box.keywords, box.recent, style());
    auto ranges = box.view.all();
    std::span<mail::uid_range> rest = ranges;
    while (!rest.empty()) {
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
        const auto next = co_await ports_.mail.walk(box.key, rest, storage::walk_detail::flags_only,
                                                    slice_flags, visitor, since);
        if (!next) co_return false;
        rest = rest_from(rest, *next);
        if (!co_await make_room()) co_return false;
        if (is_turn_over()) co_await yield();
    }
    co_return true;
}

awaitable<bool> connection::tell_expunged(const view_change& news) {
    if (enabled_.tells_vanished()) co_return co_await tell_vanished(news.vanished, false);
    for (const auto sequence : news.expunged) {
        writer().numbered(sequence, "EXPUNGE");
        if (!co_await make_room()) co_return false;
    }
    co_return true;
}

/// RFC 7162 3.2.10.
awaitable<bool> connection::tell_vanished(const mail::uid_ranges& uids, bool earlier) {
    std::size_t told = 0;
    while (told < uids.size()) {
        writer().raw(earlier ? "* VANISHED (EARLIER) " : "* VANISHED ");
        const auto start = out_.size();
        told += writer().ranges(std::span(uids).subspan(told), vanished_line_octets);
        writer().crlf();
        if (out_.size() == start || !co_await make_room()) co_return false;
    }
    co_return true;
}

awaitable<bool> connection::tell_size(std::uint32_t messages,
                                      const storage::mailbox_counters& now) {
    auto& box = *selected_;
    writer().numbered(messages, "EXISTS");
    // A client that waits for new mail need not wait for a commit, too.
    const bool has_claim = may_be_recent(now) && !box.is_examined;
    if (has_claim && !co_await flush()) co_return false;
    co_await note_recent(box, now);
    tell_recent();
    co_return true;
}

/// RFC 9051 Appendix E: there is no \Recent any more. So a session that speaks rev2 leaves it to
/// the first one that hears of it.
bool connection::may_be_recent(const storage::mailbox_counters& now) const noexcept {
    return !enabled_.imap4rev2 && now.recent > 0;
}

void connection::tell_recent() {
    if (enabled_.imap4rev2) return;
    writer().numbered(selected_->view.count(selected_->recent.ranges()), "RECENT");
}

awaitable<void> connection::note_recent(selected_mailbox& box,
                                        const storage::mailbox_counters& now) {
    if (!may_be_recent(now)) co_return;
    if (box.is_examined) {
        box.recent.add(now.first_recent, uid(now.uid_next.value() - 1));
        co_return;
    }
    // Where that is refused (the writer is busy, the disk full) a later session claims them.
    const auto claimed = co_await ports_.mail.claim_recent(box.key);
    if (!claimed) co_return;
    for (const auto& range : *claimed)
        box.recent.add(range.first, range.last);
}

void connection::tell_highest_modseq(modseq value) {
    writer().untagged(status::ok, "HIGHESTMODSEQ " + std::to_string(value.value()),
                      "Highest mod-sequence");
}

void connection::enable_condstore(bool is_in_mailbox) {
    const bool is_first = !enabled_.condstore;
    enabled_.condstore = true;
    // RFC 7162 3.1: from here on the client counts with what it has been told.
    if (is_first && is_in_mailbox) tell_highest_modseq(selected_->complete);
}

/// Another session may just have made a keyword. Flags that are read with an older table would lack
/// it; so what names keywords asks for the table first.
awaitable<void> connection::learn_keywords() {
    auto table = co_await ports_.mail.keywords(selected_->key);
    if (table) tell_keywords(std::move(*table));
}

void connection::tell_keywords(std::vector<std::string> now) {
    if (now.size() <= selected_->keywords.size()) return;
    selected_->keywords = std::move(now);
    write_flag_lines(out_, selected_->keywords, selected_->changeable());
}

void connection::deselect() noexcept {
    owner_news_.reset();
    selected_.reset();
    if (phase_ == phase::selected) phase_ = phase::authenticated;
}

/// As long as one of its mailboxes is selected, or watched by NOTIFY. That its password changed is
/// not this session's business.
class connection::owner_listener final : public storage::account_listener {
public:
    explicit owner_listener(connection& session) : session_(session) {}
    void on_mail_changed(modseq highest) noexcept override { session_.on_mail_changed(highest); }
    void on_credentials_changed() noexcept override { session_.on_mail_changed({}); }
    std::unique_ptr<storage::change_feed::subscription> subscription;

private:
    connection& session_;
};

void connection::owner_listener_deleter::operator()(owner_listener* listener) const noexcept {
    delete listener;
}

awaitable<connection::owner_news> connection::listen_to(account_id owner) {
    const auto executor = co_await asio::this_coro::executor;
    owner_news news(new owner_listener(*this));
    news->subscription = ports_.changes.subscribe(owner, executor, *news);
    co_return std::move(news);
}

}  // namespace hauspost::imap
