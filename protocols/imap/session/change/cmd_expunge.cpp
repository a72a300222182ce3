#include "protocols/imap/session/core/connection.hpp"

#include <utility>

namespace hauspost::imap {

/// What went is told by the sync after the command, as for every session.
awaitable<answer> connection::expunge(mail::uid_ranges uids) {
    if (!selected_->may(mail::rights::expunge)) co_return replies::not_permitted(selected_->rights);
    const auto key = selected_->key;
    const auto gone = co_await ports_.mail.expunge(key, std::move(uids));
    if (!gone) co_return replies::refused(gone.error());
    auto end = replies::ok("Expunged");
    end.tells_modseq = !gone->empty();
    co_return end;
}

/// RFC 9051 6.4.3.
awaitable<answer> connection::on(const cmd::expunge&) {
    // Only what the client knows of: a message that another session marks meanwhile stays.
    auto all = selected_->view.all();
    co_return co_await expunge(std::move(all));
}

/// RFC 4315 2.1.
awaitable<answer> connection::on(const cmd::uid_expunge& wanted) {
    auto uids = resolve(wanted.uids, true).value_or(mail::uid_ranges{});
    const auto lowest = keep_to_limit(uids);
    auto end = co_await expunge(std::move(uids));
    co_return tell_limit(std::move(end), lowest);
}

}  // namespace hauspost::imap
