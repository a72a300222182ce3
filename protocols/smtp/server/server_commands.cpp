#include "base/log.hpp"
#include "protocols/sasl/mechanism.hpp"
#include "protocols/smtp/extensions.hpp"
#include "protocols/smtp/path.hpp"
#include "protocols/smtp/server/server_session.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hauspost::smtp {
namespace {

bool asks_for_report(const mail_params& params) noexcept {
    return !params.ret.empty() || !params.envelope_id.empty();
}
bool asks_for_report(const rcpt_params& params) noexcept {
    return !params.notify.empty() || !params.original.empty();
}

bool asks_for_hold(const mail_params& params) noexcept {
    return params.hold_for || params.hold_until;
}

/// BINARYMIME and the submitter of MAIL each belong to one kind of port.
bool is_submission(const session_policy& policy) noexcept {
    return policy.submission != nullptr;
}

/// Of a submission port. RFC 4865 3: nowhere else.
std::int64_t time_of_day(const submission_ports& ports) {
    return std::chrono::system_clock::to_time_t(ports.time.now());
}

bool offers_hold(const session_config& config, const session_policy& policy) noexcept {
    return is_submission(policy) && config.max_hold.count() > 0;
}

/// RFC 8689 2: never where the message itself comes in the clear.
bool offers_require_tls(const session_config& config, const net::stream& peer) noexcept {
    return config.offer_require_tls && peer.is_encrypted();
}

/// When a message is to be released. Only where that is offered; 0: at once.
std::int64_t release_time(const mail_params& params, const session_policy& policy) {
    if (params.hold_until) return *params.hold_until;
    return params.hold_for ? time_of_day(*policy.submission) + *params.hold_for : 0;
}

std::optional<reply> refuse_params(const mail_params& params,
                                   const session_config& config,
                                   const session_policy& policy,
                                   const net::stream& peer) {
    // RFC 4865 3, 8689 2, 3461 3, 4954 5: only where it was offered.
    if ((asks_for_hold(params) && !offers_hold(config, policy)) ||
        (params.require_tls && !offers_require_tls(config, peer)) ||
        (asks_for_report(params) && !config.offer_dsn) ||
        (!params.submitter.empty() && !is_submission(policy)) ||
        (params.body == body_type::binary && is_submission(policy)))
        return replies::unknown_parameter;
    if (!asks_for_hold(params)) return std::nullopt;
    const auto left = release_time(params, policy) - time_of_day(*policy.submission);
    if (left <= 0) return replies::hold_in_past;
    if (left > config.max_hold.count()) return replies::hold_too_long;
    return std::nullopt;
}

/// What EHLO says now.
extensions offered(const session_config& config,
                   const session_policy& policy,
                   const net::stream& peer,
                   const session_login& login) {
    const auto& limits = config.limits;
    const auto number = [](auto limit) {
        return limit == no_limit<decltype(limit)> ? decltype(limit){0} : limit;
    };
    extensions offer;
    offer.max_message_octets = number(limits.max_message_octets);
    offer.start_tls = peer.can_start_tls();
    // Few servers take it, so what is to go on to others had better come without.
    offer.binary_mime = !is_submission(policy);
    if (login.is_needed() && login.is_safe()) offer.auth = sasl::mechanism_names;
    offer.dsn = config.offer_dsn;
    offer.require_tls = offers_require_tls(config, peer);
    if (offers_hold(config, policy)) {
        offer.max_hold_seconds = static_cast<std::uint64_t>(config.max_hold.count());
        offer.max_hold_until = time_of_day(*policy.submission) + config.max_hold.count();
    }
    offer.max_messages = number(limits.max_messages);
    offer.max_recipients = number(limits.max_recipients);
    return offer;
}

}  // namespace

void server_session::forget_message() {
    transaction_.reset();
    envelope_.reset();
    check_.reset();
    message_.abandon();
}

