#include "protocols/pop3/session/context.hpp"

#include <utility>

namespace hauspost::pop3 {
namespace {

// How much output is gathered before it is written; at most one encoded piece comes on top.
constexpr std::size_t full_output_octets = 128 * 1024;

}  // namespace

context::context(net::stream& peer,
                 const session_ports& with,
                 std::shared_ptr<const session_config> by,
                 storage::account_listener& news,
                 maildrop_holder& of)
    : config(std::move(by)),
      ports(with),
      log(peer.peer(), "pop3"),
      channel(peer, ports.time, {config->write_timeout, full_output_octets}),
      loop(channel, log, net::turn(net::lane_of(peer.peer().address), config->turn)),
      reader(config->limits.line_octets),
      logins(peer,
             ports.credentials,
             ports.changes,
             news,
             {log.protocol(), config->wrong_password_delay, config->max_failed_logins},
             ports.time),
      holder(of) {
    state.login_until = now() + config->login_timeout;
}

capability_state context::capability_now() const noexcept {
    const auto& peer = channel.peer();
    capability_state now;
    now.is_logged_in = is_logged_in();
    now.is_encrypted = peer.is_encrypted();
    now.can_start_tls = peer.can_start_tls() && !state.is_utf8;
    now.may_login_in_the_clear = config->allow_plain_login_on_loopback && peer.peer().is_loopback;
    return now;
}

void context::say(const reply& reply) {
    state.is_answered = true;
    reply.append_to(out());
    if (!reply.is_ok) return;
    state.bad_commands = 0;
    log.debug("command", "verb={} answer=+OK", state.verb);
}

void context::refuse(const reply& reply) {
    say(reply);
    log.info("refuse", "verb={} reason=\"{}\"", state.verb, reply.text);
}

void context::bad(const reply& reply) {
    const auto most =
        is_logged_in() ? config->max_bad_commands : config->max_bad_commands_before_login;
    if (++state.bad_commands > most) {
        refuse(replies::too_many_bad_commands);
        return loop.close("bad_commands");
    }
    refuse(reply);
}

}  // namespace hauspost::pop3
