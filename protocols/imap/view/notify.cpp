#include "protocols/imap/view/notify.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

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
    case scope::personal: return mailbox.is_own;
    case scope::subscribed: return mailbox.subscribed;
    case scope::subtree:
        return std::any_of(list.begin(), list.end(),
                           [&](const std::string& top) { return is_below(mailbox.name, top); });
    case scope::mailboxes: return std::binary_search(list.begin(), list.end(), mailbox.name);
    }
    return false;
}

/// What the groups ask for of this mailbox, whether or not it may be told.
std::uint8_t named_events(const std::vector<notify_group>& groups, const notify_mailbox& mailbox) {
    std::uint8_t events = 0;
    for (const auto& group : groups)
        if (names(group, mailbox)) events |= group.events;
    return events;
}

status_items items_for(std::uint8_t events, bool with_modseq) {
    status_items items;
    if ((events & notify_events::message_new) != 0)
        items.messages = items.uid_next = items.uid_validity = true;
    if ((events & notify_events::flag_change) != 0)
        items.uid_validity = items.unseen = items.highest_modseq = true;  // RFC 5465 3.1, 5.3
    if (with_modseq) items.highest_modseq = true;
    return items;
}

/// Were the messages of one mailbox changed in a way that these events tell of?
bool has_message_event(std::uint8_t events,
                       const notify_mailbox& before,
                       const notify_mailbox& now) {
    if ((events & notify_events::message_new) != 0 &&
        (before.uid_next != now.uid_next || before.messages != now.messages))
        return true;
    if ((events & notify_events::flag_change) == 0) return false;
    return before.uid_validity != now.uid_validity || before.unseen != now.unseen ||
           before.highest_modseq != now.highest_modseq;
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

bool is_same(const notify_mailbox& a, const notify_mailbox& b) {
    return a.highest_modseq == b.highest_modseq && a.messages == b.messages &&
           a.unseen == b.unseen && a.uid_next == b.uid_next && a.uid_validity == b.uid_validity &&
           a.is_own == b.is_own && a.may_read == b.may_read && a.subscribed == b.subscribed &&
           a.selectable == b.selectable && a.name == b.name && a.use == b.use &&
           a.entries == b.entries;
}

/// Calls visit(before, now) for each mailbox that differs; nullptr stands for "was not" or "is no
/// more". The groups may name hundreds of mailboxes: those without news are not looked for there.
template <class Visit>
void side_by_side(const std::vector<notify_mailbox>& before,
                  const std::vector<notify_mailbox>& now,
                  Visit visit) {
    auto old = before.begin();
    for (const auto& one : now) {
        while (old != before.end() && old->key < one.key)
            visit(&*old++, nullptr);
        const bool was_there = old != before.end() && old->key == one.key;
        const auto* const was = was_there ? &*old++ : nullptr;
        if (was == nullptr || !is_same(*was, one)) visit(was, &one);
    }
    while (old != before.end())
        visit(&*old++, nullptr);
}

}  // namespace

std::uint8_t events_of(const std::vector<notify_group>& groups,
                       const notify_mailbox& mailbox,
                       const notify_key& selected) {
    auto events = named_events(groups, mailbox);
    if (mailbox.key == selected || !mailbox.selectable || !mailbox.may_read)
        events &= static_cast<std::uint8_t>(~notify_events::messages);
    if (!mailbox.may_read) events &= static_cast<std::uint8_t>(~notify_events::mailbox_metadata);
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
    return watches_events(groups, UINT8_MAX);
}

bool watches_shared(const std::vector<notify_group>& groups) noexcept {
    using scope = notify_group::scope;
    return std::any_of(groups.begin(), groups.end(), [](const notify_group& group) {
        return group.events != 0 &&
               (group.where == scope::subscribed || group.where == scope::subtree ||
                group.where == scope::mailboxes);
    });
}

bool watches_events(const std::vector<notify_group>& groups, std::uint8_t events) noexcept {
    using scope = notify_group::scope;
    return std::any_of(groups.begin(), groups.end(), [events](const notify_group& group) {
        return group.where != scope::selected && group.where != scope::selected_delayed &&
               (group.events & events) != 0;
    });
}

std::vector<std::string> changed_entries(const std::vector<notify_entry>& before,
                                         const std::vector<notify_entry>& now) {
    const auto by_name = [](const notify_entry& a, const notify_entry& b) {
        return a.name != b.name ? a.name < b.name : a.hash < b.hash;
    };
    std::vector<notify_entry> differing;
    std::set_symmetric_difference(before.begin(), before.end(), now.begin(), now.end(),
                                  std::back_inserter(differing), by_name);
    std::vector<std::string> names;
    for (auto& one : differing)
        if (names.empty() || names.back() != one.name) names.push_back(std::move(one.name));
    return names;
}

