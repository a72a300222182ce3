#include "base/log.hpp"
#include "protocols/smtp/path.hpp"
#include "protocols/smtp/session/server_session.hpp"
#include "protocols/wire/literal_reader.hpp"
#include "storage/errc.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace hauspost::smtp {
namespace {

constexpr std::size_t body_buffer_octets = 65536;

/// RFC 3848, RFC 6531 4.3: the "with" of Received.
std::string protocol_name(bool is_esmtp, bool is_encrypted, bool smtputf8) {
    if (!is_esmtp) return "SMTP";
    std::string name = smtputf8 ? "UTF8SMTP" : "ESMTP";
    if (is_encrypted) name += 'S';
    return name;
}

}  // namespace

void server_session::describe_peer(envelope& envelope) const {
    envelope.helo = helo_;
    envelope.peer_address = peer_.peer().address;
    envelope.protocol = protocol_name(is_esmtp_, peer_.is_encrypted(), envelope.smtputf8);
    if (peer_.is_encrypted()) {
        const auto tls = peer_.tls();
        envelope.tls = tls.version + ' ' + tls.cipher;
    }
}

/// Refuses the body when the sink has no room to begin it.
awaitable<void> server_session::begin_message() {
    body_ = body();
    describe_peer(envelope_);
    auto copy = envelope_;
    try {
        body_.message = co_await sink_.begin(std::move(copy));
    } catch (const std::exception& fault) {
        log_fault(fault);
    }
    if (!body_.message) body_.refuse(replies::local_fault);
}

awaitable<void> server_session::on(const data&) {
    if (transaction_.now() == phase::mail) {
        refuse("DATA", replies::no_recipients);  // RFC 5321 3.3
        co_return;
    }
    if (!transaction_.may_data()) {
        bad("DATA", replies::out_of_order);
        co_return;
    }
    co_await begin_message();
    if (body_.refusal) {
        refuse("DATA", *body_.refusal, about_message());
        forget_message();
        co_return;
    }
    say(replies::start_mail_input);
    is_in_body_ = true;
    co_await receive_data();
    is_in_body_ = false;
    if (!is_over()) co_await finish_message("DATA");
}

awaitable<void> server_session::receive_data() {
    wire::dot_decoder decoder;
    body_.began_at = now();
    for (;;) {
        if (const auto pending = reader_.buffered(); !pending.empty()) {
            const auto step = decoder.decode(pending);
            if (decoder.has_bare_newline()) body_.refuse(replies::bare_newline_in_message);
            const std::string_view octets(pending.data(), step.produced);
            co_await take(octets);
            body_.received += step.consumed;
            reader_.consume(step.consumed);
            if (step.is_end) co_return;
            if (is_past_discarding(body_.received)) {
                say_and_close(replies::message_too_big, "message_too_big");
                co_return;
            }
        }
        co_await read_body();
        if (is_over()) co_return;
    }
}

awaitable<void> server_session::on(const bdat& cmd) {
    const auto& limits = config_->limits;
    const bool is_allowed = transaction_.may_bdat();
    const bool has_no_recipients = transaction_.now() == phase::mail;
    if (!is_allowed) {
        body_ = body();
        body_.refuse(has_no_recipients ? replies::no_recipients : replies::out_of_order);
    } else {
        if (transaction_.now() == phase::rcpt) co_await begin_message();
        transaction_.add_chunk();
        if (limits.max_bdat_chunks != 0 && transaction_.chunks() > limits.max_bdat_chunks)
            body_.refuse(replies::too_many_chunks);  // A08
        if (limits.max_message_octets != 0 && cmd.octets > limits.max_message_octets - body_.octets)
            body_.refuse(replies::message_too_big);
    }
    if (body_.refusal && is_past_discarding(cmd.octets)) {
        say_and_close(replies::message_too_big, "message_too_big");
        co_return;
    }
    is_in_body_ = true;
    co_await receive_chunk(cmd.octets);
    is_in_body_ = false;
    if (is_over()) co_return;
    if (!is_allowed) {
        if (has_no_recipients) {
            refuse("BDAT", replies::no_recipients);
        } else {
            bad("BDAT", replies::out_of_order);
        }
        body_ = body();
    } else if (cmd.is_last || body_.refusal) {
        co_await finish_message("BDAT");
    } else {
        say(replies::chunk_ok);
    }
}

