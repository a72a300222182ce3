#include "base/log.hpp"
#include "protocols/access/exchange.hpp"
#include "protocols/access/login_refusal.hpp"
#include "protocols/imap/session/core/command_end.hpp"
#include "protocols/imap/session/core/input.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/session/login/commands.hpp"
#include "protocols/sasl/mechanism.hpp"

#include <utility>

namespace hauspost::imap {
namespace {

answer login_refused(error_code why) {
    if (why.category() != sasl::category()) return replies::server_bug();
    const auto& refusal = access::refusal_of(why);
    return replies::no(refusal.imap, refusal.text);
}

/// The lines of AUTHENTICATE. RFC 9051 6.2.2
class challenges final : public access::exchange_lines {
public:
    explicit challenges(context& session) : session_(session) {}
    void send_challenge(std::string_view challenge) override {
        session_.writer().continuation(challenge);
    }
    awaitable<std::optional<std::string>> read_response() override { return read_line(session_); }

private:
    context& session_;
};

/// RFC 9051 6.2.3, 11.1: a password never goes over a wire that others may read.
or_answer<> refuse_in_the_clear(const context& session) {
    if (may_log_in(session.capability_now())) return go_on;
    return replies::no(code::privacy_required, "Use TLS first");
}

awaitable<answer> log_in(context& session, std::string user, secret password) {
    auto& state = session.state;
    auto admitted = co_await session.logins.log_in(std::move(user), std::move(password));
    if (!admitted) {
        if (session.logins.is_over()) say_bye(session, "", "Too many failed logins");
        co_return login_refused(admitted.error());
    }
    state.user = std::move(admitted->user);
    state.subscription = std::move(admitted->news);
    session.wire.turn().change_lane(net::lane_of(state.user.account));
    state.phase = phase::authenticated;
    state.bad_commands = 0;
    session.wire.input().set_logged_in();
    session.log.info("login", "user={} tls={}", log_safe(state.user.address),
                     session.wire.peer().is_encrypted());
    const auto words = session.capability_words();
    co_return answer(status::ok, words, "Logged in");
}

}  // namespace

awaitable<answer> on(context& session, const cmd::login& wanted) {
    if (const auto may = refuse_in_the_clear(session); !may) co_return may.end();
    std::string user = wanted.user;
    secret password = wanted.password;
    co_return co_await log_in(session, std::move(user), std::move(password));
}

/// RFC 9051 6.2.2, RFC 4959.
awaitable<answer> on(context& session, const cmd::authenticate& wanted) {
    if (const auto may = refuse_in_the_clear(session); !may) co_return may.end();
    const auto mechanism = sasl::make_mechanism(wanted.mechanism);
    if (!mechanism) co_return replies::no(code::cannot, "No such mechanism");
    std::optional<std::string_view> initial;
    if (wanted.initial_response) initial = *wanted.initial_response;
    challenges lines(session);
    auto talking = access::run_exchange(*mechanism, initial, lines);
    const auto end = co_await std::move(talking);
    if (!end) co_return broken_line(session);
    switch (*end) {
    case sasl::outcome::credentials: break;
    case sasl::outcome::malformed: co_return replies::bad("Not a possible response");
    case sasl::outcome::cancelled: co_return replies::bad("Cancelled");
    case sasl::outcome::challenge:
    case sasl::outcome::refused:
        session.logins.note_refused(mechanism->user(), "act_for_other");
        co_return replies::no(code::authorization_failed, "Nobody may act for somebody else");
    }
    std::string user = mechanism->user();
    secret password = mechanism->take_password();
    co_return co_await log_in(session, std::move(user), std::move(password));
}

/// RFC 8437 3: back to before the login; TLS and compression stay.
awaitable<answer> on(context& session, const cmd::unauthenticate&) {
    auto& state = session.state;
    session.log.info("logout", "user={}", log_safe(state.user.address));
    state.forget_user();
    session.wire.turn().change_lane(net::lane_of(session.wire.peer().peer().address));
    session.wire.input().set_utf8(false);
    session.wire.input().set_logged_in(false);
    state.login_until = session.now() + session.config->login_timeout;
    co_return answer(status::ok, session.capability_words(), "Logged out");
}

/// RFC 9051 6.2.1.
awaitable<answer> on(context& session, const cmd::starttls&) {
    if (session.wire.peer().is_encrypted()) co_return replies::bad("TLS is on already");
    if (!session.wire.peer().can_start_tls()) co_return replies::bad("TLS is not available");
    session.state.follow_up = follow_up::start_tls;
    co_return replies::ok("Begin TLS negotiation now");
}

awaitable<void> start_tls(context& session) {
    session.wire.input().clear();
    if (!co_await session.flush()) co_return;
    const auto failed = co_await session.wire.peer().start_tls(session.config->tls_timeout);
    if (failed) session.wire.lose(failed);
    session.state.bad_commands = 0;
}

}  // namespace hauspost::imap
