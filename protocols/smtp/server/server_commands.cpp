#include "base/log.hpp"
#include "protocols/smtp/extensions.hpp"
#include "protocols/smtp/path.hpp"
#include "protocols/smtp/server/server_session.hpp"

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

}  // namespace

void server_session::forget_message() {
    transaction_.reset();
    envelope_ = std::make_shared<envelope>();
    recipients_.clear();
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
    is_esmtp_ = false;
    append_hello(channel_.out(), config_->hostname, {});
    count_idle_command();
    co_return;
}

extensions server_session::offered() const {
    const auto& limits = config_->limits;
    const auto number = [](auto limit) {
        return limit == no_limit<decltype(limit)> ? decltype(limit){0} : limit;
    };
    extensions offer;
    offer.max_message_octets = number(limits.max_message_octets);
    offer.start_tls = channel_.peer().can_start_tls();
    offer.dsn = config_->offer_dsn;
    offer.max_messages = number(limits.max_messages);
    offer.max_recipients = number(limits.max_recipients);
    return offer;
}

awaitable<void> server_session::on(const cmd::ehlo& wanted) {
    forget_message();
    transaction_.greet();
    helo_ = wanted.domain;
    is_esmtp_ = true;
    append_hello(channel_.out(), config_->hostname, to_lines(offered()));
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const cmd::mail& wanted) {
    const auto& limits = config_->limits;
    const auto announced = wanted.params.size.value_or(0);
    if (!transaction_.may_mail()) {
        refuse_bad("MAIL", replies::out_of_order);
    } else if (conduct_.messages() >= limits.max_messages) {
        say_and_close(replies::too_many_messages, "too_many_messages");
    } else if (channel_.octets_in() > limits.max_session_octets) {
        say_and_close(replies::too_many_octets, "too_many_octets");
    } else if (wanted.params.require_tls ||
               (asks_for_report(wanted.params) && !config_->offer_dsn)) {
        refuse_bad("MAIL",
                   replies::unknown_parameter);  // RFC 8689 2, 3461 3: only where it was offered
    } else if (announced > limits.max_message_octets) {
        const auto sender = log_safe(to_text(wanted.reverse_path));
        refuse("MAIL", replies::message_too_big, " from=" + sender);  // RFC 1870 6.1
    } else {
        forget_message();
        envelope_->reverse_path = wanted.reverse_path;
        envelope_->envelope_id = wanted.params.envelope_id;
        envelope_->ret = wanted.params.ret;
        envelope_->smtputf8 = wanted.params.smtputf8;
        envelope_->is_8bit = wanted.params.body != body_type::seven_bit;
        envelope_->announced_octets = announced;
        transaction_.begin(wanted.params.body == body_type::binary);
        say(replies::sender_ok);
    }
    co_return;
}

awaitable<void> server_session::on(const cmd::rcpt& wanted) {
    const auto& limits = config_->limits;
    const auto& path = wanted.forward_path;
    if (!transaction_.may_rcpt()) {
        refuse_bad("RCPT", replies::out_of_order);
        co_return;
    }
    if (asks_for_report(wanted.params) && !config_->offer_dsn) {
        refuse_bad("RCPT", replies::unknown_parameter, about_recipient(path));
        co_return;
    }
    if (transaction_.recipients() >= limits.max_recipients) {
        refuse("RCPT", replies::too_many_recipients, about_recipient(path));  // RFC 5321 4.5.3.1.10
        count_idle_command();
        co_return;
    }
    if (conduct_.asks_too_much()) {
        // Nobody finds out our addresses by asking for many; mail for those already taken goes on.
        refuse("RCPT", replies::too_many_refused, about_recipient(path));
        count_idle_command();
        co_return;
    }
    if (!envelope_->smtputf8 && !is_ascii(path)) {
        refuse("RCPT", replies::needs_smtputf8, about_recipient(path));
        co_return;
    }
    std::string name = to_text(path);
    if (recipients_.contains(name)) {  // a repeated one costs no look-up
        transaction_.add_recipient();
        say(replies::for_recipient(recipient_verdict::accepted));
        co_return;
    }
    if (!check_) check_ = ports_.mail.check_recipients();
    const auto verdict = co_await check_->ask(path, envelope_->announced_octets);
    const auto answer = replies::for_recipient(verdict);
    if (verdict != recipient_verdict::accepted) {
        conduct_.note_refused_recipient();
        refuse("RCPT", answer, about_recipient(path));
        co_return;
    }
    transaction_.add_recipient();
    recipients_.insert(std::move(name));
    envelope_recipient recipient;
    recipient.address = path;
    recipient.original = wanted.params.original;
    recipient.notify = wanted.params.notify;
    envelope_->recipients.push_back(std::move(recipient));
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
    if (peer.is_encrypted() || !transaction_.may_start_tls()) {
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

awaitable<void> server_session::on(const cmd::auth&) {
    // RFC 4954 4: not offered on this port.
    refuse_bad("AUTH", replies::not_implemented);
    co_return;
}

}  // namespace hauspost::smtp
