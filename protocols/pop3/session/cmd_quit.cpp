#include "base/log.hpp"
#include "protocols/pop3/session/connection.hpp"

#include <utility>

namespace hauspost::pop3 {

/// RFC 1939 6: the UPDATE state. +OK means that all that was marked is gone from the disk. The
/// maildrop is free before the client hears so and may come back.
awaitable<void> connection::on(const cmd::quit&) {
    bool is_done = phase_ != phase::transaction;
    if (!is_done) {
        auto seen = mark_seen();
        co_await loop_.guarded(std::move(seen));
        auto removing = remove_marked(is_done);
        co_await loop_.guarded(std::move(removing));
        subscription_.reset();
        lock_.give_back();
    }
    if (is_done)
        say(replies::bye);
    else
        refuse(replies::not_removed);
    loop_.close("quit");
}

awaitable<void> connection::remove_marked(bool& is_done) {
    is_done = maildrop_.marked() == 0;
    if (is_done) co_return;
    const auto gone = co_await ports_.mail.remove_messages(inbox_, maildrop_.deleted());
    is_done = gone.has_value();
    if (!gone) {
        log_.warn("not_removed", "reason={}", log_safe(gone.error().message()));
        co_return;
    }
    for (const auto& range : *gone)
        removed_ += range.last.value() - range.first.value() + 1;
}

awaitable<void> connection::mark_seen() {
    storage::store_request request;
    request.mailbox = inbox_;
    request.uids = maildrop_.newly_seen();
    if (request.uids.empty()) co_return;
    request.change = mail::change::add;
    request.flags.system = mail::flags::seen;
    request.return_all = false;
    const auto stored = co_await ports_.mail.store_flags(std::move(request));
    // On a full disk mail can still be fetched; it just stays unseen.
    if (!stored) log_.info("not_marked_seen", "reason={}", log_safe(stored.error().message()));
}

}  // namespace hauspost::pop3
