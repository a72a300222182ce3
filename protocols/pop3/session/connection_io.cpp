#include "protocols/pop3/session/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace hauspost::pop3 {
namespace {

// How much output is gathered before it is written (B11: at most one encoded piece comes on top).
constexpr std::size_t full_output_octets = 128 * 1024;
constexpr std::size_t read_octets_at_once = 4 * 1024;
constexpr std::size_t min_room_octets = 1024;  // so that few octets are moved for each read
// Long enough for the kernel to tell that a peer has closed.
constexpr std::chrono::milliseconds look{1};

std::string_view word_for(error_code why) noexcept {
    if (why == asio::error::eof) return "eof";
    return why == asio::error::timed_out ? "timeout" : "lost";
}

}  // namespace

capability_state connection::capability_now() const noexcept {
    capability_state now;
    now.is_logged_in = phase_ == phase::transaction;
    now.is_encrypted = peer_.is_encrypted();
    now.can_start_tls = peer_.can_start_tls() && !is_utf8_;
    now.may_login_in_the_clear = config_->allow_plain_login_on_loopback && peer_.peer().is_loopback;
    return now;
}

net::stream::duration connection::time_left() const noexcept {
    const auto end =
        phase_ == phase::transaction ? moved_at_ + config_->idle_timeout : login_until_;
    const auto left = end - std::chrono::steady_clock::now();
    return std::max<net::stream::duration>(left, std::chrono::milliseconds(0));
}

void connection::lose(error_code why) {
    if (is_open_) end_reason_ = ending_ == ending::taken_over ? "taken_over" : word_for(why);
    is_open_ = false;
    out_.clear();
}

awaitable<bool> connection::flush() {
    if (!is_open_) out_.clear();
    if (out_.empty()) co_return is_open_;
    waiting_ = waiting::for_output;
    moved_at_ = std::chrono::steady_clock::now();
    const auto failed = co_await peer_.write(out_, config_->write_timeout);
    waiting_ = waiting::no;
    moved_at_ = std::chrono::steady_clock::now();
    if (failed) {
        lose(failed);
        co_return false;
    }
    octets_out_ += out_.size();
    out_.clear();
    co_return true;
}

awaitable<bool> connection::make_room() {
    if (is_turn_over()) co_await yield();
    if (is_open_ && out_.size() < full_output_octets) co_return true;
    co_return co_await flush();
}

awaitable<void> connection::wait_for_octets() {
    const bool is_written = co_await flush();
    if (!is_written) co_return;
    out_.shrink_to_fit();
    piece_.reset();
    piece_octets_ = 0;
    reader_.release();
    const auto limit = time_left();
    error_code failed = asio::error::timed_out;
    waiting_ = waiting::for_input;
    // A peer that always has one more octet for us must not outrun the limit.
    if (limit.count() > 0 && ending_ == ending::none) failed = co_await peer_.wait_readable(limit);
    if (failed == asio::error::operation_aborted && is_wanted_) co_await look_for_peer();
    waiting_ = waiting::no;
    if (ending_ != ending::none || failed == asio::error::operation_aborted) co_return;
    // RFC 1939 3: the end of an idle connection is not said.
    if (failed)
        lose(failed);
    else
        co_await read_octets();
}

/// A newcomer wants the maildrop: is our peer still there?
awaitable<void> connection::look_for_peer() {
    is_wanted_ = false;
    const auto failed = co_await peer_.wait_readable(look);
    const bool is_there =
        !failed || failed == asio::error::timed_out || failed == asio::error::operation_aborted;
    if (is_there)
        lock_.keep();
    else
        lose(failed);
}

/// Who only sends no more gets his answer: POP3 has no line by which it would show who has closed.
awaitable<bool> connection::may_go_on() {
    if (is_turn_over()) co_await yield();
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_at_ >= config_->look_interval) {
        looked_at_ = now;
        if (peer_.look() == net::presence::gone) lose(asio::error::connection_reset);
    }
    if (ending_ != ending::none) co_return false;
    co_return is_open_;
}

awaitable<void> connection::read_octets() {
    const auto room = reader_.room(reader_.is_empty() ? read_octets_at_once : min_room_octets);
    const auto got = co_await peer_.read_some(room, time_left());
    if (!got) {
        lose(got.error());
        co_return;
    }
    moved_at_ = std::chrono::steady_clock::now();
    octets_in_ += *got;
    reader_.added(*got);
}

awaitable<std::optional<std::string>> connection::read_line(std::size_t max_octets) {
    reader_.set_max_octets(max_octets);
    std::optional<std::string> found;
    auto status = wire::line_status::need_more;
    while (status == wire::line_status::need_more && is_open_ && ending_ == ending::none) {
        std::string_view line;
        status = reader_.next(line);
        if (status == wire::line_status::complete) found = line;
        if (status == wire::line_status::need_more) co_await wait_for_octets();
    }
    reader_.set_max_octets(config_->limits.line_octets);
    if (status == wire::line_status::too_long) bad(replies::line_too_long);
    if (status == wire::line_status::bare_newline) bad(replies::bare_newline);
    co_return found;
}

}  // namespace hauspost::pop3
