#pragma once

#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/session/core/state.hpp"

#include <string_view>

namespace hauspost::imap {

/// When a command is allowed and what may be told with its answer.
struct command_rule {
    std::string_view name;
    bool before_login = false;
    bool after_login = false;       // in the authenticated and the selected state
    bool needs_selection = false;   // in the selected state only
    bool needs_writable = false;    // not after EXAMINE
    bool may_tell_expunge = false;  // RFC 9051 7.5.1; true for the UID forms of all commands
    bool syncs_first = false;       // UID forms: what is new since the last command is told before
    bool always_syncs = false;      // also when NOTIFY asks for nothing of the selected mailbox: it
                                    // asks what is new, or tells what it did itself
};

[[nodiscard]] bool is_allowed(const command_rule& rule, phase now) noexcept;

/// The gate that every command comes through before anything of it is done.
/// names_numbers  it has message sequence numbers in question or answer (RFC 9586 3)
[[nodiscard]] or_answer<> may_run(const command_rule& rule,
                                  const session_state& state,
                                  bool names_numbers);

/// Is what others did to the selected mailbox told with the answer? Without a word about it in
/// NOTIFY only those commands do so that ask for it, or that tell what they did themselves.
[[nodiscard]] inline bool syncs_after(const command_rule& rule, const session_state& state) {
    return rule.always_syncs || state.tells_selected();
}

}  // namespace hauspost::imap
