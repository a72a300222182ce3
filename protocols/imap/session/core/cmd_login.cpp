#include "base/log.hpp"
#include "protocols/imap/session/core/connection.hpp"
#include "protocols/sasl/mechanism.hpp"

#include <utility>

namespace hauspost::imap {
namespace {

answer login_refused(error_code why) {
    if (why.category() != sasl::category()) return replies::server_bug();
    switch (static_cast<sasl::errc>(why.value())) {
    case sasl::errc::ok: break;
    case sasl::errc::wrong:
        return replies::no(code::authentication_failed, "Wrong user name or password");
    case sasl::errc::disabled:
        return replies::no(code::contact_admin, "Logins of this account are switched off");
    case sasl::errc::busy:
        return replies::no(code::unavailable, "Too many logins at once; try again later");
    case sasl::errc::throttled:
        return replies::no(code::unavailable, "Too many wrong passwords; try again later");
    }
    return replies::server_bug();
}

}  // namespace

/// RFC 9051 6.2.3, 11.1: a password never goes over a wire that others may read.
std::optional<answer> connection::refuse_login() const {
    if (may_log_in(capability_now())) return std::nullopt;
    return replies::no(code::privacy_required, "Use TLS first");
}

awaitable<answer> connection::log_in(std::string user, secret password) {
    auto admitted = co_await logins_.log_in(std::move(user), std::move(password));
    if (!admitted) {
        if (logins_.is_over()) say_bye("", "Too many failed logins");
        co_return login_refused(admitted.error());
    }
    user_ = std::move(admitted->user);
    subscription_ = std::move(admitted->news);
    turn_.change_lane(net::lane_of(user_.account));
    phase_ = phase::authenticated;
    bad_commands_ = 0;
    assembler_.set_logged_in();
    log::info("login cid={} proto=imap user={} tls={}", peer_.peer().id.value(),
              log_safe(user_.address), peer_.is_encrypted());
    const auto words = "CAPABILITY " + capabilities(capability_now());
    co_return answer(status::ok, words, "Logged in");
}

awaitable<answer> connection::on(const cmd::login& wanted) {
    if (auto refused = refuse_login()) co_return std::move(*refused);
    std::string user = wanted.user;
    secret password = wanted.password;
    co_return co_await log_in(std::move(user), std::move(password));
}

/// RFC 9051 6.2.2, RFC 4959.
awaitable<answer> connection::on(const cmd::authenticate& wanted) {
    if (auto refused = refuse_login()) co_return std::move(*refused);
    const auto mechanism = sasl::make_mechanism(wanted.mechanism);
    if (!mechanism) co_return replies::no(code::cannot, "No such mechanism");
    std::optional<std::string_view> initial;
    if (wanted.initial_response) initial = *wanted.initial_response;
    auto next = mechanism->start(initial);
    while (next == sasl::outcome::challenge) {
        writer().continuation(mechanism->challenge());
        const auto line = co_await read_line();
        if (!line) co_return broken_line();
        next = mechanism->respond(*line);
    }
    switch (next) {
    case sasl::outcome::credentials: break;
    case sasl::outcome::malformed: co_return replies::bad("Not a possible response");
    case sasl::outcome::cancelled: co_return replies::bad("Cancelled");
    case sasl::outcome::challenge:
    case sasl::outcome::refused:
        logins_.note_refused(mechanism->user(), "act_for_other");
        co_return replies::no(code::authorization_failed, "Nobody may act for somebody else");
    }
    std::string user = mechanism->user();
    secret password = mechanism->take_password();
    co_return co_await log_in(std::move(user), std::move(password));
}

void connection::forget_user() noexcept {
    subscription_.reset();
    deselect();
    user_ = {};
    enabled_ = {};
    notify_.reset();
    turn_.change_lane(net::lane_of(peer_.peer().address));
    assembler_.set_utf8(false);
    assembler_.set_logged_in(false);
    phase_ = phase::not_authenticated;
    // One user's refusals are not the next one's; wrong passwords are counted on.
    bad_commands_ = 0;
    if (ending_ == ending::credentials_changed) ending_ = ending::none;
}

/// RFC 8437 3: back to before the login; TLS and compression stay.
awaitable<answer> connection::on(const cmd::unauthenticate&) {
    log::info("logout cid={} proto=imap user={}", peer_.peer().id.value(), log_safe(user_.address));
    forget_user();
    login_until_ = std::chrono::steady_clock::now() + config_->login_timeout;
    co_return answer(status::ok, "CAPABILITY " + capabilities(capability_now()), "Logged out");
}

/// RFC 9051 6.2.1.
awaitable<answer> connection::on(const cmd::starttls&) {
    if (peer_.is_encrypted()) co_return replies::bad("TLS is on already");
    if (!peer_.can_start_tls()) co_return replies::bad("TLS is not available");
    wants_tls_ = true;
    co_return replies::ok("Begin TLS negotiation now");
}

/// The handshake, after the OK. What came in before it is thrown away (A04) and the client begins
/// afresh; it asks for the capabilities again.
awaitable<void> connection::upgrade() {
    assembler_.clear();
    if (!co_await flush()) co_return;
    const auto failed = co_await peer_.start_tls(config_->tls_timeout);
    if (failed) lose(failed);
    bad_commands_ = 0;
}

}  // namespace hauspost::imap
