#include "protocols/pop3/session/connection.hpp"

#include "protocols/pop3/command_parser.hpp"
#include "protocols/pop3/session/command_table.hpp"
#include "protocols/pop3/session/commands.hpp"
#include "protocols/pop3/session/input.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace hauspost::pop3 {

using sessions::ending;
using sessions::waiting;

connection::connection(net::stream& peer,
                       const session_ports& ports,
                       std::shared_ptr<const session_config> config)
    : context_(peer, ports, std::move(config), *this, *this) {}

void connection::on_credentials_changed() noexcept {
    context_.loop.request_end(ending::account_changed);
}

/// The lock's answer is given here when it is plain, else by wait_for_octets().
void connection::on_maildrop_wanted() noexcept {
    auto& loop = context_.loop;
    auto& channel = context_.channel;
    // Given back soon in any case.
    if (loop.is_over() || loop.wanted_end() != ending::none) return;
    const auto waits = channel.waits();
    const auto silence = context_.now() - channel.moved_at();
    if (waits != waiting::no && silence >= context_.config->takeover_silence) {
        loop.request_end(ending::taken_over);
        if (waits == waiting::for_output) channel.peer().close();  // a write ends only so
    } else if (waits == waiting::for_input) {
        context_.state.is_wanted = true;
        channel.peer().wake();
    } else {
        context_.state.lock.keep();
    }
}

awaitable<void> connection::greet() {
    append_ok(context_.out(), context_.config->hostname + " POP3 ready");
    co_return;
}

awaitable<void> connection::step() {
    std::string_view line;
    // No switch: g++ 12 destroys what a co_await under a case label never made.
    const auto next = context_.reader.next(line);
    if (next == wire::line_status::need_more)
        co_await wait_for_octets(context_);
    else if (next == wire::line_status::complete)
        co_await execute(line);
    else if (next == wire::line_status::too_long)
        context_.bad(replies::line_too_long);
    else
        context_.bad(replies::bare_newline);
}

void connection::say_end(ending why) {
    auto& loop = context_.loop;
    switch (why) {
    case ending::none: return;
    case ending::shutdown: context_.say(replies::shutting_down); return loop.close("shutdown");
    case ending::account_changed:
        context_.say(replies::account_changed);
        return loop.close("account_changed");
    // Nothing is said: it would be taken for the answer to the next command.
    case ending::taken_over: return loop.close("taken_over");
    }
}

/// RFC 1939 3: without QUIT nothing is removed. That messages were read is kept all the same.
awaitable<void> connection::leave() {
    auto& state = context_.state;
    state.maildrop.unmark_all();
    if (state.lock) {
        auto seen = mark_seen(context_);
        co_await context_.loop.guarded(std::move(seen));
    }
    state.give_maildrop_back();
}

std::string connection::end_facts() const {
    const auto& state = context_.state;
    return "retr=" + std::to_string(state.retrieved) + " dele=" + std::to_string(state.removed);
}

awaitable<void> connection::execute(std::string_view line) {
    auto& state = context_.state;
    const command wanted = parse_command(line);
    const auto& rule = rule_of(wanted);
    state.verb = rule.name;
    state.is_answered = false;
    if (!is_allowed(rule, state.phase)) {
        context_.bad(replies::not_now);
        co_return;
    }
    auto work = dispatch(context_, wanted);
    const bool is_done = co_await context_.loop.guarded(std::move(work));
    if (!is_done && !state.is_answered)
        context_.refuse(replies::fault);
    else if (!is_done)  // nobody could tell where the answer ends
        context_.channel.lose(asio::error::connection_aborted);
    if (std::exchange(state.wants_tls, false)) co_await start_tls(context_);
}

}  // namespace hauspost::pop3
