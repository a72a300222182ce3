#include "base/ascii.hpp"
#include "protocols/imap/session/core/connection.hpp"

namespace hauspost::imap {

/// RFC 2177. The only place that waits for the client and for changes at once: a commit wakes the
/// wait, and all that is to tell is read from the store.
awaitable<answer> connection::on(const cmd::idle&) {
    writer().continuation("idling");
    const idle_mark idling(*this);
    while (ending_ == ending::none) {
        if (is_turn_over()) co_await yield();
        // RFC 5465 4: exactly what NOTIFY asked for.
        if (notify_)
            co_await push_news();
        else
            co_await sync(true);
        if (phase_ == phase::closing) break;
        switch (assembler_.next_line()) {
        case assembly::complete:
            // RFC 2177 3; whatever else was said is not taken for a command (B10).
            if (ascii::equal_nocase(assembler_.command(), "DONE"))
                co_return replies::ok("Idle completed");
            co_return replies::bad("DONE was expected");
        case assembly::need_more: break;
        case assembly::continuation:
        case assembly::append:
        case assembly::append_end:
        case assembly::refused: co_return broken_line();
        }
        if (co_await wait_for_octets() == input::gone) break;
    }
    co_return broken_line();
}

}  // namespace hauspost::imap
