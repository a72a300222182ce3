#pragma once

#include "base/awaitable.hpp"
#include "protocols/access/login_policy.hpp"
#include "protocols/pop3/capability.hpp"
#include "protocols/pop3/reply.hpp"
#include "protocols/pop3/session/piece_buffer.hpp"
#include "protocols/pop3/session/ports.hpp"
#include "protocols/pop3/session/settings.hpp"
#include "protocols/pop3/session/state.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/sessions/session_log.hpp"
#include "protocols/sessions/session_loop.hpp"
#include "protocols/wire/line_reader.hpp"

#include <memory>
#include <string>

namespace hauspost::pop3 {

/// What a command works on: the octets of its session, what the session knows, and the ports.
///
/// A handler is a free function `awaitable<void> on(context&, const cmd::NAME&)` (commands.hpp). It
/// gives its answer by say(), refuse() or bad() and appends lines that follow to the output. Where
/// much may come it calls loop.make_room() in between and stops when that says false.
struct context {
    /// news    hears of changes of the account from the login on
    /// holder  is asked for the maildrop from the login on
    /// Both must outlive it.
    context(net::stream& peer,
            const session_ports& with,
            std::shared_ptr<const session_config> by,
            storage::account_listener& news,
            maildrop_holder& holder);

    const std::shared_ptr<const session_config> config;
    const session_ports ports;
    const sessions::session_log log;
    sessions::channel channel;
    sessions::session_loop loop;
    wire::line_reader reader;
    piece_buffer piece;
    session_state state;
    access::login_policy logins;
    maildrop_holder& holder;

    [[nodiscard]] std::string& out() noexcept { return channel.out(); }
    [[nodiscard]] steady_time now() const noexcept { return ports.time.now(); }
    [[nodiscard]] bool is_logged_in() const noexcept { return state.phase == phase::transaction; }
    [[nodiscard]] capability_state capability_now() const noexcept;

    void say(const reply& reply);
    /// An answer that is no fault of the client's.
    void refuse(const reply& reply);
    /// A command that is wrong; after too many of them the session ends.
    void bad(const reply& reply);
};

}  // namespace hauspost::pop3
