#include "protocols/smtp/server/server_session.hpp"

#include "base/log.hpp"
#include "protocols/smtp/command_parser.hpp"
#include "protocols/smtp/path.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace hauspost::smtp {
namespace {

using sessions::ending;
using sessions::input;

constexpr std::size_t full_output_octets = 16384;  // of replies, before they are written

/// Between servers there are no turns: a peer that sends much is one of few, and each of its
/// commands waits for the disk or for the network anyway.
net::turn no_turns() noexcept {
    return net::turn(0, net::turn::duration::max());
}

/// RFC 4954 4: the line of AUTH with an initial response may be longer than all others.
std::size_t max_line_octets(const session_policy& policy, const session_config& config) noexcept {
    constexpr std::size_t before_response = 64;  // "AUTH", the mechanism's name, CRLF
    const auto usual = config.limits.max_command_octets;
    if (policy.submission == nullptr) return usual;
    return std::max(usual, sasl::limits::max_response_octets + before_response);
}

}  // namespace

server_session::server_session(net::stream& peer,
                               const session_policy& policy,
                               const monotonic_clock& time,
                               std::shared_ptr<const session_config> config)
    : policy_(policy),
      config_(std::move(config)),
      log_(peer.peer(), policy.protocol),
      channel_(peer, time, {config_->limits.write_timeout, full_output_octets}),
      loop_(channel_, log_, no_turns()),
      reader_(max_line_octets(policy, *config_)),
      login_(channel_, loop_, reader_, policy_, *config_),
      message_(channel_, reader_, log_, *config_),
      conduct_(config_->limits),
      line_began_at_(time.now()) {}

awaitable<void> server_session::greet() {
    if (config_->greet_pause.count() > 0 && !config_->is_stressed()) {
        const auto until = channel_.time().now() + config_->greet_pause;
        const auto came = co_await channel_.wait(until);
        if (came == input::octets)  // a client waits for the greeting, RFC 5321 3.1
            say_and_close(replies::early_talker, "early_talker");
        if (came == input::octets || came == input::lost) co_return;
    }
    if (loop_.wanted_end() == ending::none) append_greeting(channel_.out(), config_->hostname);
    line_began_at_ = channel_.time().now();
}

awaitable<void> server_session::step() {
    std::string_view line;
    // No switch: g++ 12 destroys what a co_await under a case label never made.
    const auto next = reader_.next(line);
    if (next == wire::line_status::need_more) {
        co_await read_commands();
        co_return;
    }
    if (next == wire::line_status::complete) {
        co_await answer(line);
    } else if (next == wire::line_status::too_long) {
        refuse_bad("none", replies::line_too_long);
    } else {
        // Who speaks so may be led by somebody who hides commands. No second look.
        say_and_close(replies::bare_newline_in_command, "bare_newline");
    }
    line_began_at_ = channel_.time().now();
    if (std::exchange(is_delayed_, false) && !loop_.is_over())
        co_await channel_.time().pause(config_->limits.bad_command_delay);
}

void server_session::say_end(ending why) {
    if (why == ending::account_changed)
        say_and_close(replies::account_changed, "account_changed");
    else
        say_and_close(replies::shutting_down, "shutdown");
}

awaitable<void> server_session::leave() {
    message_.abandon();  // an unfinished message leaves nothing behind
    login_.end();
    co_return;
}

std::string server_session::end_facts() const {
    return "messages=" + std::to_string(conduct_.messages()) + login_.about_user();
}

awaitable<void> server_session::answer(std::string_view line) {
    const command parsed = parse_command(line);
    auto work = std::visit([this](const auto& wanted) { return on(wanted); }, parsed);
    const bool is_done = co_await loop_.guarded(std::move(work));
    if (is_done) co_return;
    if (std::exchange(is_in_body_, false)) {
        // Where the message ends is not known any more: what follows must not be read as commands.
        say_and_close(replies::fault_and_closing, "fault");
    } else {
        say(replies::local_fault);
    }
    // A RCPT that could not be checked leaves the transaction as it was.
    if (!std::holds_alternative<cmd::rcpt>(parsed)) forget_message();
}

awaitable<void> server_session::read_commands() {
    const auto& limits = config_->limits;
    const auto limit = config_->is_stressed() ? limits.stress_timeout : limits.command_timeout;
    const auto until = std::min(line_began_at_ + limit, login_.until());
    const auto came = co_await channel_.read_lines(reader_, until);
    if (came == input::timed_out) say_and_close(replies::timed_out, "timeout");
}

void server_session::say(const reply& reply) {
    log_.debug("reply", "code={}", reply.code);
    reply.append_to(channel_.out());
}

void server_session::say_and_close(const reply& reply, std::string_view reason) {
    say(reply);
    loop_.close(reason);
    log_.info("refuse", "code={} reason={}", reply.code, reason);
}

void server_session::refuse(std::string_view verb, const reply& reply, std::string_view about) {
    say(reply);
    log_.info("refuse", "verb={} code={} status={} peer={}{}{}", verb, reply.code, reply.enhanced,
              channel_.peer().peer().address, login_.about_user(), about);
}

void server_session::turn_away(std::string_view verb, const reply& reply, const envelope& mail) {
    refuse(verb, reply, about_refused(mail, verb != "RCPT"));
    const auto& peer = channel_.peer().peer().address;
    tell_refusal(policy_.refusals, reply, mail, {helo_, peer, login_.user()});
}

void server_session::refuse_bad(std::string_view verb, const reply& reply, std::string_view about) {
    const auto follows = conduct_.note_bad_command(config_->is_stressed());
    if (follows == conduct::reaction::close) {
        say_and_close(replies::too_many_errors, "too_many_errors");
        return;
    }
    is_delayed_ = follows == conduct::reaction::answer_late;
    refuse(verb, reply, about);
}

void server_session::count_idle_command() {
    if (!conduct_.note_idle_command(config_->is_stressed()))
        say_and_close(replies::too_many_commands, "too_many_commands");
}

}  // namespace hauspost::smtp
