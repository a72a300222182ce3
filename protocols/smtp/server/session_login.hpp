#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/access/exchange.hpp"
#include "protocols/access/login_policy.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/sessions/session_loop.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/reply.hpp"
#include "protocols/smtp/server/policy.hpp"
#include "protocols/smtp/server/settings.hpp"
#include "protocols/wire/line_reader.hpp"
#include "storage/change_feed.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// Who has logged in to a session on a submission port, and how that came to be. On port 25 there
/// is nothing of it: nobody is asked.
///
/// When the account is switched off, removed or gets another password, the session is asked to end.
///
/// Lifetime: all parameters must outlive it. Thread: the session's.
/// RFC  4954, 8314 3
class session_login final : private storage::account_listener, private access::exchange_lines {
public:
    session_login(sessions::channel& channel,
                  sessions::session_loop& loop,
                  wire::line_reader& reader,
                  const session_policy& policy,
                  const session_config& config);

    /// The account is 0 as long as nobody has logged in.
    [[nodiscard]] const sasl::identity& user() const noexcept { return user_; }
    /// For the log: " user=..." of who has logged in.
    [[nodiscard]] std::string about_user() const;
    /// Mail is taken after a login alone, and there was none yet.
    [[nodiscard]] bool is_needed() const noexcept { return logins_ && !user_.account; }
    /// A password may come over this connection: it is encrypted, or does not leave this machine.
    [[nodiscard]] bool is_safe() const noexcept;
    /// Whoever has not logged in by then is too late; never over once somebody has.
    [[nodiscard]] steady_time until() const noexcept;

    /// AUTH, at a time when it may come: the exchange with the client.
    /// Returns  what to say; nullopt: the connection is gone or ends, and the session's loop says
    ///          why
    awaitable<std::optional<reply>> authenticate(const cmd::auth& wanted);
    /// What the client called itself.
    void say_hello(const std::string& name);
    /// So many logins have failed that the connection ends.
    [[nodiscard]] bool has_failed_too_often() const noexcept {
        return logins_ && logins_->is_over();
    }

    /// True for whoever has not logged in as well: that is for is_needed() to refuse.
    awaitable<bool> may_send_as(mailbox_address sender);
    /// The session ends: no news of the account any more.
    void end() noexcept { news_.reset(); }

private:
    void on_mail_changed(modseq) noexcept override {}
    void on_credentials_changed() noexcept override;
    void send_challenge(std::string_view challenge) override;
    awaitable<std::optional<std::string>> read_response() override;
    awaitable<reply> log_in(std::string user, secret password);

    sessions::channel& channel_;
    sessions::session_loop& loop_;
    wire::line_reader& reader_;
    const session_policy& policy_;
    const session_config& config_;
    const steady_time until_;
    std::optional<access::login_policy> logins_;  // nullopt: nobody logs in here
    std::optional<reply>
        broken_;  // why the last line of an exchange is missing; said to the client
    sasl::identity user_;
    std::unique_ptr<storage::change_feed::subscription> news_;  // of the user's account
};

}  // namespace hauspost::smtp
