#include "base/log.hpp"
#include "protocols/access/exchange.hpp"
#include "protocols/access/login_refusal.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/pop3/session/commands.hpp"
#include "protocols/pop3/session/input.hpp"
#include "protocols/sasl/mechanism.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::pop3 {
namespace {

constexpr std::size_t suspects_in_place = 5'000;

reply login_refused(error_code why) {
    const auto& refusal = access::refusal_of(why);
    return {false, refusal.pop3, refusal.text};
}

/// The lines of AUTH. RFC 5034 4
class challenges final : public access::exchange_lines {
public:
    explicit challenges(context& session) : session_(session) {}
    void send_challenge(std::string_view challenge) override {
        session_.out() += "+ ";
        session_.out() += challenge;
        session_.out() += "\r\n";
    }
    awaitable<std::optional<std::string>> read_response() override {
        return pop3::read_response(session_);
    }

private:
    context& session_;
};

/// RFC 8314 3: without TLS it is refused before the password comes. False: the answer is given.
bool may_log_in_now(context& session) {
    if (may_log_in(session.capability_now())) return true;
    session.refuse(replies::use_tls);
    return false;
}

/// False: refused already.
awaitable<bool> find_repeats(context& session) {
    auto& maildrop = session.state.maildrop;
    if (maildrop.suspects() <= suspects_in_place) {
        maildrop.find_repeats();
        co_return true;
    }
    auto work = [&maildrop] { maildrop.find_repeats(); };
    const auto done = co_await session.ports.workers.run(std::move(work));
    if (!done) session.refuse(replies::busy);
    co_return done.has_value();
}

/// Looks at all messages once. False: refused already, or the session ends.
awaitable<bool> read_maildrop(context& session, const storage::mailbox_counters& counters) {
    auto& maildrop = session.state.maildrop;
    const auto most = session.config->limits.messages;
    maildrop.reserve(std::min<std::size_t>(counters.messages, most));
    const auto visitor = [&](const storage::message_view& message) {
        maildrop.add(message.uid, message.blob,
                     message.octets + message::growth_of(message.summary),
                     (message.flags & mail::flags::seen) != 0);
        return maildrop.size() < most;
    };
    mail::uid_ranges all{{uid(1), uid(counters.uid_next.value() - 1)}};
    const auto rows = session.ports.mail.walk(session.state.inbox, std::move(all),
                                              storage::walk_detail::row_heads);
    while (!rows->is_done() && maildrop.size() < most) {
        const bool goes_on = co_await may_go_on(session);
        if (!goes_on) co_return false;
        const auto refused = co_await rows->next(visitor);
        if (refused) {
            session.refuse(replies::busy);
            co_return false;
        }
    }
    co_return co_await find_repeats(session);
}

/// Takes the lock, then looks into INBOX. False: refused already, or the session ends.
awaitable<bool> open_maildrop(context& session) {
    auto& state = session.state;
    const auto account = state.user.account;
    auto taken =
        co_await session.ports.locks.take(account, session.holder, session.config->takeover_wait);
    if (!taken) {
        session.refuse(replies::in_use);
        co_return false;
    }
    state.lock = std::move(taken);
    std::string name = "INBOX";
    const auto found = co_await session.ports.mail.find(account, std::move(name));
    if (!found) {
        session.refuse(replies::fault);
        co_return false;
    }
    state.inbox = {account, found->id};
    co_return co_await read_maildrop(session, found->counters);
}

awaitable<void> log_in(context& session, std::string user, secret password) {
    auto& state = session.state;
    auto admitted = co_await session.logins.log_in(std::move(user), std::move(password));
    if (!admitted) {
        if (session.logins.is_over()) session.loop.close("failed_logins");
        session.refuse(login_refused(admitted.error()));
        co_return;
    }
    state.user = std::move(admitted->user);
    state.subscription = std::move(admitted->news);
    session.loop.turn().change_lane(net::lane_of(state.user.account));
    auto work = open_maildrop(session);
    bool is_open = false;
    std::exception_ptr fault;
    try {
        is_open = co_await std::move(work);
    } catch (...) {
        fault = std::current_exception();  // goes on below, once the maildrop is free again
    }
    if (!is_open) state.give_maildrop_back();
    if (fault) std::rethrow_exception(fault);
    if (!is_open) co_return;
    state.phase = phase::transaction;
    session.log.info("login", "user={} tls={} messages={} octets={}", log_safe(state.user.address),
                     session.channel.peer().is_encrypted(), state.maildrop.size(),
                     state.maildrop.octets());
    session.say(replies::logged_in);
}

}  // namespace

/// Never tells whether there is such a user.
awaitable<void> on(context& session, const cmd::user& wanted) {
    if (!may_log_in_now(session)) co_return;
    session.state.user_name = wanted.name;
    session.say(replies::send_password);
}

awaitable<void> on(context& session, const cmd::pass& wanted) {
    if (!may_log_in_now(session)) co_return;
    if (session.state.user_name.empty()) {
        session.bad(replies::user_first);
        co_return;
    }
    std::string user = std::exchange(session.state.user_name, std::string());
    secret password = wanted.password;
    co_await log_in(session, std::move(user), std::move(password));
}

/// RFC 5034 4. Without a mechanism it lists them: RFC 1734 left that open, and Outlook asks so.
awaitable<void> on(context& session, const cmd::auth& wanted) {
    if (!may_log_in_now(session)) co_return;
    if (wanted.mechanism.empty()) {
        session.say(replies::mechanisms);
        session.out() += "PLAIN\r\nLOGIN\r\n";
        session.out() += end_of_lines;
        co_return;
    }
    const auto mechanism = sasl::make_mechanism(wanted.mechanism);
    if (!mechanism) {
        session.refuse(replies::no_such_mechanism);
        co_return;
    }
    std::optional<std::string_view> initial;
    if (wanted.initial_response) initial = *wanted.initial_response;
    challenges lines(session);
    auto talking = access::run_exchange(*mechanism, initial, lines);
    const auto end = co_await std::move(talking);
    if (end == sasl::outcome::malformed) session.bad(replies::bad_response);
    if (end == sasl::outcome::cancelled) session.refuse(replies::cancelled);
    if (end == sasl::outcome::refused) {
        session.logins.note_refused(mechanism->user(), "act_for_other");
        session.refuse(replies::nobody_else);
    }
    if (end != sasl::outcome::credentials) co_return;
    std::string user = mechanism->user();
    secret password = mechanism->take_password();
    co_await log_in(session, std::move(user), std::move(password));
}

/// RFC 2595 4.
awaitable<void> on(context& session, const cmd::stls&) {
    const auto& peer = session.channel.peer();
    if (peer.is_encrypted()) {
        session.bad(replies::tls_is_on);
    } else if (!peer.can_start_tls()) {
        session.bad(replies::no_tls);
    } else if (session.state.is_utf8) {
        session.bad(replies::tls_before_utf8);
    } else {
        session.say(replies::begin_tls);
        session.state.wants_tls = true;
    }
    co_return;
}

awaitable<void> start_tls(context& session) {
    session.reader.clear();
    const bool is_on = co_await session.loop.start_tls(session.config->tls_timeout);
    if (!is_on) co_return;
    session.state.user_name.clear();
    session.state.bad_commands = 0;
}

}  // namespace hauspost::pop3
