#include "protocols/imap/session/core/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace hauspost::imap {
namespace {

// How much output is gathered before it is written; at most one message's lines more are held
// (B11: 256 KiB).
constexpr std::size_t full_output_octets = 128 * 1024;
// A list of ranges is written in pieces of this size.
constexpr std::size_t ranges_octets = 32 * 1024;

}  // namespace

capability_state connection::capability_now() const noexcept {
    capability_state now;
    now.is_logged_in = phase_ == phase::authenticated || phase_ == phase::selected;
    now.is_encrypted = peer_.is_encrypted();
    now.can_start_tls = peer_.can_start_tls();
    now.may_login_in_the_clear = config_->allow_plain_login_on_loopback && peer_.peer().is_loopback;
    now.literal_minus = config_->limits.literal_minus;
    now.is_compressing = peer_.is_compressing();
    now.append_limit = config_->limits.append_octets;
    now.message_limit = config_->max_messages_of_command;
    now.has_index = ports_.index != nullptr;
    return now;
}

net::stream::duration connection::time_left() const noexcept {
    if (phase_ != phase::not_authenticated && !idle_until_) return config_->autologout;
    const auto end = idle_until_ ? *idle_until_ : login_until_;
    const auto left = end - std::chrono::steady_clock::now();
    return std::max<net::stream::duration>(left, std::chrono::milliseconds(0));
}

void connection::lose(error_code why) {
    is_open_ = false;
    if (!lost_) lost_ = why;
    out_.clear();
}

awaitable<bool> connection::flush() {
    if (!is_open_) out_.clear();
    if (out_.empty()) co_return is_open_;
    const auto failed = co_await peer_.write(out_, config_->write_timeout);
    // No BYE to who reads nothing (B10): the socket takes nothing more, that is why we are here,
    // and what it took may have ended in the middle of a line or of a TLS record.
    if (failed) {
        lose(failed);
        co_return false;
    }
    octets_out_ += out_.size();
    out_.clear();
    progress_at_ = std::chrono::steady_clock::now();  // he hears that something happens
    co_return true;
}

awaitable<bool> connection::make_room() {
    if (is_open_ && out_.size() < full_output_octets) co_return true;
    if (is_turn_over()) co_await yield();
    co_return co_await flush();
}

awaitable<bool> connection::tell_answer(std::string_view tag, const answer& end) {
    if (end.sets.empty()) {
        writer().tagged(tag, end.status, end.code, end.text);
        co_return is_open_;
    }
    writer().tagged_head(tag, end.status, end.code);
    for (const auto& set : end.sets) {
        writer().raw(' ');
        const std::span<const number_range> ranges(set);
        if (!co_await tell_ranges(ranges)) co_return false;
    }
    writer().tagged_end(end.text);
    co_return true;
}

awaitable<bool> connection::tell_ranges(std::span<const number_range> ranges) {
    std::size_t told = 0;
    while (told < ranges.size()) {
        if (told > 0) writer().raw(',');
        told += writer().ranges(ranges.subspan(told), ranges_octets);
        if (!co_await make_room()) co_return false;
    }
    co_return true;
}

awaitable<connection::input> connection::wait_for_octets(std::size_t at_most) {
    if (!co_await flush()) co_return input::gone;
    out_.shrink_to_fit();
    assembler_.release_memory();
    auto limit = time_left();
    error_code failed = asio::error::timed_out;
    // A peer that always has one more octet for us must not outrun the limit.
    const auto to_news = time_to_news();
    const bool waits_for_news = to_news && *to_news < limit;
    if (waits_for_news) limit = *to_news;
    if (limit.count() > 0) failed = co_await peer_.wait_readable(limit);
    if (failed == asio::error::operation_aborted) co_return input::woken;
    if (failed == asio::error::timed_out && waits_for_news) co_return input::woken;
    if (failed == asio::error::timed_out) {
        say_bye("", phase_ == phase::not_authenticated ? "Login took too long" : "Autologout");
        co_return input::gone;
    }
    if (failed) {
        lose(failed);
        co_return input::gone;
    }
    const bool came = co_await read_octets(at_most);
    co_return came ? input::octets : input::gone;
}

awaitable<bool> connection::read_octets(std::size_t at_most) {
    const auto buffer = std::make_unique_for_overwrite<char[]>(at_most);
    const std::span<char> into(buffer.get(), at_most);
    const auto got = co_await peer_.read_some(into, time_left());
    if (!got) {
        if (got.error() == asio::error::timed_out)
            say_bye("", "No octets came for too long");
        else
            lose(got.error());
        co_return false;
    }
    octets_in_ += *got;
    const std::string_view octets(buffer.get(), *got);
    assembler_.feed(octets);
    co_return true;
}

awaitable<std::optional<std::string>> connection::read_line() {
    while (ending_ == ending::none) {
        const auto next = assembler_.next_line();
        if (next == assembly::complete) co_return std::string(assembler_.command());
        if (next != assembly::need_more) co_return std::nullopt;
        if (co_await wait_for_octets() == input::gone) co_return std::nullopt;
    }
    co_return std::nullopt;
}

answer connection::broken_line() {
    if (!is_open_ || phase_ == phase::closing) return replies::connection_lost();
    if (ending_ != ending::none) return replies::connection_lost();  // serve() says why
    const auto& why = assembler_.refusal();
    if (assembler_.must_close()) say_bye(why.code, why.text);
    return {why.status, why.code, why.text};
}

}  // namespace hauspost::imap
