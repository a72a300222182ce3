#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/replies.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hauspost::imap {

/// How a wait for the client ended.
enum class input : std::uint8_t {
    octets,  // something came and is with the assembler
    woken,   // somebody else wants the session to look around, or it is time for news
    gone,    // the client is lost, or has been told BYE
};

/// Waits for octets and feeds the assembler; all output is written before. While it waits no
/// buffer is held, and channel::peer().wake() ends it.
///
/// Every limit of time on what a client does stands here: for a stranger until he has logged in,
/// for a user from one octet to the next, in IDLE from its begin. Whoever is too late is told BYE.
awaitable<input> wait_for_octets(context& session, std::size_t at_most = 16 * 1024);

/// One line in the middle of a command. nullopt: broken_line() is what to answer.
awaitable<std::optional<std::string>> read_line(context& session);
answer broken_line(context& session);

/// For how long wait_for_octets() may wait before it is time to look for news again; nullopt: there
/// is nothing to look for.
[[nodiscard]] std::optional<net::stream::duration> time_to_news(const context& session) noexcept;

}  // namespace hauspost::imap
