#include "protocols/imap/session/core/context.hpp"

#include <utility>

namespace hauspost::imap {

context::context(net::stream& peer,
                 const session_ports& with,
                 std::shared_ptr<const session_config> by,
                 storage::account_listener& listener)
    : config(std::move(by)),
      ports(with),
      wire(peer, *config, ports.monotonic),
      logins(wire.peer(),
             ports.credentials,
             ports.changes,
             listener,
             {"imap", config->wrong_password_delay, config->max_failed_logins},
             ports.monotonic),
      news(listener),
      log(peer.peer(), "imap") {}

capability_state context::capability_now() const noexcept {
    const auto& peer = wire.peer();
    capability_state now;
    now.is_logged_in = state.phase == phase::authenticated || state.phase == phase::selected;
    now.is_encrypted = peer.is_encrypted();
    now.can_start_tls = peer.can_start_tls();
    now.may_login_in_the_clear = config->allow_plain_login_on_loopback && peer.peer().is_loopback;
    now.literal_minus = config->limits.literal_minus;
    now.is_compressing = peer.is_compressing();
    now.append_limit = config->limits.append_octets;
    now.message_limit = config->max_messages_of_command;
    now.has_index = ports.index != nullptr;
    return now;
}

std::string context::capability_words() const {
    return "CAPABILITY " + capabilities(capability_now());
}

}  // namespace hauspost::imap
