#include "protocols/smtp/client/client_session.hpp"

#include "base/base64.hpp"
#include "protocols/smtp/client/client_transaction.hpp"
#include "protocols/smtp/command_writer.hpp"
#include "protocols/smtp/path.hpp"

#include <string_view>
#include <utility>

namespace hauspost::smtp {
namespace {

send_outcome own_refusal(client_step step, send_reason reason) {
    send_outcome outcome;
    outcome.step = step;
    outcome.reason = reason;
    return outcome;
}

/// What is answered to each challenge of a mechanism, as it is said.
struct login_words {
    std::string command;
    std::vector<std::string> responses;
};

/// RFC 4616 2; LOGIN as everybody speaks it.
std::optional<login_words> words_for(const client_login& login, const capabilities& offered) {
    const std::string password(login.password.reveal());
    login_words words;
    if (offered.has_auth("PLAIN")) {
        const auto all = base64::encode('\0' + login.user + '\0' + password);
        words.command = "AUTH PLAIN " + all;
        words.responses = {all};
    } else if (offered.has_auth("LOGIN")) {
        words.command = "AUTH LOGIN";
        words.responses = {base64::encode(login.user), base64::encode(password)};
    } else {
        return std::nullopt;
    }
    return words;
}

}  // namespace

client_session::client_session(net::stream& server,
                               const monotonic_clock& time,
                               std::shared_ptr<const client_settings> settings)
    : settings_(std::move(settings)), dialogue_(server, time, *settings_) {}

bool client_session::is_usable() const noexcept {
    return is_ready_ && !is_sending_ && !dialogue_.is_over() &&
           (offered_.max_messages == 0 || messages_ < offered_.max_messages);
}

awaitable<result<remote_reply>> client_session::ask(std::string line) {
    dialogue_.out() += line + "\r\n";
    dialogue_.asks();
    co_return co_await dialogue_.reply(settings_->timeouts.hello);
}

awaitable<std::optional<send_outcome>> client_session::begin() {
    dialogue_.end_at(dialogue_.now() + settings_->timeouts.beginning);
    const auto greeting = co_await dialogue_.reply(settings_->timeouts.greeting);
    if (!greeting || greeting->code != 220) co_return refusal(client_step::greeting, greeting);
    auto refused = co_await say_hello();
    if (!refused) refused = co_await protect();
    if (!refused && settings_->login) refused = co_await log_in();
    dialogue_.end_at(steady_time::max());
    is_ready_ = !refused;
    co_return refused;
}

/// EHLO; HELO for those who do not know it (RFC 5321 3.2).
awaitable<std::optional<send_outcome>> client_session::say_hello() {
    offered_ = {};
    const auto ehlo = co_await ask("EHLO " + settings_->hostname);
    if (ehlo && ehlo->code == 250) {
        offered_ = parse_capabilities(*ehlo);
        co_return std::nullopt;
    }
    if (!ehlo || !ehlo->is_permanent()) co_return refusal(client_step::hello, ehlo);
    const auto helo = co_await ask("HELO " + settings_->hostname);
    if (helo && helo->code == 250) co_return std::nullopt;
    co_return refusal(client_step::hello, helo);
}

awaitable<std::optional<send_outcome>> client_session::protect() {
    if (dialogue_.server().is_encrypted() || settings_->tls == tls_use::never)
        co_return std::nullopt;
    const bool is_required = settings_->tls == tls_use::required;
    if (!offered_.start_tls || !dialogue_.server().can_start_tls()) {
        if (is_required) co_return own_refusal(client_step::start_tls, send_reason::no_tls);
        co_return std::nullopt;
    }
    const auto ready = co_await ask("STARTTLS");
    if (!ready || dialogue_.is_over()) co_return refusal(client_step::start_tls, ready);
    if (ready->code != 220) {
        if (!is_required) co_return std::nullopt;
        auto refused = refusal(client_step::start_tls, ready);
        refused.verdict = send_verdict::temporary;
        refused.reason = send_reason::no_tls;
        co_return refused;
    }
    const auto failed = co_await dialogue_.start_tls(settings_->timeouts.handshake);
    if (failed) {
        auto refused =
            own_refusal(client_step::start_tls, failed == dialogue_errc::octets_before_tls
                                                    ? send_reason::injected
                                                    : send_reason::tls_failed);
        refused.error = failed;
        co_return refused;
    }
    co_return co_await say_hello();  // RFC 3207 4.2: nothing that was offered before counts
}

awaitable<std::optional<send_outcome>> client_session::log_in() {
    const auto words = words_for(*settings_->login, offered_);
    if (!dialogue_.server().is_encrypted() || !words)
        co_return own_refusal(client_step::login, send_reason::no_login);
    auto heard = co_await ask(words->command);
    for (const auto& response : words->responses) {
        if (!heard || heard->code != 334) break;
        heard = co_await ask(response);
    }
    if (heard && heard->code == 235) co_return std::nullopt;
    co_return refusal(client_step::login, heard);
}

awaitable<std::optional<send_outcome>> client_session::reset() {
    const auto heard = co_await ask("RSET");
    if (!heard || !heard->is_positive()) co_return refusal(client_step::reset, heard);
    must_reset_ = false;
    co_return std::nullopt;
}

std::vector<send_outcome> client_session::all_alike(const outgoing_message& message,
                                                    const send_outcome& outcome) const {
    return {message.recipients.size(), outcome};
}

awaitable<std::vector<send_outcome>> client_session::send(const outgoing_message& message,
                                                          message_source& octets) {
    if (!is_usable()) {
        auto outcome = own_refusal(client_step::mail, send_reason::next_connection);
        outcome.verdict = send_verdict::postponed;
        co_return all_alike(message, outcome);
    }
    is_sending_ = true;
    if (must_reset_) {
        const auto refused = co_await reset();
        if (refused) {
            is_ready_ = false;
            is_sending_ = false;
            co_return all_alike(message, *refused);
        }
    }
    client_transaction one(dialogue_, *settings_, offered_, message, octets);
    auto outcomes = co_await one.run();
    must_reset_ = one.must_reset();
    if (one.was_begun()) ++messages_;
    is_sending_ = false;
    co_return outcomes;
}

awaitable<send_outcome> client_session::try_recipient(cmd::mail mail, cmd::rcpt rcpt) {
    if (!is_usable()) co_return own_refusal(client_step::mail, send_reason::lost);
    if (!can_be_said(mail.reverse_path) || !can_be_said(rcpt.forward_path))
        co_return own_refusal(client_step::rcpt, send_reason::bad_address);
    if (!is_ascii(as_said(rcpt.forward_path)) && !offered_.smtputf8)
        co_return own_refusal(client_step::rcpt, send_reason::needs_smtputf8);
    mail.params.smtputf8 = !is_ascii(as_said(rcpt.forward_path));
    append_mail(dialogue_.out(), mail, offered_);
    dialogue_.asks();
    const auto to_mail = co_await dialogue_.reply(settings_->timeouts.mail);
    if (!to_mail || !to_mail->is_positive()) co_return refusal(client_step::mail, to_mail);
    append_rcpt(dialogue_.out(), rcpt, offered_);
    dialogue_.asks();
    const auto to_rcpt = co_await dialogue_.reply(settings_->timeouts.rcpt);
    auto outcome = refusal(client_step::rcpt, to_rcpt);
    if (to_rcpt && to_rcpt->is_positive()) {
        outcome.verdict = send_verdict::delivered;
        outcome.reason = send_reason::replied;
    }
    must_reset_ = true;
    if (!dialogue_.is_over()) {
        const auto ignored = co_await reset();
        (void)ignored;  // QUIT follows
    }
    co_return outcome;
}

awaitable<void> client_session::quit() {
    if (!dialogue_.is_over() && !is_sending_) {
        dialogue_.out() += "QUIT\r\n";
        dialogue_.asks();
        const auto ignored = co_await dialogue_.reply(settings_->timeouts.quit);
        (void)ignored;  // it has said all that matters before
    }
    is_ready_ = false;
    dialogue_.server().close();
}

}  // namespace hauspost::smtp