awaitable<void> server_session::on(const malformed& wrong) {
    std::string given;
    if (!wrong.arguments.empty()) given = " given=" + log_safe(wrong.arguments);
    switch (wrong.fault) {
    case syntax_fault::unknown_command: refuse_bad("none", replies::unknown_command); break;
    case syntax_fault::bad_arguments: refuse_bad("none", replies::bad_arguments, given); break;
    case syntax_fault::bad_sender: refuse_bad("MAIL", replies::bad_sender, given); break;
    case syntax_fault::bad_recipient: refuse_bad("RCPT", replies::bad_recipient, given); break;
    case syntax_fault::utf8_without_smtputf8: refuse("MAIL", replies::needs_smtputf8, given); break;
    case syntax_fault::unknown_parameter:
        refuse_bad("none", replies::unknown_parameter, given);
        break;
    case syntax_fault::bad_chunk_size:
        // The chunk cannot be skipped, and its octets must not be read as commands.
        say_and_close(replies::bad_chunk_size, "bad_chunk_size");
        break;
    case syntax_fault::not_smtp: say_and_close(replies::not_smtp, "not_smtp"); break;
    }
    co_return;
}

awaitable<void> server_session::on(const cmd::helo& wanted) {
    forget_message();
    transaction_.greet();
    helo_ = wanted.domain;
    login_.say_hello(helo_);
    is_esmtp_ = false;
    append_hello(channel_.out(), config_->hostname, {});
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const cmd::ehlo& wanted) {
    forget_message();
    transaction_.greet();
    helo_ = wanted.domain;
    login_.say_hello(helo_);
    is_esmtp_ = true;
    append_hello(channel_.out(), config_->hostname,
                 to_lines(offered(*config_, policy_, channel_.peer(), login_)));
    count_idle_command();
    co_return;
}

/// What stands against a message before anybody asks whose it is.
std::optional<reply> server_session::refuse_mail(const cmd::mail& wanted) const {
    if (!transaction_.may_mail()) return replies::out_of_order;
    if (login_.is_needed())
        return login_.is_safe() ? replies::log_in_first : replies::start_tls_first;
    return refuse_params(wanted.params, *config_, policy_, channel_.peer());
}

awaitable<void> server_session::on(const cmd::mail& wanted) {
    const auto& limits = config_->limits;
    const auto announced = wanted.params.size.value_or(0);
    envelope unsent;
    unsent.reverse_path = wanted.reverse_path;
    if (const auto why = refuse_mail(wanted)) {
        refuse_bad("MAIL", *why);
        co_return;
    }
    if (conduct_.messages() >= limits.max_messages) {
        say_and_close(replies::too_many_messages, "too_many_messages");
        co_return;
    }
    if (!login_.user().account && channel_.octets_in() > limits.max_session_octets) {
        say_and_close(replies::too_many_octets, "too_many_octets");
        co_return;
    }
    if (announced > limits.max_message_octets) {
        turn_away("MAIL", replies::message_too_big, unsent);  // RFC 1870 6.1
        co_return;
    }
    auto asking = login_.may_send_as(wanted.reverse_path);
    const bool is_own = co_await std::move(asking);
    if (!is_own) {
        const auto words =
            replies::foreign_address(to_text(wanted.reverse_path), login_.user().address);
        auto refusal = replies::foreign_sender;
        refusal.text = words;
        turn_away("MAIL", refusal, unsent);
        co_return;
    }
    forget_message();
    envelope_.begin(wanted, release_time(wanted.params, policy_));
    transaction_.begin(wanted.params.body == body_type::binary);
    say(replies::sender_ok);
}

