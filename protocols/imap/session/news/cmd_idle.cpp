#include "base/ascii.hpp"
#include "protocols/imap/session/core/input.hpp"
#include "protocols/imap/session/news/commands.hpp"
#include "protocols/imap/session/news/notify_push.hpp"
#include "protocols/imap/session/news/sync.hpp"

namespace hauspost::imap {
namespace {

/// While IDLE runs: changes wake the session, and the autologout counts from its begin.
class idle_mark {
public:
    idle_mark(session_state& state, steady_time until) : state_(state) { state.idle_until = until; }
    ~idle_mark() { state_.idle_until.reset(); }
    idle_mark(const idle_mark&) = delete;
    idle_mark& operator=(const idle_mark&) = delete;

private:
    session_state& state_;
};

}  // namespace

/// RFC 2177. The only place that waits for the client and for changes at once: a commit wakes the
/// wait, and all that is to tell is read from the store.
awaitable<answer> on(context& session, const cmd::idle&) {
    session.writer().continuation("idling");
    const idle_mark idling(session.state, session.now() + session.config->autologout);
    while (session.state.ending == ending::none) {
        if (session.is_turn_over()) co_await session.yield();
        // RFC 5465 4: exactly what NOTIFY asked for.
        if (session.state.notify)
            co_await push_news(session);
        else
            co_await sync(session, true);
        if (session.state.phase == phase::closing) break;
        switch (session.wire.input().next_line()) {
        case assembly::complete:
            // RFC 2177 3; anything else ends IDLE, too, and is not taken for a command.
            if (ascii::equal_nocase(session.wire.input().command(), "DONE"))
                co_return replies::ok("Idle completed");
            co_return replies::bad("DONE was expected");
        case assembly::need_more: break;
        case assembly::continuation:
        case assembly::append:
        case assembly::append_end:
        case assembly::refused: co_return broken_line(session);
        }
        if (co_await wait_for_octets(session) == input::gone) break;
    }
    co_return broken_line(session);
}

}  // namespace hauspost::imap
