#pragma once

#include "base/monotonic_clock.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/sasl/credentials.hpp"
#include "protocols/sessions/session_log.hpp"
#include "storage/change_feed.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::access {

/// Somebody who may come in, and the news of his account.
struct admission {
    admission(sasl::identity who, std::unique_ptr<storage::change_feed::subscription> of)
        : user(std::move(who)), news(std::move(of)) {}
    sasl::identity user;
    std::unique_ptr<storage::change_feed::subscription> news;
};

struct login_settings {
    std::string_view protocol;               // for the log: "imap"
    std::chrono::milliseconds delay{2'000};  // of each refusal
    unsigned max_failed = 5;                 // in one connection
};

/// How a session of any protocol lets somebody in, or not.
///
/// A right password is looked at once more when the session already hears of changes, so that an
/// account which is switched off, removed or gets another password at that moment is never let in.
/// Every refusal is delayed, which costs a guesser time and not us, counts, and leaves one line in
/// the log, in the form that docs/operations.md gives to those who read it by a program.
///
/// Lifetime: all parameters must outlive it. Thread: the session's.
class login_policy {
public:
    /// session  told of changes of the account from the moment it is let in, and perhaps shortly
    ///          before it is refused
    login_policy(const net::stream& peer,
                 sasl::credentials& passwords,
                 storage::change_feed& changes,
                 storage::account_listener& session,
                 login_settings settings,
                 const monotonic_clock& time)
        : peer_(peer),
          passwords_(passwords),
          changes_(changes),
          session_(session),
          settings_(settings),
          time_(time),
          log_(peer.peer(), settings.protocol) {}

    /// Refuses  sasl::errc, after the delay
    /// Throws   storage::fault
    awaitable<result<admission>> log_in(std::string user, secret password);

    /// What the client calls itself (RFC 2971, EHLO), for whoever looks at the account later.
    /// user  of who is logged in; account 0: nobody yet
    void say_program(std::string program, const sasl::identity& user);

    /// A login that is refused before a password was looked at: one line in the log.
    /// reason  a word: "act_for_other"
    void note_refused(std::string_view user, std::string_view reason) const;

    /// True: this peer has failed so often that the session ends.
    [[nodiscard]] bool is_over() const noexcept { return failed_ >= settings_.max_failed; }

private:
    void note_client(account_id account) const;

    const net::stream& peer_;
    sasl::credentials& passwords_;
    storage::change_feed& changes_;
    storage::account_listener& session_;
    const login_settings settings_;
    const monotonic_clock& time_;
    const sessions::session_log log_;
    std::string program_;
    unsigned failed_ = 0;  // logins of this connection
};

}  // namespace hauspost::access
