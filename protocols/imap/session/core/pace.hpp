#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"

#include <cstdint>
#include <string_view>

namespace hauspost::imap {

/// How a command goes over much that only has to be looked at: in pieces of well below a
/// millisecond, before each of which it asks whether it may go on. Then others on the thread get
/// their turn; the client hears from time to time how far it is (RFC 9585); and it ends when its
/// client or the server goes, so that nobody has the server work for an answer that nobody waits
/// for, and, where it is given a text for that, after session_config::search_timeout. Commands that
/// change mail hand on their turn, too, but finish what they began.
class pace {
public:
    /// too_long  what is said when the time is over; "": it takes as long as it takes
    explicit pace(context& session, std::string_view too_long = "")
        : pace(session, too_long, session.now()) {}
    /// began  the time counts from here, for commands that go over several things
    pace(context& session, std::string_view too_long, steady_time began)
        : session_(session), too_long_(too_long), began_(began) {}

    /// done, goal  what INPROGRESS tells; goal 0: it is not known
    awaitable<or_answer<>> may_go_on(std::uint64_t done = 0, std::uint64_t goal = 0);

private:
    awaitable<bool> tell_progress(std::uint64_t done, std::uint64_t goal);

    context& session_;
    std::string_view too_long_;
    steady_time began_;
};

}  // namespace hauspost::imap
