#include "protocols/pop3/session/connection.hpp"

#include "base/log.hpp"
#include "protocols/pop3/command_parser.hpp"

#include <boost/asio/error.hpp>

#include <exception>
#include <utility>

namespace hauspost::pop3 {

connection::connection(net::stream& peer,
                       const session_ports& ports,
                       std::shared_ptr<const session_config> config)
    : peer_(peer),
      ports_(ports),
      config_(std::move(config)),
      reader_(config_->limits.line_octets),
      turn_(net::lane_of(peer_.peer().address), config_->turn),
      logins_(peer_,
              ports_.credentials,
              ports_.changes,
              *this,
              {"pop3", config_->wrong_password_delay, config_->max_failed_logins}) {}

awaitable<void> connection::run() {
    const auto began = std::chrono::steady_clock::now();
    login_until_ = began + config_->login_timeout;
    moved_at_ = began;
    log::info("start cid={} proto=pop3 peer={} port={} tls={}", peer_.peer().id.value(),
              peer_.peer().address, peer_.peer().local_port, peer_.is_encrypted());
    append_ok(out_, config_->hostname + " POP3 ready");
    auto work = serve();
    if (!co_await guarded(std::move(work))) end_reason_ = "fault";
    auto tidy = leave_maildrop();
    co_await guarded(std::move(tidy));
    subscription_.reset();
    lock_.give_back();
    peer_.close();
    log_end(began);
}

void connection::log_end(steady_time began) const {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    log::info("end cid={} proto=pop3 reason={} retr={} dele={} in={} out={} took_ms={}",
              peer_.peer().id.value(), end_reason_, retrieved_, removed_, octets_in_, octets_out_,
              took.count());
}

void connection::log_fault(const std::exception& fault) const {
    log::error("fault cid={} proto=pop3 what={}", peer_.peer().id.value(),
               log_safe(fault.what(), 200));
}

void connection::request_stop() noexcept {
    ending_ = ending::stop;
    peer_.wake();
}

void connection::on_credentials_changed() noexcept {
    if (ending_ == ending::none) ending_ = ending::credentials_changed;
    peer_.wake();
}

/// The lock's answer is given here when it is plain, else by look_for_peer().
void connection::on_maildrop_wanted() noexcept {
    // Given back soon in any case.
    if (phase_ == phase::closing || ending_ != ending::none || !is_open_) return;
    const auto silence = std::chrono::steady_clock::now() - moved_at_;
    const bool is_silent = waiting_ != waiting::no && silence >= config_->takeover_silence;
    if (is_silent) {
        ending_ = ending::taken_over;
        if (waiting_ == waiting::for_input)
            peer_.wake();
        else
            peer_.close();  // a write ends only so
    } else if (waiting_ == waiting::for_input) {
        is_wanted_ = true;
        peer_.wake();
    } else {
        lock_.keep();
    }
}

awaitable<void> connection::serve() {
    while (phase_ != phase::closing && is_open_) {
        if (ending_ != ending::none) {
            end_if_asked();
            break;
        }
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
        const bool goes_on = co_await make_room();
        if (!goes_on) break;
    }
    co_await flush();
}

void connection::end_if_asked() {
    switch (ending_) {
    case ending::none: return;
    case ending::stop: say(replies::shutting_down); return close("shutdown");
    case ending::credentials_changed:
        say(replies::account_changed);
        return close("account_changed");
    // Nothing is said: it would be taken for the answer to the next command.
    case ending::taken_over: return close("taken_over");
    }
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
    const bool is_done = co_await guarded(std::move(work));
    if (!is_done && !is_answered_)
        refuse(replies::fault);
    else if (!is_done)
        lose(asio::error::connection_aborted);  // nobody could tell where the answer ends
    if (std::exchange(wants_tls_, false)) co_await upgrade();
}

awaitable<void> connection::dispatch(const command& wanted) {
    return std::visit([this](const auto& one) { return on(one); }, wanted);
}

/// False: a fault of ours, which is in the log now.
awaitable<bool> connection::guarded(awaitable<void> work) {
    try {
        co_await std::move(work);
        co_return true;
    } catch (const std::exception& fault) {
        log_fault(fault);
    }
    co_return false;
}

void connection::say(const reply& reply) {
    is_answered_ = true;
    reply.append_to(out_);
    if (!reply.is_ok) return;
    bad_commands_ = 0;
    log::debug("command cid={} proto=pop3 verb={} answer=+OK", peer_.peer().id.value(), verb_);
}

/// An answer that is no fault of the client's.
void connection::refuse(const reply& reply) {
    say(reply);
    log::info("refuse cid={} proto=pop3 verb={} reason=\"{}\"", peer_.peer().id.value(), verb_,
              reply.text);
}

void connection::bad(const reply& reply) {
    const auto most = phase_ == phase::transaction ? config_->max_bad_commands
                                                   : config_->max_bad_commands_before_login;
    if (++bad_commands_ > most) {
        refuse(replies::too_many_bad_commands);
        return close("bad_commands");
    }
    refuse(reply);
}

void connection::close(std::string_view reason) {
    if (phase_ == phase::closing) return;
    end_reason_ = reason;
    phase_ = phase::closing;
}

/// RFC 1939 3: without QUIT nothing is removed. That messages were read is kept all the same.
awaitable<void> connection::leave_maildrop() {
    maildrop_.unmark_all();
    if (lock_) co_await mark_seen();
    maildrop_ = {};
}

}  // namespace hauspost::pop3
