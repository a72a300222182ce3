#include "base/log.hpp"
#include "protocols/access/login_refusal.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/pop3/session/connection.hpp"
#include "protocols/sasl/mechanism.hpp"

#include <array>
#include <utility>

namespace hauspost::pop3 {
namespace {

constexpr std::size_t suspects_in_place = 5'000;

reply login_refused(error_code why) {
    const auto& refusal = access::refusal_of(why);
    return {false, refusal.pop3, refusal.text};
}

}  // namespace

/// Never tells whether there is such a user. Without TLS it is refused before the password comes
/// (RFC 8314 3).
awaitable<void> connection::on(const cmd::user& wanted) {
    if (!may_log_in(capability_now())) {
        refuse(replies::use_tls);
        co_return;
    }
    user_name_ = wanted.name;
    say(replies::send_password);
}

awaitable<void> connection::on(const cmd::pass& wanted) {
    if (!may_log_in(capability_now())) {
        refuse(replies::use_tls);
        co_return;
    }
    if (user_name_.empty()) {
        bad(replies::user_first);
        co_return;
    }
    std::string user = std::exchange(user_name_, std::string());
    secret password = wanted.password;
    co_await log_in(std::move(user), std::move(password));
}

/// RFC 5034 4. Without a mechanism it lists them: RFC 1734 left that open, and Outlook asks so.
awaitable<void> connection::on(const cmd::auth& wanted) {
    if (!may_log_in(capability_now())) {
        refuse(replies::use_tls);
        co_return;
    }
    if (wanted.mechanism.empty()) {
        say(replies::mechanisms);
        out() += "PLAIN\r\nLOGIN\r\n";
        out() += end_of_lines;
        co_return;
    }
    const auto mechanism = sasl::make_mechanism(wanted.mechanism);
    if (!mechanism) {
        refuse(replies::no_such_mechanism);
        co_return;
    }
    std::optional<std::string_view> initial;
    if (wanted.initial_response) initial = *wanted.initial_response;
    auto talking = access::run_exchange(*mechanism, initial, *this);
    const auto end = co_await std::move(talking);
    if (end == sasl::outcome::malformed) bad(replies::bad_response);
    if (end == sasl::outcome::cancelled) refuse(replies::cancelled);
    if (end == sasl::outcome::refused) {
        logins_.note_refused(mechanism->user(), "act_for_other");
        refuse(replies::nobody_else);
    }
    if (end != sasl::outcome::credentials) co_return;
    std::string user = mechanism->user();
    secret password = mechanism->take_password();
    co_await log_in(std::move(user), std::move(password));
}

void connection::send_challenge(std::string_view challenge) {
    out() += "+ ";
    out() += challenge;
    out() += "\r\n";
}

awaitable<std::optional<std::string>> connection::read_response() {
    reader_.set_max_octets(max_response_octets);
    std::optional<std::string> found;
    auto status = wire::line_status::need_more;
    while (status == wire::line_status::need_more && !loop_.is_over() &&
           loop_.wanted_end() == sessions::ending::none) {
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

awaitable<void> connection::log_in(std::string user, secret password) {
    auto admitted = co_await logins_.log_in(std::move(user), std::move(password));
    if (!admitted) {
        if (logins_.is_over()) loop_.close("failed_logins");
        refuse(login_refused(admitted.error()));
        co_return;
    }
    user_ = std::move(admitted->user);
    subscription_ = std::move(admitted->news);
    loop_.turn().change_lane(net::lane_of(user_.account));
    auto work = open_maildrop();
    bool is_open = false;
    std::exception_ptr fault;
    try {
        is_open = co_await std::move(work);
    } catch (...) {
        fault = std::current_exception();  // goes on below, once the maildrop is free again
    }
    if (!is_open) {
        subscription_.reset();
        maildrop_ = {};
        lock_.give_back();
    }
    if (fault) std::rethrow_exception(fault);
    if (!is_open) co_return;
    phase_ = phase::transaction;
    log_.info("login", "user={} tls={} messages={} octets={}", log_safe(user_.address),
              channel_.peer().is_encrypted(), maildrop_.size(), maildrop_.octets());
    say(replies::logged_in);
}

/// Takes the lock and looks at all messages once. False: refused already.
awaitable<bool> connection::open_maildrop() {
    auto taken = co_await ports_.locks.take(user_.account, *this, config_->takeover_wait);
    if (!taken) {
        refuse(replies::in_use);
        co_return false;
    }
    lock_ = std::move(taken);
    std::string name = "INBOX";
    const auto found = co_await ports_.mail.find(user_.account, std::move(name));
    if (!found) {
        refuse(replies::fault);
        co_return false;
    }
    inbox_ = {user_.account, found->id};
    const auto& counters = found->counters;
    const auto most = config_->limits.messages;
    maildrop_.reserve(std::min<std::size_t>(counters.messages, most));
    const auto visitor = [&](const storage::message_view& message) {
        maildrop_.add(message.uid, message.blob,
                      message.octets + message::growth_of(message.summary),
                      (message.flags & mail::flags::seen) != 0);
        return maildrop_.size() < most;
    };
    mail::uid_ranges all{{uid(1), uid(counters.uid_next.value() - 1)}};
    const auto rows = ports_.mail.walk(inbox_, std::move(all), storage::walk_detail::row_heads);
    while (!rows->is_done() && maildrop_.size() < most) {
        const bool goes_on = co_await may_go_on();
        if (!goes_on) co_return false;
        const auto refused = co_await rows->next(visitor);
        if (refused) {
            refuse(replies::busy);
            co_return false;
        }
    }
    co_return co_await find_repeats();
}

awaitable<bool> connection::find_repeats() {
    if (maildrop_.suspects() <= suspects_in_place) {
        maildrop_.find_repeats();
        co_return true;
    }
    auto work = [this] {
        maildrop_.find_repeats();
        return true;
    };
    const auto done = co_await ports_.workers.run(std::move(work));
    if (!done) refuse(replies::busy);
    co_return done.has_value();
}

/// RFC 2595 4.
awaitable<void> connection::on(const cmd::stls&) {
    const auto& peer = channel_.peer();
    if (peer.is_encrypted()) {
        bad(replies::tls_is_on);
    } else if (!peer.can_start_tls()) {
        bad(replies::no_tls);
    } else if (is_utf8_) {
        bad(replies::tls_before_utf8);
    } else {
        say(replies::begin_tls);
        wants_tls_ = true;
    }
    co_return;
}

/// The handshake, after the +OK. What came in before it is thrown away (RFC 2595 4: anybody may
/// have written it) and the client begins afresh.
awaitable<void> connection::upgrade() {
    reader_.clear();
    const bool is_on = co_await loop_.start_tls(config_->tls_timeout);
    if (!is_on) co_return;
    user_name_.clear();
    bad_commands_ = 0;
}

}  // namespace hauspost::pop3
