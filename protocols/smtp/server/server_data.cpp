#include "base/log.hpp"
#include "protocols/smtp/path.hpp"
#include "protocols/smtp/server/server_session.hpp"

#include <utility>

namespace hauspost::smtp {

awaitable<void> server_session::begin_message() {
    envelope_.note_way(channel_.peer(), helo_, is_esmtp_, login_.user());
    auto shared = envelope_.share();
    co_await message_.begin(policy_.mail, std::move(shared));
}

awaitable<void> server_session::on(const cmd::data&) {
    if (transaction_.now() == phase::mail) {
        refuse("DATA", replies::no_recipients);  // RFC 5321 3.3
        co_return;
    }
    if (!transaction_.may_data()) {
        refuse_bad("DATA", replies::out_of_order);
        co_return;
    }
    co_await begin_message();
    if (message_.refusal()) {
        turn_away("DATA", *message_.refusal(), envelope_.get());
        forget_message();
        co_return;
    }
    say(replies::start_mail_input);
    is_in_body_ = true;
    const auto how = co_await message_.receive_data();
    is_in_body_ = false;
    end_transfer(how);
    if (!loop_.is_over()) co_await finish_message("DATA");
}

awaitable<void> server_session::on(const cmd::bdat& wanted) {
    const auto& limits = config_->limits;
    const bool is_allowed = transaction_.may_bdat();
    const bool has_no_recipients = transaction_.now() == phase::mail;
    if (!is_allowed) {
        message_.abandon();
        message_.refuse(has_no_recipients ? replies::no_recipients : replies::out_of_order);
    } else {
        if (transaction_.now() == phase::rcpt) co_await begin_message();
        transaction_.add_chunk();
        if (transaction_.chunks() > limits.max_bdat_chunks)
            message_.refuse(replies::too_many_chunks);
        if (wanted.octets > limits.max_message_octets - message_.octets())
            message_.refuse(replies::message_too_big);
    }
    if (message_.refusal() && message_.is_past_discarding(wanted.octets)) {
        end_transfer(transfer::too_long);
        co_return;
    }
    is_in_body_ = true;
    const auto how = co_await message_.receive_chunk(wanted.octets);
    is_in_body_ = false;
    end_transfer(how);
    if (loop_.is_over()) co_return;
    if (!is_allowed) {
        if (has_no_recipients) {
            refuse("BDAT", replies::no_recipients);
        } else {
            refuse_bad("BDAT", replies::out_of_order);
        }
        message_.abandon();
    } else if (wanted.is_last || message_.refusal()) {
        co_await finish_message("BDAT");
    } else {
        say(replies::chunk_ok);
    }
}

/// Octets that did not come to their end are the end of the connection.
void server_session::end_transfer(transfer how) {
    switch (how) {
    case transfer::complete:
    case transfer::lost: return;
    case transfer::timed_out: return say_and_close(replies::timed_out, "timeout");
    case transfer::too_slow: return say_and_close(replies::too_slow, "too_slow");
    case transfer::too_long: return say_and_close(replies::message_too_big, "message_too_big");
    }
}

/// The whole message is here: stores it, or says why not. Its transaction ends either way.
awaitable<void> server_session::finish_message(std::string_view verb) {
    // RFC 3030 3: only BINARYMIME may hold CR and LF that are no line ends. DATA was looked at.
    if (!transaction_.is_binary() && message_.has_bare_newline())
        message_.refuse(replies::bare_newline_in_message);
    if (message_.refusal()) {
        turn_away(verb, *message_.refusal(), envelope_.get());
        forget_message();
        co_return;
    }
    if (loop_.wanted_end() == sessions::ending::account_changed) {
        forget_message();  // its user may not send any more; the loop says so
        co_return;
    }
    const auto verdict = co_await message_.commit();
    if (verdict == delivery_verdict::accepted) {
        append_message_stored(channel_.out(), message_.id());
        log_.info("message", "id={}{} from={} rcpts={} octets={}", message_.id(),
                  login_.about_user(), log_safe(to_text(envelope_.get().reverse_path)),
                  envelope_.get().recipients.size(), message_.octets());
        conduct_.note_message();
    } else {
        message_.refuse(verdict);
        turn_away(verb, *message_.refusal(), envelope_.get());
    }
    forget_message();
}

}  // namespace hauspost::smtp
