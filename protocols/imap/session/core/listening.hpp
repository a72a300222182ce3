#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"
#include "storage/change_feed.hpp"

#include <memory>

namespace hauspost::imap {

/// Hears of changes in somebody else's account, for as long as one of its mailboxes is selected or
/// watched, and passes them on to the session's own listener. That the account's password changed
/// is not this session's business; that its mailboxes went is, so it looks at the mail then, too.
///
/// Lifetime: the session's listener outlives it. Thread: the session's.
class account_listening final : public storage::account_listener {
public:
    explicit account_listening(storage::account_listener& session) : session_(session) {}
    void on_mail_changed(modseq highest) noexcept override { session_.on_mail_changed(highest); }
    void on_credentials_changed() noexcept override { session_.on_mail_changed({}); }
    std::unique_ptr<storage::change_feed::subscription> subscription;

private:
    storage::account_listener& session_;
};

/// News of another account; null: none.
using account_news = std::unique_ptr<account_listening>;

awaitable<account_news> listen_to(account_id owner,
                                  storage::change_feed& changes,
                                  storage::account_listener& session);

}  // namespace hauspost::imap
