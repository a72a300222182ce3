#include "protocols/imap/notify.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

bool is_below(const std::string& name, const std::string& top) {
    return name == top || (name.starts_with(top) && name[top.size()] == '/');
}

bool names(const notify_group& group, const notify_mailbox& mailbox) {
    using scope = notify_group::scope;
    const auto& list = group.mailboxes;
    switch (group.where) {
    case scope::selected:
    case scope::selected_delayed: return false;
    // RFC 5465 6.3: every mailbox may be delivered to by rules to come.
    case scope::inboxes:
    case scope::personal: return true;
    case scope::subscribed: return mailbox.subscribed;
    case scope::subtree:
        return std::any_of(list.begin(), list.end(),
                           [&](const std::string& top) { return is_below(mailbox.name, top); });
    case scope::mailboxes: return std::find(list.begin(), list.end(), mailbox.name) != list.end();
    }
    return false;
}

status_items items_for(std::uint8_t events, bool with_modseq) {
    status_items items;
    if ((events & notify_events::message_new) != 0)
        items.messages = items.uid_next = items.uid_validity = true;
    if ((events & notify_events::flag_change) != 0) items.uid_validity = items.unseen = true;
    items.highest_modseq = with_modseq;
    return items;
}

/// Were the messages of one mailbox changed in a way that these events tell of?
bool has_message_event(std::uint8_t events,
                       const notify_mailbox& before,
                       const notify_mailbox& now,
                       bool with_modseq) {
    if ((events & notify_events::message_new) != 0 &&
        (before.uid_next != now.uid_next || before.messages != now.messages))
        return true;
    if ((events & notify_events::flag_change) == 0) return false;
    return before.uid_validity != now.uid_validity || before.unseen != now.unseen ||
           (with_modseq && before.highest_modseq != now.highest_modseq);
}

bool wants(std::uint8_t events, std::uint8_t one) {
    return (events & one) != 0;
}

/// A renamed mailbox that only went along with one above it: RFC 5465 5.4 tells of the top alone.
bool went_along(const notify_mailbox& before,
                const notify_mailbox& now,
                const std::vector<notify_line>& renamed) {
    return std::any_of(renamed.begin(), renamed.end(), [&](const notify_line& top) {
        const auto& from = top.old_name;
        const auto& to = top.mailbox.name;
        return !from.empty() && before.name.size() > from.size() && is_below(before.name, from) &&
               now.name == to + before.name.substr(from.size());
    });
}

/// Calls visit(before, now) for each mailbox; nullptr stands for "was not" or "is no more".
template <class Visit>
void side_by_side(const std::vector<notify_mailbox>& before,
                  const std::vector<notify_mailbox>& now,
                  Visit visit) {
    auto old = before.begin();
    for (const auto& one : now) {
        while (old != before.end() && old->id < one.id)
            visit(&*old++, nullptr);
        const bool was_there = old != before.end() && old->id == one.id;
        visit(was_there ? &*old++ : nullptr, &one);
    }
    while (old != before.end())
        visit(&*old++, nullptr);
}

}  // namespace

std::uint8_t events_of(const std::vector<notify_group>& groups,
                       const notify_mailbox& mailbox,
                       std::uint32_t selected) {
    std::uint8_t events = 0;
    for (const auto& group : groups)
        if (names(group, mailbox)) events |= group.events;
    if (mailbox.id == selected || !mailbox.selectable)
        events &= static_cast<std::uint8_t>(~notify_events::messages);
    return events;
}

const notify_group* selected_group(const std::vector<notify_group>& groups) noexcept {
    using scope = notify_group::scope;
    for (const auto& group : groups)
        if ((group.where == scope::selected || group.where == scope::selected_delayed) &&
            group.events != 0)
            return &group;
    return nullptr;
}

bool watches_others(const std::vector<notify_group>& groups) noexcept {
    using scope = notify_group::scope;
    return std::any_of(groups.begin(), groups.end(), [](const notify_group& group) {
        return group.where != scope::selected && group.where != scope::selected_delayed &&
               group.events != 0;
    });
}

std::vector<notify_line> first_lines(const std::vector<notify_group>& groups,
                                     const std::vector<notify_mailbox>& now,
                                     std::uint32_t selected,
                                     bool with_modseq) {
    std::vector<notify_line> lines;
    for (const auto& one : now) {
        const auto events = events_of(groups, one, selected);
        if ((events & notify_events::messages) == 0) continue;
        notify_line line;
        line.mailbox = one;
        line.status = items_for(events, with_modseq);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<notify_line> lines_between(const std::vector<notify_group>& groups,
                                       const std::vector<notify_mailbox>& before,
                                       const std::vector<notify_mailbox>& now,
                                       std::uint32_t selected,
                                       bool with_modseq) {
    std::vector<notify_line> lines;
    // Tops first, so that what went along with them is known.
    std::vector<std::pair<const notify_mailbox*, const notify_mailbox*>> renamed;
    side_by_side(before, now, [&](const notify_mailbox* old, const notify_mailbox* one) {
        const auto& any = one != nullptr ? *one : *old;
        if (!wants(events_of(groups, any, selected), notify_events::mailbox_name)) return;
        if (old != nullptr && one != nullptr) {
            if (old->name != one->name) renamed.emplace_back(old, one);
            return;
        }
        notify_line line;
        line.mailbox = any;
        line.is_gone = one == nullptr;
        lines.push_back(std::move(line));
    });
    std::sort(renamed.begin(), renamed.end(), [](const auto& a, const auto& b) {
        return a.first->name.size() < b.first->name.size();
    });
    for (const auto& [old, one] : renamed) {
        if (went_along(*old, *one, lines)) continue;
        notify_line line;
        line.mailbox = *one;
        line.old_name = old->name;
        lines.push_back(std::move(line));
    }
    side_by_side(before, now, [&](const notify_mailbox* old, const notify_mailbox* one) {
        if (old == nullptr || one == nullptr || old->subscribed == one->subscribed) return;
        // One that leaves the subscribed ones was among those until now.
        const auto events = events_of(groups, *one, selected) | events_of(groups, *old, selected);
        if (!wants(static_cast<std::uint8_t>(events), notify_events::subscription_change)) return;
        notify_line line;
        line.mailbox = *one;
        lines.push_back(std::move(line));
    });
    side_by_side(before, now, [&](const notify_mailbox* old, const notify_mailbox* one) {
        if (one == nullptr) return;
        const auto events = events_of(groups, *one, selected);
        const notify_mailbox nothing;
        const auto& was = old != nullptr ? *old : nothing;
        if (old == nullptr && one->messages == 0) return;
        if (!has_message_event(events, was, *one, with_modseq)) return;
        notify_line line;
        line.mailbox = *one;
        line.status = items_for(events, with_modseq);
        lines.push_back(std::move(line));
    });
    return lines;
}

}  // namespace hauspost::imap
