#include "base/log.hpp"
#include "protocols/smtp/extensions.hpp"
#include "protocols/smtp/path.hpp"
#include "protocols/smtp/session/server_session.hpp"

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
    envelope_ = envelope();
    recipients_.clear();
    check_.reset();
    body_ = body();
}

awaitable<void> server_session::on(const malformed& cmd) {
    std::string given;
    if (!cmd.arguments.empty()) given = " given=" + log_safe(cmd.arguments);
    switch (cmd.fault) {
    case syntax_fault::unknown_command: bad("none", replies::unknown_command); break;
    case syntax_fault::bad_arguments: bad("none", replies::bad_arguments, given); break;
    case syntax_fault::bad_sender: bad("MAIL", replies::bad_sender, given); break;
    case syntax_fault::bad_recipient: bad("RCPT", replies::bad_recipient, given); break;
    case syntax_fault::utf8_without_smtputf8: refuse("MAIL", replies::needs_smtputf8, given); break;
    case syntax_fault::unknown_parameter: bad("none", replies::unknown_parameter, given); break;
    case syntax_fault::bad_chunk_size:
        // A09: the chunk cannot be skipped, and its octets must not be read as commands.
        say_and_close(replies::bad_chunk_size, "bad_chunk_size");
        break;
    case syntax_fault::not_smtp:
        say_and_close(replies::not_smtp, "not_smtp");  // A18
        break;
    }
    co_return;
}

awaitable<void> server_session::on(const helo& cmd) {
    forget_message();
    transaction_.greet();
    helo_ = cmd.domain;
    is_esmtp_ = false;
    append_hello(out_, config_->hostname, {});
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const ehlo& cmd) {
    forget_message();
    transaction_.greet();
    helo_ = cmd.domain;
    is_esmtp_ = true;
    append_hello(out_, config_->hostname,
                 ehlo_extensions(config_->limits, peer_.can_start_tls(), config_->offer_dsn));
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const mail_from& cmd) {
    const auto& limits = config_->limits;
    const auto announced = cmd.params.size.value_or(0);
    if (!transaction_.may_mail()) {
        bad("MAIL", replies::out_of_order);
    } else if (limits.max_messages != 0 && messages_ >= limits.max_messages) {
        say_and_close(replies::too_many_messages, "too_many_messages");
    } else if (limits.max_session_octets != 0 && octets_in_ > limits.max_session_octets) {
        say_and_close(replies::too_many_octets, "too_many_octets");
    } else if (cmd.params.require_tls || (asks_for_report(cmd.params) && !config_->offer_dsn)) {
        bad("MAIL", replies::unknown_parameter);  // RFC 8689 2, 3461 3: only where it was offered
    } else if (limits.max_message_octets != 0 && announced > limits.max_message_octets) {
        const auto sender = log_safe(to_text(cmd.reverse_path));
        refuse("MAIL", replies::message_too_big, " from=" + sender);  // RFC 1870 6.1
    } else {
        forget_message();
        envelope_.reverse_path = cmd.reverse_path;
        envelope_.envelope_id = cmd.params.envelope_id;
        envelope_.ret = cmd.params.ret;
        envelope_.smtputf8 = cmd.params.smtputf8;
        envelope_.is_8bit = cmd.params.body != body_type::seven_bit;
        envelope_.announced_octets = announced;
        transaction_.begin(cmd.params.body == body_type::binary);
        say(replies::sender_ok);
    }
    co_return;
}

awaitable<void> server_session::on(const rcpt_to& cmd) {
    const auto& limits = config_->limits;
    const auto& path = cmd.forward_path;
    if (!transaction_.may_rcpt()) {
        bad("RCPT", replies::out_of_order);
        co_return;
    }
    if (asks_for_report(cmd.params) && !config_->offer_dsn) {
        bad("RCPT", replies::unknown_parameter, about_recipient(path));
        co_return;
    }
    if (limits.max_recipients != 0 && transaction_.recipients() >= limits.max_recipients) {
        refuse("RCPT", replies::too_many_recipients, about_recipient(path));  // RFC 5321 4.5.3.1.10
        count_idle_command();
        co_return;
    }
    if (limits.max_refused_recipients != 0 &&
        refused_recipients_ >= limits.max_refused_recipients) {
        // Nobody finds out our addresses by asking for many; mail for those already taken goes on.
        refuse("RCPT", replies::too_many_refused, about_recipient(path));
        count_idle_command();
        co_return;
    }
    if (!envelope_.smtputf8 && !is_ascii(path)) {
        refuse("RCPT", replies::needs_smtputf8, about_recipient(path));
        co_return;
    }
    std::string name = to_text(path);
    if (recipients_.contains(name)) {  // a repeated one costs no look-up
        transaction_.add_recipient();
        say(replies::for_recipient(recipient_verdict::accepted));
        co_return;
    }
    if (!check_) check_ = sink_.check_recipients();
    const auto verdict = co_await check_->ask(path, envelope_.announced_octets);
    const auto answer = replies::for_recipient(verdict);
    if (verdict != recipient_verdict::accepted) {
        ++refused_recipients_;
        refuse("RCPT", answer, about_recipient(path));
        co_return;
    }
    transaction_.add_recipient();
    recipients_.insert(std::move(name));
    envelope_recipient recipient;
    recipient.address = path;
    recipient.original = cmd.params.original;
    recipient.notify = cmd.params.notify;
    envelope_.recipients.push_back(std::move(recipient));
    say(answer);
}

awaitable<void> server_session::on(const rset&) {
    forget_message();
    say(replies::ok);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const vrfy&) {
    say(replies::cannot_verify);  // RFC 5321 7.3: tells nobody who is here
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const expn&) {
    say(replies::cannot_verify);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const help&) {
    say(replies::help);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const noop&) {
    say(replies::ok);
    count_idle_command();
    co_return;
}

awaitable<void> server_session::on(const quit&) {
    say(replies::closing);
    is_closing_ = true;
    co_return;
}

awaitable<void> server_session::on(const start_tls&) {
    if (peer_.is_encrypted() || !transaction_.may_start_tls()) {
        bad("STARTTLS", replies::out_of_order);
        co_return;
    }
    if (!peer_.can_start_tls()) {
        bad("STARTTLS", replies::not_implemented);
        co_return;
    }
    // A04: what came in the clear behind the command was written by anybody (RFC 3207 4.2).
    reader_.clear();
    say(replies::ready_for_tls);
    co_await flush();
    if (is_lost_) co_return;
    const auto ec = co_await peer_.start_tls(config_->limits.tls_timeout);
    if (ec) {
        lose(ec);
        end_reason_ = "tls_failed";
        co_return;
    }
    transaction_.restart();
    forget_message();
    helo_.clear();
    is_esmtp_ = false;
    count_idle_command();
}

awaitable<void> server_session::on(const auth&) {
    // RFC 4954 4: not offered on this port.
    bad("AUTH", replies::not_implemented);
    co_return;
}

}  // namespace hauspost::smtp