awaitable<void> server_session::on(const cmd::rcpt& wanted) {
    const auto& limits = config_->limits;
    const auto& path = wanted.forward_path;
    envelope alone;
    alone.reverse_path = envelope_.get().reverse_path;
    alone.recipients.push_back({path, {}, {}});
    if (!transaction_.may_rcpt()) {
        refuse_bad("RCPT", replies::out_of_order);
        co_return;
    }
    if (asks_for_report(wanted.params) && !config_->offer_dsn) {
        refuse_bad("RCPT", replies::unknown_parameter, about_refused(alone, false));
        co_return;
    }
    if (transaction_.recipients() >= limits.max_recipients) {
        turn_away("RCPT", replies::too_many_recipients, alone);  // RFC 5321 4.5.3.1.10
        count_idle_command();
        co_return;
    }
    if (conduct_.asks_too_much()) {
        // Nobody finds out our addresses by asking for many; mail for those already taken goes on.
        turn_away("RCPT", replies::too_many_refused, alone);
        count_idle_command();
        co_return;
    }
    if (!envelope_.get().smtputf8 && !is_ascii(path)) {
        turn_away("RCPT", replies::needs_smtputf8, alone);
        co_return;
    }
    if (envelope_.has(to_text(path))) {  // a repeated one costs no look-up
        transaction_.add_recipient();
        say(replies::for_recipient(recipient_verdict::accepted));
        co_return;
    }
    if (!check_) check_ = policy_.mail.check_recipients(envelope_.get().reverse_path);
    const auto verdict = co_await check_->ask(path, envelope_.get().announced_octets);
    const auto answer = replies::for_recipient(verdict);
    if (verdict != recipient_verdict::accepted) {
        conduct_.note_refused_recipient();
        turn_away("RCPT", answer, alone);
        co_return;
    }
    transaction_.add_recipient();
    envelope_.add(wanted);
    say(answer);
}

awaitable<void> server_session::on(const cmd::rset&) {
    forget_message();
    say(replies::ok);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const cmd::vrfy&) {
    say(replies::cannot_verify);  // RFC 5321 7.3: tells nobody who is here
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const cmd::expn&) {
    say(replies::cannot_verify);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const cmd::help&) {
    say(replies::help);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const cmd::noop&) {
    say(replies::ok);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const cmd::quit&) {
    say(replies::closing);
    loop_.close("quit");
    co_return;
}

awaitable<void> server_session::on(const cmd::start_tls&) {
    const auto& peer = channel_.peer();
    // What somebody is after a login would have to be forgotten (RFC 3207 4.2): it comes before.
    if (peer.is_encrypted() || !transaction_.may_start_tls() || login_.user().account) {
        refuse_bad("STARTTLS", replies::out_of_order);
        co_return;
    }
    if (!peer.can_start_tls()) {
        refuse_bad("STARTTLS", replies::not_implemented);
        co_return;
    }
    // What came in the clear behind the command was written by anybody (RFC 3207 4.2).
    reader_.clear();
    say(replies::ready_for_tls);
    const bool is_on = co_await loop_.start_tls(config_->limits.tls_timeout);
    if (!is_on) co_return;
    transaction_.restart();
    forget_message();
    helo_.clear();
    is_esmtp_ = false;
    count_idle_command();
}

/// RFC 4954 4.
awaitable<void> server_session::on(const cmd::auth& wanted) {
    if (!is_submission(policy_)) {
        refuse_bad("AUTH", replies::not_implemented);
        co_return;
    }
    if (!login_.is_needed() || transaction_.now() != phase::greeted) {
        refuse_bad("AUTH", replies::out_of_order);
        co_return;
    }
    auto talking = login_.authenticate(wanted);
    const auto answer = co_await std::move(talking);
    if (!answer) co_return;
    const auto& user = login_.user();
    if (user.account) {
        log_.info("login", "user={} tls={}", log_safe(user.address),
                  channel_.peer().is_encrypted());
        say(*answer);
    } else if (answer->code == replies::timed_out.code) {
        say_and_close(*answer, "timeout");
    } else if (answer->code / 100 == 5 && answer->code < 530) {  // it was no exchange
        refuse_bad("AUTH", *answer);
    } else {
        refuse("AUTH", *answer);
        if (login_.has_failed_too_often()) loop_.close("failed_logins");
    }
}

}  // namespace hauspost::smtp
