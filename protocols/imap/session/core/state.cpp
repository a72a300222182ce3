#include "protocols/imap/session/core/state.hpp"

namespace hauspost::imap {

void session_state::forget_user() noexcept {
    subscription.reset();
    deselect();
    user = {};
    enabled = {};
    notify.reset();
    phase = imap::phase::not_authenticated;
    // One user's refusals are not the next one's; wrong passwords are counted on.
    bad_commands = 0;
    if (ending == imap::ending::credentials_changed) ending = imap::ending::none;
}

notify_key session_state::selected_key() const noexcept {
    if (!selected) return {};
    return {selected->key.account, selected->key.mailbox};
}

bool session_state::tells_selected() const noexcept {
    return !notify || selected_group(notify->groups) != nullptr;
}

bool session_state::wants_flag_news() const noexcept {
    if (!notify) return true;
    const auto* group = selected_group(notify->groups);
    return group != nullptr && (group->events & notify_events::flag_change) != 0;
}

}  // namespace hauspost::imap
