#include "protocols/smtp/server/message_receiver.hpp"

#include "protocols/wire/literal_reader.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace hauspost::smtp {
namespace {

constexpr std::size_t body_buffer_octets = 65536;

}  // namespace

awaitable<void> message_receiver::begin(mail_sink& sink, std::shared_ptr<const envelope> envelope) {
    abandon();
    try {
        message_ = co_await sink.begin(std::move(envelope));
    } catch (const std::exception& fault) {
        log_.fault(fault);
    }
    if (!message_) refuse(replies::local_fault);
    if (message_ && message_->verdict_at_once() != delivery_verdict::accepted)
        refuse(message_->verdict_at_once());
}

void message_receiver::refuse(const reply& why) {
    if (!refusal_) refusal_ = why;
    message_.reset();
}

void message_receiver::refuse(delivery_verdict verdict) {
    auto why = replies::for_delivery(verdict);
    if (message_ && !message_->why().empty()) {
        why_ = message_->why();
        why.text = why_;
    }
    refuse(why);
}

void message_receiver::abandon() {
    message_.reset();
    refusal_.reset();
    guard_ = wire::newline_guard();
    octets_ = 0;
}

void message_receiver::begin_transfer() noexcept {
    began_at_ = channel_.time().now();
    received_ = 0;
}

awaitable<transfer> message_receiver::receive_data() {
    wire::dot_decoder decoder;
    begin_transfer();
    for (;;) {
        if (const auto pending = reader_.buffered(); !pending.empty()) {
            const auto step = decoder.decode(pending);
            if (decoder.has_bare_newline()) refuse(replies::bare_newline_in_message);
            const std::string_view octets(pending.data(), step.produced);
            co_await take(octets);
            received_ += step.consumed;
            reader_.consume(step.consumed);
            if (step.is_end) co_return transfer::complete;
            if (is_past_discarding(received_)) co_return transfer::too_long;
        }
        const auto more = co_await read();
        if (more != transfer::complete) co_return more;
    }
}

awaitable<transfer> message_receiver::receive_chunk(std::uint64_t octets) {
    wire::literal_reader chunk(octets);
    begin_transfer();
    while (!chunk.is_done()) {
        if (reader_.is_empty()) {
            const auto more = co_await read();
            if (more != transfer::complete) co_return more;
        }
        const auto pending = reader_.buffered();
        const std::string_view part(pending.data(), chunk.take(pending.size()));
        if (!refusal_) guard_.check(part);
        co_await take(part);
        received_ += part.size();
        reader_.consume(part.size());
    }
    co_return transfer::complete;
}

/// Hands octets of the message on. Once it is refused they are dropped.
awaitable<void> message_receiver::take(std::string_view octets) {
    if (refusal_ || octets.empty()) co_return;
    if (octets.size() > limits_.max_message_octets - octets_) {
        refuse(replies::message_too_big);  // RFC 1870 6.3
        co_return;
    }
    octets_ += octets.size();
    try {
        const auto verdict = co_await message_->write(octets);
        if (verdict != delivery_verdict::accepted) refuse(verdict);
    } catch (const std::exception& fault) {  // the peer goes on sending: its octets are skipped
        log_.fault(fault);
        refuse(replies::local_fault);
    }
}

/// Waits for more octets. RFC 5321 4.5.3.2.5.
awaitable<transfer> message_receiver::read() {
    const auto now = channel_.time().now();
    const auto elapsed = now - began_at_;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    if (limits_.min_data_rate != 0 && elapsed > limits_.data_timeout &&
        received_ / limits_.min_data_rate < static_cast<std::uint64_t>(seconds))
        co_return transfer::too_slow;
    const auto until =
        now + (config_.is_stressed() ? limits_.stress_timeout : limits_.data_timeout);
    auto came = sessions::input::woken;  // by who wants the session to end: after the message
    while (came == sessions::input::woken)
        came = co_await channel_.read(reader_, body_buffer_octets, until);
    if (came == sessions::input::lost) co_return transfer::lost;
    co_return came == sessions::input::timed_out ? transfer::timed_out : transfer::complete;
}

awaitable<delivery_verdict> message_receiver::commit() {
    return message_->commit();
}

bool message_receiver::is_past_discarding(std::uint64_t octets) const noexcept {
    return octets / 2 > limits_.max_message_octets;
}

}  // namespace hauspost::smtp
