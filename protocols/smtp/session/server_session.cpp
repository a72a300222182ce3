#include "protocols/smtp/session/server_session.hpp"

#include "base/log.hpp"
#include "protocols/smtp/command_parser.hpp"
#include "protocols/smtp/path.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>
#include <variant>

namespace hauspost::smtp {
namespace {

constexpr std::size_t command_buffer_octets = 4096;
constexpr std::size_t min_room_octets = 1024;       // so that few octets are moved per read
constexpr std::size_t max_gathered_octets = 16384;  // of replies, before they are written
constexpr std::size_t max_logged_octets = 400;      // of one address

}  // namespace

server_session::server_session(net::stream& peer,
                               mail_sink& sink,
                               std::shared_ptr<const session_config> config)
    : peer_(peer),
      sink_(sink),
      config_(std::move(config)),
      reader_(config_->limits.max_command_octets) {}

void server_session::stop() noexcept {
    is_stopping_ = true;
    peer_.wake();
}

awaitable<void> server_session::run() {
    const auto cid = peer_.peer().id.value();
    const auto began_at = now();
    log::info("start cid={} proto=smtp peer={} port={} tls={}", cid, peer_.peer().address,
              peer_.peer().local_port, peer_.is_encrypted());
    try {
        co_await serve();
    } catch (const std::exception& fault) {  // ours: a peer's octets throw nothing
        end_reason_ = "fault";
        log_fault(fault);
    }
    body_ = body();  // an unfinished message leaves nothing behind
    peer_.close();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now() - began_at);
    log::info("end cid={} proto=smtp reason={} messages={} in={} out={} took_ms={}", cid,
              end_reason_, messages_, octets_in_, octets_out_, took.count());
}

awaitable<void> server_session::serve() {
    co_await greet();
    line_began_at_ = now();
    while (!is_over()) {
        if (is_stopping_) {
            say_and_close(replies::shutting_down, "shutdown");
            break;
        }
        std::string_view line;
        const auto status = reader_.next(line);
        if (status == wire::line_status::need_more) {
            co_await read_commands();
            continue;
        }
        switch (status) {
        case wire::line_status::complete: co_await answer(line); break;
        case wire::line_status::too_long: bad("none", replies::line_too_long); break;
        case wire::line_status::bare_newline:
            // A01: who speaks so may be led by somebody who hides commands. No second look.
            say_and_close(replies::bare_newline_in_command, "bare_newline");
            break;
        case wire::line_status::need_more: break;
        }
        line_began_at_ = now();
        if (std::exchange(is_delayed_, false)) co_await delay();
        if (out_.size() > max_gathered_octets) co_await flush();
    }
    if (!is_lost_) co_await flush();
}

awaitable<void> server_session::greet() {
    if (config_->greet_pause.count() > 0 && !is_under_stress()) {
        const auto ec = co_await peer_.wait_readable(config_->greet_pause);
        if (!ec) {  // A19: a client waits for the greeting, RFC 5321 3.1
            say_and_close(replies::early_talker, "early_talker");
            co_return;
        }
        if (ec != asio::error::timed_out && ec != asio::error::operation_aborted) {
            lose(ec);
            co_return;
        }
    }
    if (!is_stopping_) append_greeting(out_, config_->hostname);
}

awaitable<void> server_session::answer(std::string_view line) {
    const command parsed = parse_command(line);
    bool failed = false;
    try {
        auto handler = std::visit([this](const auto& cmd) { return on(cmd); }, parsed);
        co_await std::move(handler);
    } catch (const std::exception& fault) {
        failed = true;
        log_fault(fault);
    }
    if (!failed) co_return;
    if (std::exchange(is_in_body_, false)) {
        // Where the message ends is not known any more: what follows must not be read as commands.
        say_and_close(replies::fault_and_closing, "fault");
    } else {
        say(replies::local_fault);
    }
    // A RCPT that could not be checked leaves the transaction as it was.
    if (!std::holds_alternative<rcpt_to>(parsed)) forget_message();
}

