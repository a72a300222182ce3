#include "protocols/imap/session/core/selected.hpp"

#include <algorithm>

namespace hauspost::imap {

mail::flag_mask to_flag_mask(std::uint32_t rights) noexcept {
    mail::flag_mask mask;
    mask.system = changeable_flags(rights);
    mask.keywords = (rights & mail::rights::write) != 0;
    return mask;
}

mail::flag_mask selected_mailbox::changeable() const noexcept {
    return to_flag_mask(read_only ? 0 : rights);
}

bool selected_mailbox::is_own(modseq change) const noexcept {
    return std::binary_search(own.begin(), own.end(), change);
}

void selected_mailbox::note_own(modseq change) {
    if (!change || change <= synced) return;
    // Searches that are kept up to date want to hear of our own changes too.
    if (change.value() == synced.value() + 1 && live.empty())
        note_synced(change);
    else if (own.empty() || own.back() < change)
        own.push_back(change);
}

void selected_mailbox::note_synced(modseq change) {
    synced = std::max(synced, change);
    if (!view.has_held_expunges()) complete = std::max(complete, synced);
    own.erase(own.begin(), std::upper_bound(own.begin(), own.end(), synced));
}

void selected_mailbox::save(std::span<const uid> uids) {
    saved.clear();
    mailbox_view::cursor cursor(view);
    std::uint32_t before = 0;
    for (const auto id : uids) {
        const auto sequence = cursor.sequence_of(id);
        if (sequence == 0 || (!saved.empty() && sequence == before)) continue;
        if (!saved.empty() && sequence == before + 1)
            saved.back().last = id.value();
        else
            saved.push_back({id.value(), id.value()});
        before = sequence;
    }
    saved.shrink_to_fit();
}

mail::uid_ranges page_of(const mailbox_view& view,
                         const mail::uid_ranges& ranges,
                         const page_range& page) {
    const auto wanted = page.within(view.count(ranges));
    mail::uid_ranges kept;
    std::size_t before = 0;
    for (const auto& range : ranges) {
        // Ranges of a view begin and end with messages of the view (mailbox_view.hpp).
        const auto first = view.sequence_of(range.first), last = view.sequence_of(range.last);
        if (!first || !last) continue;
        const auto count = std::size_t{*last - *first + 1};
        const auto from = std::max(wanted.begin, before);
        const auto to = std::min(wanted.end, before + count);
        if (from < to)
            kept.push_back({*view.uid_at(*first + static_cast<std::uint32_t>(from - before)),
                            *view.uid_at(*first + static_cast<std::uint32_t>(to - 1 - before))});
        before += count;
    }
    return kept;
}

std::optional<uid> keep_highest(const mailbox_view& view,
                                mail::uid_ranges& messages,
                                std::uint32_t most) {
    if (most == 0 || view.count(messages) <= most) return std::nullopt;
    messages = page_of(view, messages, {1, most, true});
    return messages.front().first;
}

mail::uid_ranges take_slice(const mailbox_view& view,
                            std::span<mail::uid_range>& ranges,
                            std::uint32_t messages) {
    mail::uid_ranges slice;
    while (!ranges.empty() && messages > 0) {
        auto& range = ranges.front();
        const auto first = view.sequence_of(range.first);
        const auto last = view.sequence_of(range.last);
        // Ranges of a view begin and end with messages of the view (mailbox_view.hpp).
        if (!first || !last || *last - *first < messages) {
            slice.push_back(range);
            messages -= first && last ? *last - *first + 1 : 1;
            ranges = ranges.subspan(1);
            continue;
        }
        slice.push_back({range.first, *view.uid_at(*first + messages - 1)});
        range.first = *view.uid_at(*first + messages);
        break;
    }
    return slice;
}

}  // namespace hauspost::imap
