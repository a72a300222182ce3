#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/access/login_policy.hpp"
#include "protocols/imap/response/capability.hpp"
#include "protocols/imap/response/response_writer.hpp"
#include "protocols/imap/session/core/channel.hpp"
#include "protocols/imap/session/core/ports.hpp"
#include "protocols/imap/session/core/settings.hpp"
#include "protocols/imap/session/core/state.hpp"
#include "protocols/sessions/session_log.hpp"
#include "storage/change_feed.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hauspost::imap {

/// What a command works on: the octets of its session, what the session knows, and the ports.
///
/// A handler is a free function `awaitable<answer> on(context&, const cmd::NAME&)`. It appends its
/// untagged lines to the output and returns the tagged end. Where much may come it calls
/// make_room() in between and stops when that says false; where it takes long it asks a pace
/// (pace.hpp). Steps that may refuse return an or_answer.
struct context {
    /// news  hears of changes of accounts that the session listens to; must outlive it
    context(net::stream& peer,
            const session_ports& with,
            std::shared_ptr<const session_config> by,
            storage::account_listener& news);

    std::shared_ptr<const session_config> config;
    session_ports ports;
    channel wire;
    session_state state;
    access::login_policy logins;
    storage::account_listener& news;
    sessions::session_log log;

    /// Who has logged in.
    [[nodiscard]] account_id account() const noexcept { return state.user.account; }

    [[nodiscard]] std::string& out() noexcept { return wire.out(); }
    [[nodiscard]] response_writer writer() noexcept {
        return response_writer(wire.out(), state.enabled.speaks_utf8());
    }
    awaitable<bool> flush() { return wire.flush(); }
    awaitable<bool> make_room() { return wire.make_room(); }
    [[nodiscard]] bool is_open() const noexcept { return wire.is_open(); }
    [[nodiscard]] bool is_turn_over() noexcept { return wire.turn().is_over(); }
    awaitable<void> yield() { return wire.turn().yield(); }
    [[nodiscard]] steady_time now() const noexcept { return wire.now(); }

    [[nodiscard]] capability_state capability_now() const noexcept;
    /// "CAPABILITY IMAP4rev1 ...", as a response and as a response code say it.
    [[nodiscard]] std::string capability_words() const;
};

}  // namespace hauspost::imap
