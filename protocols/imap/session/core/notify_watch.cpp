#include "protocols/imap/session/core/notify_watch.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::imap {

void notify_watch::note_change(steady_time now) {
    is_due = true;
    last_changed_at = now;
    if (!changed_at) changed_at = now;
}

bool watches_entries(const std::vector<notify_group>& groups) noexcept {
    constexpr auto events =
        static_cast<std::uint8_t>(notify_events::mailbox_metadata | notify_events::server_metadata);
    return watches_events(groups, events);
}

notify_mailbox* find_mailbox(std::vector<notify_mailbox>& picture, const notify_key& key) {
    const auto at = std::lower_bound(
        picture.begin(), picture.end(), key,
        [](const notify_mailbox& one, const notify_key& wanted) { return one.key < wanted; });
    return at != picture.end() && at->key == key ? &*at : nullptr;
}

void notify_watch::note_own_entries(storage::mailbox_key key,
                                    const std::vector<storage::annotation_change>& changes) {
    if (!watches_entries(groups)) return;
    // Others share the picture.
    auto own = std::make_shared<notify_picture>(*shown);
    auto* entries = &own->server;
    if (key.mailbox) {
        auto* const mailbox = find_mailbox(own->mailboxes, {key.account, key.mailbox});
        if (mailbox == nullptr) return;
        entries = &mailbox->entries;
    }
    for (const auto& change : changes) {
        const auto at = std::lower_bound(
            entries->begin(), entries->end(), change.entry,
            [](const notify_entry& one, const std::string& name) { return one.name < name; });
        const bool is_there = at != entries->end() && at->name == change.entry;
        if (!change.value) {
            if (is_there) entries->erase(at);
            continue;
        }
        const auto hash = std::hash<std::string_view>{}(*change.value);
        if (is_there)
            at->hash = hash;
        else
            entries->insert(at, {change.entry, hash});
    }
    shown = std::move(own);
}

}  // namespace hauspost::imap
