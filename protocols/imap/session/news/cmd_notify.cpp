#include "protocols/imap/session/news/commands.hpp"
#include "protocols/imap/session/news/notify_lines.hpp"
#include "protocols/imap/session/news/notify_push.hpp"
#include "protocols/imap/session/news/sync.hpp"
#include "protocols/imap/session/news/take_picture.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace hauspost::imap {

/// RFC 5465 3.
awaitable<answer> on(context& session, const cmd::notify& wanted) {
    if (wanted.has_unknown_event)
        co_return replies::no(
            "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange "
            "MailboxMetadataChange ServerMetadataChange)",
            "This server does not tell of one of these events");
    auto watch = std::make_unique<notify_watch>();
    watch->groups = wanted.groups;
    for (auto& group : watch->groups)
        std::sort(group.mailboxes.begin(), group.mailboxes.end());
    if (watches_others(watch->groups)) {
        auto first = co_await take_picture(session, watch->groups);
        if (!first) co_return first.end();
        if (first->mailboxes.size() > max_watched_mailboxes)
            co_return replies::no("NOTIFICATIONOVERFLOW", "There are too many mailboxes to watch");
        watch->shown = std::make_shared<const notify_picture>(std::move(*first));
        co_await listen_to_owners(session, *watch);
    }
    // RFC 5465 3.1: an implied NOOP, which also tells what was kept back until now.
    auto& state = session.state;
    state.notify.reset();
    if (state.selected) state.selected->heard.reset();
    if (state.selected && state.selected->flags_told) {
        state.selected->synced = *state.selected->flags_told;
        state.selected->flags_told.reset();
    }
    co_await sync(session, true);
    // What came since the picture is looked for later.
    watch->note_change(session.now());
    state.notify = std::move(watch);
    const auto lines = first_lines(state.notify->groups, state.notify->shown->mailboxes,
                                   state.selected_key(), wanted.status, state.enabled.condstore);
    co_await tell_news(session, lines);
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
