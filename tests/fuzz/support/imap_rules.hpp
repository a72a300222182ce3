#pragma once

#include "tests/fuzz/support/grammar.hpp"

namespace hauspost::fuzz {

/// All commands that the IMAP session serves, with all their options: rule "command". Rule
/// "opening" is what a client begins with, several commands with ";" between them.
///
/// Variables: user, uidvalidity, modseq, mailboxid, emailid, threadid, tag (of an earlier command).
[[nodiscard]] const grammar& imap_grammar();

}  // namespace hauspost::fuzz
