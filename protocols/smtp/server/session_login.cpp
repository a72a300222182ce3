#include "protocols/smtp/server/session_login.hpp"

#include "base/log.hpp"
#include "protocols/access/login_refusal.hpp"
#include "protocols/smtp/server/replies.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::smtp {

session_login::session_login(sessions::channel& channel,
                             sessions::session_loop& loop,
                             wire::line_reader& reader,
                             const session_policy& policy,
                             const session_config& config)
    : channel_(channel),
      loop_(loop),
      reader_(reader),
      policy_(policy),
      config_(config),
      until_(channel.time().now() + config.login_timeout) {
    if (policy.submission == nullptr) return;
    const access::login_settings settings{policy.protocol, config.wrong_password_delay,
                                          config.max_failed_logins};
    storage::account_listener& listener = *this;
    logins_.emplace(channel.peer(), policy.submission->credentials, policy.submission->changes,
                    listener, settings, channel.time());
}

bool session_login::is_safe() const noexcept {
    const auto& peer = channel_.peer();
    return peer.is_encrypted() ||
           (config_.allow_plain_login_on_loopback && peer.peer().is_loopback);
}

steady_time session_login::until() const noexcept {
    return is_needed() ? until_ : steady_time::max();
}

awaitable<bool> session_login::may_send_as(mailbox_address sender) {
    if (!user_.account || sender.is_null()) co_return true;
    co_return co_await policy_.submission->senders.may_send_as(user_.account, std::move(sender));
}

void session_login::on_credentials_changed() noexcept {
    loop_.request_end(sessions::ending::account_changed);
}

void session_login::send_challenge(std::string_view challenge) {
    auto& out = channel_.out();
    out += "334 ";
    out += challenge;
    out += "\r\n";
}

awaitable<std::optional<std::string>> session_login::read_response() {
    const auto last_moment = channel_.time().now() + config_.limits.command_timeout;
    for (;;) {
        std::string_view line;
        const auto next = reader_.next(line);
        if (next == wire::line_status::complete) co_return std::string(line);
        if (next == wire::line_status::too_long) broken_ = replies::response_too_long;
        if (next == wire::line_status::bare_newline) broken_ = replies::bad_response;
        if (broken_ || loop_.wanted_end() != sessions::ending::none) co_return std::nullopt;
        const auto came = co_await channel_.read_lines(reader_, std::min(last_moment, until()));
        if (came == sessions::input::timed_out) broken_ = replies::timed_out;
        if (came == sessions::input::lost || broken_) co_return std::nullopt;
    }
}

void session_login::say_hello(const std::string& name) {
    if (logins_) logins_->say_program(name, user_);
}

awaitable<std::optional<reply>> session_login::authenticate(const cmd::auth& wanted) {
    if (!is_safe()) co_return replies::encryption_required;
    const auto mechanism = sasl::make_mechanism(wanted.mechanism);
    if (!mechanism) co_return replies::no_such_mechanism;
    std::optional<std::string_view> initial;
    if (wanted.initial_response) initial = *wanted.initial_response;
    broken_.reset();
    auto talking = access::run_exchange(*mechanism, initial, *this);
    const auto end = co_await std::move(talking);
    if (!end) co_return broken_;
    if (*end == sasl::outcome::malformed) co_return replies::bad_response;
    if (*end == sasl::outcome::cancelled) co_return replies::auth_cancelled;
    if (*end == sasl::outcome::refused) {
        logins_->note_refused(mechanism->user(), "act_for_other");
        co_return replies::nobody_else;
    }
    std::string user = mechanism->user();
    secret password = mechanism->take_password();
    co_return co_await log_in(std::move(user), std::move(password));
}

awaitable<reply> session_login::log_in(std::string user, secret password) {
    auto admitted = co_await logins_->log_in(std::move(user), std::move(password));
    if (!admitted) {
        const auto& refusal = access::refusal_of(admitted.error());
        co_return reply{refusal.smtp, refusal.smtp_status, refusal.text};
    }
    user_ = std::move(admitted->user);
    news_ = std::move(admitted->news);
    co_return replies::logged_in;
}

std::string session_login::about_user() const {
    return user_.account ? " user=" + log_safe(user_.address) : std::string();
}

}  // namespace hauspost::smtp
