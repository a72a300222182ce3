#pragma once

namespace hauspost::imap {

/// What the client switched on, with ENABLE (RFC 5161) or by using it, until the connection ends.
struct enabled_set {
    bool condstore = false;  // RFC 7162 3.1: FETCH lines tell the MODSEQ
    bool qresync = false;    // RFC 7162 3.2.3; condstore too
    bool imap4rev2 = false;  // RFC 9051 6.3.1
    bool utf8 = false;       // UTF8=ACCEPT, RFC 9755
    bool uid_only = false;   // RFC 9586 3: no sequence number in either direction

    /// Mailbox names and quoted strings in UTF-8, in both directions (RFC 9051 5.1).
    [[nodiscard]] bool speaks_utf8() const noexcept { return utf8 || imap4rev2; }
    /// VANISHED instead of EXPUNGE.
    [[nodiscard]] bool tells_vanished() const noexcept { return qresync || uid_only; }
};

}  // namespace hauspost::imap
