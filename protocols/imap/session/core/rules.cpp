#include "protocols/imap/session/core/rules.hpp"

namespace hauspost::imap {

bool is_allowed(const command_rule& rule, phase now) noexcept {
    switch (now) {
    case phase::not_authenticated: return rule.before_login;
    case phase::authenticated: return rule.after_login;
    case phase::selected: return rule.after_login || rule.needs_selection;
    case phase::closing: return false;
    }
    return false;
}

or_answer<> may_run(const command_rule& rule, const session_state& state, bool names_numbers) {
    if (!is_allowed(rule, state.phase)) return replies::not_now();
    if (rule.needs_writable && state.selected->read_only) return replies::mailbox_is_read_only();
    if (state.enabled.uid_only && names_numbers) return replies::uid_required();
    return go_on;
}

}  // namespace hauspost::imap
