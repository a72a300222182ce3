#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/fetch/commands.hpp"
#include "protocols/imap/session/fetch/fetch_run.hpp"

#include <utility>

namespace hauspost::imap {

/// RFC 9051 6.4.5, RFC 3501 6.4.5; UID FETCH 6.4.9.
awaitable<answer> on(context& session, const cmd::fetch& wanted) {
    const auto& enabled = session.state.enabled;
    const auto& box = *session.state.selected;
    auto messages = messages_of(session, wanted.messages, wanted.by_uid);
    if (!messages) co_return messages.end();
    auto ranges = std::move(*messages);
    if (wanted.page) ranges = page_of(box.view, ranges, *wanted.page);
    const auto lowest = keep_to_limit(session, ranges);
    // RFC 9738 3.2: a page is told as a whole or not at all.
    if (lowest && wanted.page) co_return over_limit(session, std::nullopt);
    const auto expected = box.view.count(ranges);
    const modseq since(wanted.changed_since.value_or(0));
    if (wanted.vanished) {
        // RFC 7162 3.2.3, 3.2.6.
        if (!enabled.qresync) co_return replies::bad("ENABLE QRESYNC comes first");
        // `*` means all that there ever was: the last message may be one that went.
        const auto largest = box.uid_next.value() - 1;
        auto asked =
            wanted.messages.is_saved_result() ? box.saved : wanted.messages.resolve(largest);
        const auto done = co_await tell_earlier(session, since, std::move(asked), uid());
        if (!done) co_return done.end();
    }
    if (wanted.items.flags) co_await refresh_keywords(session);
    // RFC 9051 6.4.9: told whether asked for or not; RFC 9586 3.3: the line begins with it.
    auto items = wanted.items;
    items.uid = items.uid || (wanted.by_uid && !enabled.uid_only);
    fetch_run fetching(session, items);
    fetching.only_changed_since(since);
    const auto done = co_await fetching.run(std::move(ranges));
    if (!done) co_return done.end();
    // RFC 2180 4.1.2, RFC 5530 3: the client hears of it with the next command that may tell. What
    // has not changed is no loss; whether something went says the sync after the command then.
    const bool is_short = !wanted.changed_since && fetching.told() < expected;
    if (is_short && !wanted.by_uid)
        co_return with_limit(session, replies::expunge_issued(), lowest);
    auto end = with_left_out(session, replies::ok("Fetched"), is_short);
    co_return with_limit(session, std::move(end), lowest);
}

}  // namespace hauspost::imap
