#include "protocols/imap/session/core/connection.hpp"

namespace hauspost::imap {

/// RFC 5161 3.1: words that are unknown are passed over.
awaitable<answer> connection::on(const cmd::enable& wanted) {
    std::string told;
    bool enables = false;
    // As CAPABILITY spells it: some clients compare with case.
    const auto tell = [&told](std::string_view word) { told.append(" ").append(word); };
    for (const auto& word : wanted.capabilities) {
        if (word == "CONDSTORE") {
            enables = true;
            tell(word);
        } else if (word == "QRESYNC") {
            enables = enabled_.qresync = true;  // RFC 7162 3.2.3
            tell(word);
        } else if (word == "IMAP4REV2") {
            enabled_.imap4rev2 = true;  // RFC 9051 6.3.1
            if (selected_) selected_->recent.clear();
            tell("IMAP4rev2");
        } else if (word == "UTF8=ACCEPT") {
            enabled_.utf8 = true;  // RFC 9755 3
            tell(word);
        } else if (word == "UIDONLY") {
            enabled_.uid_only = true;  // RFC 9586 3
            tell(word);
        }
    }
    assembler_.set_utf8(enabled_.speaks_utf8());
    writer().raw("* ENABLED").raw(told).crlf();
    if (enables) enable_condstore(phase_ == phase::selected);
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
