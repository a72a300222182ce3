#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/fetch_run.hpp"

#include <utility>

namespace hauspost::imap {

/// nullopt: a sequence number beyond the mailbox.
std::optional<uid_ranges> connection::resolve(const sequence_set& set, bool by_uid) const {
    if (set.is_saved_result()) return selected_->view.by_uid(selected_->saved);
    if (by_uid) return selected_->view.by_uid(set);
    return selected_->view.by_sequence(set);
}

/// RFC 9051 6.4.5, RFC 3501 6.4.5; UID FETCH 6.4.9.
awaitable<answer> connection::on(const cmd::fetch& wanted) {
    auto messages = resolve(wanted.messages, wanted.by_uid);
    if (!messages) co_return replies::no_such_sequence();
    if (wanted.page) *messages = page_of(selected_->view, *messages, *wanted.page);
    const auto expected = selected_->view.count(*messages);
    auto ranges = to_store(*messages);
    fetch_run fetching(*this, wanted.items);
    auto refused = co_await fetching.run(ranges);
    if (refused) co_return std::move(*refused);
    // RFC 2180 4.1.2, RFC 5530: the client hears of it with the next command that may tell.
    if (!wanted.by_uid && fetching.told() < expected) co_return replies::expunge_issued();
    co_return replies::ok("Fetched");
}

}  // namespace hauspost::imap
