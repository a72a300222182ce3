#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/login/commands.hpp"

namespace hauspost::imap {

/// RFC 5161 3.1: words that are unknown are passed over.
awaitable<answer> on(context& session, const cmd::enable& wanted) {
    auto& state = session.state;
    auto& enabled = state.enabled;
    std::string told;
    bool enables = false;
    // As CAPABILITY spells it: some clients compare with case.
    const auto tell = [&told](std::string_view word) { told.append(" ").append(word); };
    for (const auto& word : wanted.capabilities) {
        if (word == "CONDSTORE") {
            enables = true;
            tell(word);
        } else if (word == "QRESYNC") {
            enables = enabled.qresync = true;  // RFC 7162 3.2.3
            tell(word);
        } else if (word == "IMAP4REV2") {
            enabled.imap4rev2 = true;  // RFC 9051 6.3.1
            if (state.selected) state.selected->recent.clear();
            tell("IMAP4rev2");
        } else if (word == "UTF8=ACCEPT") {
            enabled.utf8 = true;  // RFC 9755 3
            tell(word);
        } else if (word == "UIDONLY") {
            enabled.uid_only = true;  // RFC 9586 3
            tell(word);
        }
    }
    session.wire.input().set_utf8(enabled.speaks_utf8());
    session.writer().raw("* ENABLED").raw(told).crlf();
    if (enables) enable_condstore(session, state.phase == phase::selected);
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
