#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/fetch/fetch_run.hpp"

#include <utility>

namespace hauspost::imap {

/// nullopt: a sequence number beyond the mailbox.
std::optional<mail::uid_ranges> connection::resolve(const sequence_set& set, bool by_uid) const {
    if (set.is_saved_result()) return selected_->view.by_uid(selected_->saved);
    if (by_uid) return selected_->view.by_uid(set);
    return selected_->view.by_sequence(set);
}

/// RFC 9051 6.4.5, RFC 3501 6.4.5; UID FETCH 6.4.9.
awaitable<answer> connection::on(const cmd::fetch& wanted) {
    auto messages = resolve(wanted.messages, wanted.by_uid);
    if (!messages) co_return replies::no_such_sequence();
    if (wanted.page) *messages = page_of(selected_->view, *messages, *wanted.page);
    const auto lowest = keep_to_limit(*messages);
    // RFC 9738 3.2: a page is told as a whole or not at all.
    if (lowest && wanted.page) co_return over_limit(std::nullopt);
    const auto expected = selected_->view.count(*messages);
    const modseq since(wanted.changed_since.value_or(0));
    if (wanted.vanished) {
        // RFC 7162 3.2.3, 3.2.6.
        if (!enabled_.qresync) co_return replies::bad("ENABLE QRESYNC comes first");
        // `*` means all that there ever was: the last message may be one that went.
        const auto largest = selected_->uid_next.value() - 1;
        auto asked =
            wanted.messages.is_saved_result() ? selected_->saved : wanted.messages.resolve(largest);
        const auto failed = co_await tell_earlier(since, std::move(asked), uid());
        if (failed) co_return replies::refused(failed);
    }
    if (wanted.items.flags) co_await learn_keywords();
    auto ranges = *std::move(messages);
    // RFC 9051 6.4.9: told whether asked for or not; RFC 9586 3.3: the line begins with it.
    auto items = wanted.items;
    items.uid = items.uid || (wanted.by_uid && !enabled_.uid_only);
    fetch_run fetching(*this, items);
    fetching.only_changed_since(since);
    auto refused = co_await fetching.run(ranges);
    if (refused) co_return std::move(*refused);
    // RFC 2180 4.1.2, RFC 5530 3: the client hears of it with the next command that may tell. What
    // has not changed is no loss; whether something went says the sync after the command then.
    const bool is_short = !wanted.changed_since && fetching.told() < expected;
    if (is_short && !wanted.by_uid) co_return tell_limit(replies::expunge_issued(), lowest);
    co_return tell_limit(tell_left_out(replies::ok("Fetched"), is_short), lowest);
}

}  // namespace hauspost::imap