awaitable<void> server_session::receive_chunk(std::uint64_t octets) {
    wire::literal_reader chunk(octets);
    body_.began_at = now();
    body_.received = 0;
    while (!chunk.is_done()) {
        if (reader_.is_empty()) {
            co_await read_body();
            if (is_over()) co_return;
        }
        const auto pending = reader_.buffered();
        const std::string_view part(pending.data(), chunk.take(pending.size()));
        if (!body_.refusal) body_.guard.check(part);
        co_await take(part);
        body_.received += part.size();
        reader_.consume(part.size());
    }
}

/// Hands octets of the message on. Once it is refused they are dropped.
awaitable<void> server_session::take(std::string_view octets) {
    if (body_.refusal || octets.empty()) co_return;
    const auto most = config_->limits.max_message_octets;
    if (most != 0 && octets.size() > most - body_.octets) {
        body_.refuse(replies::message_too_big);  // RFC 1870 6.3
        co_return;
    }
    body_.octets += octets.size();
    try {
        const auto ec = co_await body_.message->write(octets);
        if (!ec) co_return;
        if (ec == storage::errc::disk_full)
            body_.refuse(replies::no_space);
        else
            body_.refuse(ec == storage::errc::busy ? replies::busy : replies::local_fault);
    } catch (const std::exception& fault) {  // the peer goes on sending: its octets are skipped
        log_fault(fault);
        body_.refuse(replies::local_fault);
    }
}

/// The whole message is here: stores it, or says why not. Its transaction ends either way.
awaitable<void> server_session::finish_message(std::string_view verb) {
    // RFC 3030 3: only BINARYMIME may hold CR and LF that are no line ends. DATA was looked at.
    if (!transaction_.is_binary() && body_.guard.has_bare_newline())
        body_.refuse(replies::bare_newline_in_message);
    if (body_.refusal) {
        refuse(verb, *body_.refusal, about_message());
        forget_message();
        co_return;
    }
    const auto verdict = co_await body_.message->commit();
    if (verdict == delivery_verdict::stored) {
        const auto& id = body_.message->id();
        append_message_stored(out_, id);
        log::info("message cid={} proto=smtp id={} from={} rcpts={} octets={}",
                  peer_.peer().id.value(), id, log_safe(to_text(envelope_.reverse_path)),
                  envelope_.recipients.size(), body_.octets);
        ++messages_;
        bad_commands_ = idle_commands_ = 0;
    } else {
        refuse(verb, replies::for_delivery(verdict), about_message());
    }
    forget_message();
}

/// Waits for more of the message. RFC 5321 4.5.3.2.5.
awaitable<void> server_session::read_body() {
    co_await flush();
    if (is_lost_) co_return;
    const auto& limits = config_->limits;
    const auto elapsed = now() - body_.began_at;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    if (limits.min_data_rate != 0 && elapsed > limits.data_timeout &&
        body_.received / limits.min_data_rate < static_cast<std::uint64_t>(seconds)) {
        say_and_close(replies::too_slow, "too_slow");
        co_return;
    }
    const auto limit = is_under_stress() ? limits.stress_timeout : limits.data_timeout;
    // A peer that is silent within its message costs no buffer. Who stops us gets the message
    // first, if it is coming.
    reader_.release();
    auto failed = co_await peer_.wait_readable(limit);
    if (!failed || failed == asio::error::operation_aborted) {
        const auto got = co_await peer_.read_some(reader_.room(body_buffer_octets), limit);
        failed = got ? error_code() : got.error();
        if (got) {
            octets_in_ += *got;
            reader_.added(*got);
        }
    }
    if (failed == asio::error::timed_out) {
        say_and_close(replies::timed_out, "timeout");
    } else if (failed) {
        lose(failed);
    }
}

/// A message that is refused is read to its end, but not for ever: so many octets are enough.
bool server_session::is_past_discarding(std::uint64_t octets) const noexcept {
    const auto most = config_->limits.max_message_octets;
    return most != 0 && octets / 2 > most;
}

}  // namespace hauspost::smtp
