#include "protocols/imap/session/news/notify_push.hpp"

#include "protocols/imap/session/core/command_end.hpp"
#include "protocols/imap/session/core/input.hpp"
#include "protocols/imap/session/news/notify_lines.hpp"
#include "protocols/imap/session/news/notify_pictures.hpp"
#include "protocols/imap/session/news/sync.hpp"
#include "protocols/imap/session/news/take_picture.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace hauspost::imap {
namespace {

/// One picture for all sessions of the account that heard of a change before it was taken. Who
/// comes too early after the last one comes again later; meanwhile he waits for his client.
/// Returns  null: not now
awaitable<std::shared_ptr<const notify_picture>> next_picture(context& session) {
    auto& watch = *session.state.notify;
    std::shared_ptr<const notify_picture> picture;
    const auto now = session.now();
    if (!watch.changed_at || now < watch.again_at) co_return picture;
    auto& pictures = notify_pictures::shared();
    const notify_pictures::kind of{&session.ports.changes, session.account(),
                                   watches_shared(watch.groups), watches_entries(watch.groups)};
    auto latest = pictures.latest(of);
    if (latest.picture && latest.began >= *watch.changed_at) {
        picture = std::move(latest.picture);
    } else if (const auto next_at = pictures.reserve(of, now)) {
        watch.again_at = *next_at;
        co_return picture;
    } else {
        latest.began = now;
        auto taken = co_await take_picture(session, watch.groups);
        if (!taken) {  // the account goes, or the session does
            watch.changed_at.reset();
            co_return picture;
        }
        picture = std::make_shared<const notify_picture>(std::move(*taken));
        pictures.keep(of, now, session.now(), picture);
    }
    watch.changed_at.reset();
    if (watch.last_changed_at > latest.began) watch.changed_at = watch.last_changed_at;
    watch.again_at = {};
    co_return picture;
}

awaitable<void> tell_changes(context& session, std::shared_ptr<const notify_picture> now) {
    auto& watch = *session.state.notify;
    if (now->mailboxes.size() > max_watched_mailboxes) {
        // RFC 5465 5.8.
        session.writer().untagged(status::ok, "NOTIFICATIONOVERFLOW",
                                  "Too many mailboxes to watch");
        watch.groups.clear();
        watch.changed_at.reset();
        co_return;
    }
    const auto before = std::exchange(watch.shown, now);
    co_await listen_to_owners(session, watch);
    const auto lines = lines_between(watch.groups, before->mailboxes, now->mailboxes,
                                     session.state.selected_key(), session.state.enabled.condstore);
    co_await tell_news(session, lines);
    const auto names = changed_entries(before->server, now->server);
    if (watches_events(watch.groups, notify_events::server_metadata) && !names.empty()) {
        auto lines_out = session.writer();
        write_entries(lines_out, "", names);
    }
}

}  // namespace

awaitable<void> push_news(context& session) {
    session.state.notify->is_due = false;
    const auto* group = selected_group(session.state.notify->groups);
    const bool at_once = group != nullptr && group->where == notify_group::scope::selected;
    if (group != nullptr) co_await sync(session, at_once || session.state.idle_until.has_value());
    if (session.state.phase == phase::closing) co_return;
    if (!watches_others(session.state.notify->groups)) {
        session.state.notify->changed_at.reset();
        co_return;
    }
    auto now = co_await next_picture(session);
    if (now) co_await tell_changes(session, std::move(now));
}

awaitable<void> push_if_due(context& session) {
    const auto& notify = session.state.notify;
    if (!notify) co_return;
    const auto left = time_to_news(session);
    if (!notify->is_due && (!left || left->count() > 0)) co_return;
    if (session.is_turn_over()) co_await session.yield();
    try {
        co_await push_news(session);
        co_return;
    } catch (const std::exception& fault) {  // ours; the next commit tries again
        session.log.fault(fault);
    }
    notify->changed_at.reset();
}

}  // namespace hauspost::imap
