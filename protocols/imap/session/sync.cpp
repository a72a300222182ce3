#include "base/log.hpp"
#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/flag_writer.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace hauspost::imap {

awaitable<void> connection::sync(bool may_expunge) {
    if (phase_ != phase::selected || !is_open_) co_return;
    // One small read tells whether anything happened at all.
    const auto seen = co_await resolve(selected_->name);
    const bool is_same = seen && seen->key() == selected_->key && seen->info.selectable &&
                         seen->may(right_bits::read);
    if (is_same) note_rights(seen->rights);
    const bool has_news = !is_same || seen->info.counters.highest_modseq != selected_->synced ||
                          (may_expunge && selected_->view.has_held_expunges());
    if (!has_news) co_return;
    auto changes = co_await ports_.mail.changes(selected_->key, selected_->synced);
    // Gone, or not to be read by this user any more.
    if (!changes || (!is_same && !co_await find_new_name())) {
        deselect();
        // RFC 2180 3.3: without a mailbox no number means anything any more.
        say_bye("", "The selected mailbox was deleted");
        co_return;
    }
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
awaitable<bool> connection::find_new_name() {
    const auto all = co_await list_visible();
    if (!all) co_return false;
    for (const auto& one : *all) {
        if (one.key() != selected_->key || !one.may(right_bits::read)) continue;
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
    write_flag_lines(out_, selected_->keywords, selected_->changeable());
}

void connection::deselect() noexcept {
    owner_news_.reset();
    selected_.reset();
    if (phase_ == phase::selected) phase_ = phase::authenticated;
}

/// News of another account, as long as one of its mailboxes is selected. That its password changed
/// is not this session's business.
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

awaitable<void> connection::watch(account_id owner) {
    const auto executor = co_await asio::this_coro::executor;
    owner_news_.reset(new owner_listener(*this));
    owner_news_->subscription = ports_.changes.subscribe(owner, executor, *owner_news_);
}

}  // namespace hauspost::imap