namespace {

/// Message events are wanted of a mailbox that may not be read.
bool is_closed_to(const std::vector<notify_group>& groups, const notify_mailbox& mailbox) {
    return !mailbox.may_read && mailbox.selectable &&
           (named_events(groups, mailbox) & notify_events::messages) != 0;
}

notify_line closed_line(const notify_mailbox& mailbox) {
    notify_line line;
    line.mailbox = mailbox;
    line.is_closed = true;
    return line;
}

/// What is told of names. RFC 5465 5.4
class name_lines {
public:
    name_lines(const std::vector<notify_group>& groups,
               const std::vector<notify_mailbox>& before,
               const std::vector<notify_mailbox>& now,
               const notify_key& selected)
        : groups_(groups), before_(before), now_(now), selected_(selected) {}

    std::vector<notify_line> take() {
        side_by_side(before_, now_, [this](const notify_mailbox* old, const notify_mailbox* one) {
            look_at(old, one);
        });
        // Tops first, so that what went along with them is known.
        std::sort(renamed_.begin(), renamed_.end(), [](const auto& a, const auto& b) {
            return a.first->name.size() < b.first->name.size();
        });
        for (const auto& [old, one] : renamed_) {
            if (went_along(*old, *one, lines_)) continue;
            notify_line line;
            line.mailbox = *one;
            line.old_name = old->name;
            lines_.push_back(std::move(line));
        }
        for (const auto& name : parents_)
            add_parent(name);
        return std::move(lines_);
    }

private:
    [[nodiscard]] bool is_wanted(const notify_mailbox* mailbox) const {
        return mailbox != nullptr &&
               wants(events_of(groups_, *mailbox, selected_), notify_events::mailbox_name);
    }

    void look_at(const notify_mailbox* old, const notify_mailbox* one) {
        if (old != nullptr && one != nullptr && old->may_read != one->may_read &&
            is_closed_to(groups_, *one))
            lines_.push_back(closed_line(*one));
        // A renamed mailbox was among those that are named until now, or is now.
        if (!is_wanted(old) && !is_wanted(one)) return;
        if (old != nullptr && one != nullptr && old->name != one->name)
            renamed_.emplace_back(old, one);
        else if (old == nullptr || one == nullptr || old->selectable != one->selectable)
            add(one != nullptr ? *one : *old, one == nullptr);
    }

    void add(const notify_mailbox& mailbox, bool is_gone) {
        notify_line line;
        line.mailbox = mailbox;
        line.is_gone = is_gone;
        lines_.push_back(std::move(line));
        const auto slash = mailbox.name.rfind('/');
        if (slash != std::string::npos) parents_.insert(mailbox.name.substr(0, slash));
    }

    /// \HasChildren of the mailbox above may have changed.
    void add_parent(const std::string& name) {
        const bool is_told = std::any_of(lines_.begin(), lines_.end(), [&](const auto& line) {
            return line.mailbox.name == name;
        });
        const auto parent = std::find_if(now_.begin(), now_.end(),
                                         [&](const auto& one) { return one.name == name; });
        if (is_told || parent == now_.end() || !is_wanted(&*parent)) return;
        notify_line line;
        line.mailbox = *parent;
        lines_.push_back(std::move(line));
    }

    const std::vector<notify_group>& groups_;
    const std::vector<notify_mailbox>& before_;
    const std::vector<notify_mailbox>& now_;
    notify_key selected_;
    std::vector<notify_line> lines_;
    std::vector<std::pair<const notify_mailbox*, const notify_mailbox*>> renamed_;
    std::set<std::string> parents_;  // of those that came or went
};

}  // namespace

std::vector<notify_line> first_lines(const std::vector<notify_group>& groups,
                                     const std::vector<notify_mailbox>& now,
                                     const notify_key& selected,
                                     bool with_status,
                                     bool with_modseq) {
    std::vector<notify_line> lines;
    for (const auto& one : now) {
        if (is_closed_to(groups, one)) lines.push_back(closed_line(one));
        const auto events = events_of(groups, one, selected);
        if (!with_status || (events & notify_events::messages) == 0) continue;
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
                                       const notify_key& selected,
                                       bool with_modseq) {
    auto lines = name_lines(groups, before, now, selected).take();
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
        if (old == nullptr || one == nullptr) return;
        if (!wants(events_of(groups, *one, selected), notify_events::mailbox_metadata)) return;
        notify_line line;
        line.entries = changed_entries(old->entries, one->entries);
        if (line.entries.empty()) return;
        line.mailbox = *one;
        lines.push_back(std::move(line));
    });
    side_by_side(before, now, [&](const notify_mailbox* old, const notify_mailbox* one) {
        if (one == nullptr) return;
        const auto events = events_of(groups, *one, selected);
        const notify_mailbox nothing;
        const auto& was = old != nullptr ? *old : nothing;
        if (old == nullptr && one->messages == 0) return;
        if (!has_message_event(events, was, *one)) return;
        notify_line line;
        line.mailbox = *one;
        line.status = items_for(events, with_modseq);
        lines.push_back(std::move(line));
    });
    return lines;
}

}  // namespace hauspost::imap
