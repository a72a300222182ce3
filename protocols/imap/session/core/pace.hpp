#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/session/core/replies.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hauspost::imap {

class connection;

/// How a command goes over much that only has to be looked at: in pieces of well below a
/// millisecond, before each of which it asks whether it may go on. Then others on the thread get
/// their turn, it ends when its client or the server goes, and, where it is given a text for that,
/// after session_config::search_timeout (B06). Commands that change mail hand on their turn, too,
/// but finish what they began.
class pace {
public:
    /// too_long  what is said when the time is over; "": it takes as long as it takes
    explicit pace(connection& session, std::string_view too_long = "")
        : session_(session), too_long_(too_long) {}

    /// The time counts from here, for commands that go over several things.
    void count_from(std::chrono::steady_clock::time_point began) noexcept { began_ = began; }

    /// An answer: end the command with it.
    /// done, goal  what INPROGRESS tells; goal 0: it is not known
    awaitable<std::optional<answer>> may_go_on(std::uint64_t done = 0, std::uint64_t goal = 0);

private:
    connection& session_;
    std::string_view too_long_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace hauspost::imap