/// Waits for octets of the next command. Holds no buffer while it waits and nothing is there.
awaitable<void> server_session::read_commands() {
    co_await flush();
    if (is_lost_) co_return;
    reader_.release();
    const auto& limits = config_->limits;
    const auto limit = is_under_stress() ? limits.stress_timeout : limits.command_timeout;
    const auto left = line_began_at_ + limit - now();
    error_code ec = asio::error::timed_out;
    if (left > net::stream::duration::zero()) ec = co_await peer_.wait_readable(left);
    if (ec == asio::error::operation_aborted) co_return;  // stop(): the loop looks
    if (!ec) {
        const auto room =
            reader_.room(reader_.is_empty() ? command_buffer_octets : min_room_octets);
        const auto got = co_await peer_.read_some(room, left);
        if (got) {
            octets_in_ += *got;
            reader_.added(*got);
            co_return;
        }
        ec = got.error();
    }
    if (ec == asio::error::timed_out) {
        say_and_close(replies::timed_out, "timeout");
    } else {
        lose(ec);
    }
}

awaitable<void> server_session::flush() {
    if (out_.empty() || is_lost_) co_return;
    const auto ec = co_await peer_.write(out_, config_->limits.write_timeout);
    if (ec) {
        lose(ec);
    } else {
        octets_out_ += out_.size();
    }
    out_.clear();
}

awaitable<void> server_session::delay() {
    const auto limit = config_->limits.bad_command_delay;
    if (limit.count() <= 0 || is_over()) co_return;
    if (config_->pause) {
        co_await config_->pause(limit);
        co_return;
    }
    asio::steady_timer timer(co_await asio::this_coro::executor, limit);
    co_await timer.async_wait(asio::use_awaitable);
}

void server_session::say(const reply& reply) {
    log::debug("reply cid={} proto=smtp code={}", peer_.peer().id.value(), reply.code);
    reply.append_to(out_);
}

void server_session::say_and_close(const reply& reply, std::string_view reason) {
    say(reply);
    is_closing_ = true;
    end_reason_ = reason;
    log::info("refuse cid={} proto=smtp code={} reason={}", peer_.peer().id.value(), reply.code,
              reason);
}

void server_session::lose(error_code ec) {
    is_lost_ = true;
    end_reason_ = ec == asio::error::eof         ? "eof"
                  : ec == asio::error::timed_out ? "timeout"
                                                 : "lost";
}

void server_session::refuse(std::string_view verb, const reply& reply, std::string_view about) {
    say(reply);
    log::info("refuse cid={} proto=smtp verb={} code={} status={} peer={}{}",
              peer_.peer().id.value(), verb, reply.code, reply.enhanced, peer_.peer().address,
              about);
}

std::string server_session::about_recipient(const mailbox_address& path) const {
    return " from=" + log_safe(to_text(envelope_.reverse_path), max_logged_octets) +
           " rcpt=" + log_safe(to_text(path), max_logged_octets);
}

/// The envelope of a message that is refused as a whole.
std::string server_session::about_message() const {
    constexpr std::size_t most = 20;
    std::string names;
    for (std::size_t i = 0; i < envelope_.recipients.size() && i < most; ++i)
        names += (i == 0 ? "" : ",") + to_text(envelope_.recipients[i].address);
    return " from=" + log_safe(to_text(envelope_.reverse_path), max_logged_octets) +
           " rcpts=" + std::to_string(envelope_.recipients.size()) +
           " rcpt=" + log_safe(names, most * max_logged_octets);
}

/// A command that is wrong or comes at the wrong time.
void server_session::bad(std::string_view verb, const reply& reply, std::string_view about) {
    const auto& limits = config_->limits;
    const auto hard = is_under_stress() ? limits.stress_bad_commands : limits.hard_bad_commands;
    ++bad_commands_;
    if (limits.hard_bad_commands != 0 && bad_commands_ >= hard) {
        say_and_close(replies::too_many_errors, "too_many_errors");
        return;
    }
    is_delayed_ = limits.soft_bad_commands != 0 && bad_commands_ >= limits.soft_bad_commands;
    refuse(verb, reply, about);
}

/// A command that moves no mail. Call it after the reply.
void server_session::count_idle_command() {
    const auto& limits = config_->limits;
    const auto most = is_under_stress() ? limits.stress_idle_commands : limits.max_idle_commands;
    ++idle_commands_;
    if (limits.max_idle_commands != 0 && idle_commands_ > most)
        say_and_close(replies::too_many_commands, "too_many_commands");
}

void server_session::log_fault(const std::exception& fault) const {
    log::error("fault cid={} proto=smtp what={}", peer_.peer().id.value(), log_safe(fault.what()));
}

bool server_session::is_under_stress() const {
    return config_->is_under_stress && config_->is_under_stress();
}

steady_time server_session::now() const {
    return config_->now ? config_->now() : std::chrono::steady_clock::now();
}

}  // namespace hauspost::smtp
