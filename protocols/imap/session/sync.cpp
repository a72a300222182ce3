#include "base/log.hpp"
#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/flag_writer.hpp"

#include <exception>
#include <utility>

namespace hauspost::imap {

awaitable<void> connection::sync(bool may_expunge) {
    if (phase_ != phase::selected || !is_open_) co_return;
    // One small read tells whether anything happened at all.
    const auto info = co_await ports_.mail.find(user_.account, selected_->name);
    const bool is_same = info && info->id == selected_->key.mailbox && info->selectable;
    const bool has_news = !is_same || info->counters.highest_modseq != selected_->synced ||
                          (may_expunge && selected_->view.has_held_expunges());
    if (!has_news) co_return;
    auto changes = co_await ports_.mail.changes(selected_->key, selected_->synced);
    if (!changes) {
        deselect();
        // RFC 2180 3.3: without a mailbox no number means anything any more.
        say_bye("", "The selected mailbox was deleted");
        co_return;
    }
    if (!is_same) co_await find_new_name();
    auto news = std::move(*changes);
    co_await tell(std::move(news), may_expunge);
}

awaitable<void> connection::sync_after(bool may_expunge) {
    try {
        co_await sync(may_expunge);
    } catch (const std::exception& fault) {  // ours; the next command tries again
        spdlog::error("fault cid={} proto=imap what={}", peer_.peer().id.value(),
                      log_safe(fault.what(), 200));
    }
}

/// Another session may have renamed the mailbox.
awaitable<void> connection::find_new_name() {
    const auto all = co_await ports_.mail.list(user_.account);
    if (!all) co_return;
    for (const auto& one : *all)
        if (one.id == selected_->key.mailbox) selected_->name = one.name;
}

awaitable<void> connection::tell(storage::mailbox_changes changes, bool may_expunge) {
    auto& box = *selected_;
    tell_keywords(std::move(changes.keywords));
    const auto now = to_presence(changes.uids);
    const auto news = box.view.update(now, may_expunge);
    tell_gone(news);
    for (const auto sequence : news.expunged) {
        writer().numbered(sequence, "EXPUNGE");
        if (!co_await make_room()) co_return;
    }
    if (news.exists) writer().numbered(*news.exists, "EXISTS").numbered(0, "RECENT");
    mailbox_view::cursor cursor(box.view);
    flag_writer flags(box.keywords);
    for (const auto& one : changes.changed) {
        // What is new the client asks for itself; what it did itself it was told.
        const bool is_new =
            news.exists && news.added.first <= one.uid && one.uid <= news.added.last;
        if (is_new || box.is_own(one.modseq)) continue;
        const auto sequence = cursor.sequence_of(one.uid);
        if (sequence == 0) continue;
        writer().raw("* ").number(sequence).raw(" FETCH (UID ").number(one.uid.value()).raw(' ');
        flags.append(out_, one.bits, &one.extra_keywords);
        writer().raw(")\r\n");
        if (!co_await make_room()) co_return;
    }
    box.note_synced(changes.counters.highest_modseq);
    if (box.live.empty()) co_return;
    std::vector<uid> changed;
    for (const auto& one : changes.changed)
        changed.push_back(one.uid);
    co_await update_searches(std::move(changed));
}

void connection::tell_keywords(std::vector<std::string> now) {
    if (now.size() <= selected_->keywords.size()) return;
    selected_->keywords = std::move(now);
    write_flag_lines(out_, selected_->keywords, selected_->read_only);
}

void connection::deselect() noexcept {
    selected_.reset();
    if (phase_ == phase::selected) phase_ = phase::authenticated;
}

}  // namespace hauspost::imap
