#include "protocols/pop3/session/connection.hpp"

#include "base/log.hpp"
#include "protocols/pop3/command_parser.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace hauspost::pop3 {
namespace {

using sessions::ending;
using sessions::input;
using sessions::waiting;

// How much output is gathered before it is written; at most one encoded piece comes on top.
constexpr std::size_t full_output_octets = 128 * 1024;
// Long enough for the kernel to tell that a peer has closed.
constexpr std::chrono::milliseconds look{1};

}  // namespace

connection::connection(net::stream& peer,
                       const session_ports& ports,
                       std::shared_ptr<const session_config> config)
    : ports_(ports),
      config_(std::move(config)),
      log_(peer.peer(), "pop3"),
      channel_(peer, ports_.time, {config_->write_timeout, full_output_octets}),
      loop_(channel_, log_, net::turn(net::lane_of(peer.peer().address), config_->turn)),
      reader_(config_->limits.line_octets),
      login_until_(ports_.time.now() + config_->login_timeout),
      logins_(peer,
              ports_.credentials,
              ports_.changes,
              *this,
              {log_.protocol(), config_->wrong_password_delay, config_->max_failed_logins},
              ports_.time) {}

void connection::on_credentials_changed() noexcept {
    loop_.request_end(ending::account_changed);
}

/// The lock's answer is given here when it is plain, else by look_for_peer().
void connection::on_maildrop_wanted() noexcept {
    // Given back soon in any case.
    if (loop_.is_over() || loop_.wanted_end() != ending::none) return;
    const auto waits = channel_.waits();
    const auto silence = ports_.time.now() - channel_.moved_at();
    if (waits != waiting::no && silence >= config_->takeover_silence) {
        loop_.request_end(ending::taken_over);
        if (waits == waiting::for_output) channel_.peer().close();  // a write ends only so
    } else if (waits == waiting::for_input) {
        is_wanted_ = true;
        channel_.peer().wake();
    } else {
        lock_.keep();
    }
}

awaitable<void> connection::greet() {
    append_ok(out(), config_->hostname + " POP3 ready");
    co_return;
}

awaitable<void> connection::step() {
    std::string_view line;
    // No switch: g++ 12 destroys what a co_await under a case label never made.
    const auto next = reader_.next(line);
    if (next == wire::line_status::need_more)
        co_await wait_for_octets();
    else if (next == wire::line_status::complete)
        co_await execute(line);
    else if (next == wire::line_status::too_long)
        bad(replies::line_too_long);
    else
        bad(replies::bare_newline);
}

void connection::say_end(ending why) {
    switch (why) {
    case ending::none: return;
    case ending::shutdown: say(replies::shutting_down); return loop_.close("shutdown");
    case ending::account_changed:
        say(replies::account_changed);
        return loop_.close("account_changed");
    // Nothing is said: it would be taken for the answer to the next command.
    case ending::taken_over: return loop_.close("taken_over");
    }
}

/// RFC 1939 3: without QUIT nothing is removed. That messages were read is kept all the same.
awaitable<void> connection::leave() {
    maildrop_.unmark_all();
    if (lock_) {
        auto seen = mark_seen();
        co_await loop_.guarded(std::move(seen));
    }
    maildrop_ = {};
    subscription_.reset();
    lock_.give_back();
}

std::string connection::end_facts() const {
    return "retr=" + std::to_string(retrieved_) + " dele=" + std::to_string(removed_);
}

awaitable<void> connection::execute(std::string_view line) {
    const command wanted = parse_command(line);
    const auto& rule = rule_of(wanted);
    verb_ = rule.name;
    is_answered_ = false;
    if (!(phase_ == phase::transaction ? rule.in_transaction : rule.in_authorization)) {
        bad(replies::not_now);
        co_return;
    }
    auto work = dispatch(wanted);
    const bool is_done = co_await loop_.guarded(std::move(work));
    if (!is_done && !is_answered_)
        refuse(replies::fault);
    else if (!is_done)
        channel_.lose(asio::error::connection_aborted);  // nobody could tell where the answer ends
    if (std::exchange(wants_tls_, false)) co_await upgrade();
}

awaitable<void> connection::dispatch(const command& wanted) {
    return std::visit([this](const auto& one) { return on(one); }, wanted);
}

steady_time connection::input_until() const noexcept {
    return phase_ == phase::transaction ? channel_.moved_at() + config_->idle_timeout
                                        : login_until_;
}

awaitable<void> connection::wait_for_octets() {
    piece_.reset();
    piece_octets_ = 0;
    const bool is_written = co_await channel_.flush();
    if (!is_written || loop_.wanted_end() != ending::none) co_return;
    const auto came = co_await channel_.read_lines(reader_, input_until());
    if (came == input::woken && is_wanted_) co_await look_for_peer();
    // RFC 1939 3: the end of an idle connection is not said.
    if (came == input::timed_out) channel_.lose(asio::error::timed_out);
}

/// A newcomer wants the maildrop: is our peer still there?
awaitable<void> connection::look_for_peer() {
    is_wanted_ = false;
    const auto found = co_await channel_.wait(ports_.time.now() + look);
    if (found != input::lost) lock_.keep();
}

/// Who only sends no more gets his answer: POP3 has no line by which it would show who has closed.
awaitable<bool> connection::may_go_on() {
    auto& turn = loop_.turn();
    if (turn.is_over()) co_await turn.yield();
    const auto now = ports_.time.now();
    if (now - looked_at_ >= config_->look_interval) {
        looked_at_ = now;
        if (channel_.peer().look() == net::presence::gone)
            channel_.lose(asio::error::connection_reset);
    }
    co_return channel_.is_open() && loop_.wanted_end() == ending::none;
}

capability_state connection::capability_now() const noexcept {
    const auto& peer = channel_.peer();
    capability_state now;
    now.is_logged_in = phase_ == phase::transaction;
    now.is_encrypted = peer.is_encrypted();
    now.can_start_tls = peer.can_start_tls() && !is_utf8_;
    now.may_login_in_the_clear = config_->allow_plain_login_on_loopback && peer.peer().is_loopback;
    return now;
}

void connection::say(const reply& reply) {
    is_answered_ = true;
    reply.append_to(out());
    if (!reply.is_ok) return;
    bad_commands_ = 0;
    log_.debug("command", "verb={} answer=+OK", verb_);
}

/// An answer that is no fault of the client's.
void connection::refuse(const reply& reply) {
    say(reply);
    log_.info("refuse", "verb={} reason=\"{}\"", verb_, reply.text);
}

void connection::bad(const reply& reply) {
    const auto most = phase_ == phase::transaction ? config_->max_bad_commands
                                                   : config_->max_bad_commands_before_login;
    if (++bad_commands_ > most) {
        refuse(replies::too_many_bad_commands);
        return loop_.close("bad_commands");
    }
    refuse(reply);
}

}  // namespace hauspost::pop3
