#include "protocols/imap/session/core/selection.hpp"

#include "protocols/imap/response/flag_writer.hpp"
#include "protocols/imap/view/resync.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace hauspost::imap {
namespace {

// A longer list of UIDs goes on in another VANISHED line.
constexpr std::size_t vanished_line_octets = 32 * 1024;
constexpr std::uint32_t slice_of_missing = 65'536;  // messages that are there; a millisecond

/// The ranges from `next` on as far as `end`; cuts the one that goes on behind it.
mail::uid_ranges take_up_to(mail::uid_ranges& ranges, std::size_t& next, uid end) {
    mail::uid_ranges slice;
    for (; next < ranges.size() && ranges[next].first <= end; ++next) {
        auto& range = ranges[next];
        if (range.last > end) {
            slice.push_back({range.first, end});
            range.first = uid(end.value() + 1);
            break;
        }
        slice.push_back(range);
    }
    return slice;
}

bool has_room_for_code(const context& session, const answer& end) {
    return end.code.empty() && !(end.tells_modseq && session.state.enabled.qresync);
}

std::string limit_code(const context& session, std::optional<uid> lowest) {
    auto words = "MESSAGELIMIT " + std::to_string(session.config->max_messages_of_command);
    if (lowest) words += ' ' + std::to_string(lowest->value());
    return words;
}

}  // namespace

or_answer<mail::uid_ranges> messages_of(const context& session,
                                        const sequence_set& set,
                                        bool by_uid) {
    const auto& box = *session.state.selected;
    if (set.is_saved_result()) return box.view.by_uid(box.saved);
    if (by_uid) return box.view.by_uid(set);
    auto named = box.view.by_sequence(set);
    if (!named) return replies::no_such_sequence();
    return std::move(*named);
}

void tell_flag_words(context& session) {
    const auto& box = *session.state.selected;
    const bool has_room = box.keywords.size() < storage::max_keywords_per_mailbox;
    write_flag_lines(session.out(), box.keywords, box.changeable(), has_room);
}

void take_keywords(context& session, std::vector<std::string> now) {
    auto& box = *session.state.selected;
    if (now.size() <= box.keywords.size()) return;
    box.keywords = std::move(now);
    tell_flag_words(session);
}

awaitable<void> refresh_keywords(context& session) {
    const auto& box = *session.state.selected;
    if (box.heard == session.state.heard) co_return;  // they came with the last look
    auto table = co_await session.ports.mail.keywords(session.state.selected->key);
    if (table) take_keywords(session, std::move(*table));
}

void take_rights(context& session, std::uint32_t rights) {
    auto& box = *session.state.selected;
    if (box.rights == rights) return;
    box.rights = rights;
    tell_flag_words(session);
}

awaitable<bool> tell_vanished(context& session, const mail::uid_ranges& uids, bool earlier) {
    std::size_t told = 0;
    while (told < uids.size()) {
        session.writer().raw(earlier ? "* VANISHED (EARLIER) " : "* VANISHED ");
        const auto start = session.out().size();
        told += session.writer().ranges(std::span(uids).subspan(told), vanished_line_octets);
        session.writer().crlf();
        if (session.out().size() == start || !co_await session.make_room()) co_return false;
    }
    co_return true;
}

awaitable<or_answer<>> tell_earlier(context& session,
                                    modseq since,
                                    number_ranges asked,
                                    uid matched) {
    const auto& box = *session.state.selected;
    const auto gone = co_await session.ports.mail.vanished(box.key, since);
    if (!gone) co_return replies::refused(gone.error());
    mail::uid_ranges candidates;
    if (gone->is_complete) {
        for (const auto& range : gone->ranges)
            candidates.push_back({range.first, range.last});
    } else if (box.uid_next.value() > matched.value() + 1) {
        // Nobody remembers: all that is not there is told, which is more than the client needs but
        // never wrong. What the sample says is as the client knows it.
        candidates.push_back({uid(matched.value() + 1), uid(box.uid_next.value() - 1)});
    }
    auto wanted = common(candidates, asked);
    // In slices that end with a message that is there: no range of missing ones is cut.
    std::uint32_t sequence = 0;
    std::size_t next = 0;
    while (next < wanted.size()) {
        if (session.is_turn_over()) co_await session.yield();
        sequence += std::min(slice_of_missing, box.view.size() - sequence);
        const auto end = sequence < box.view.size() ? *box.view.uid_at(sequence) : uid(UINT32_MAX);
        const auto slice = take_up_to(wanted, next, end);
        const auto absent = box.view.without(slice);
        if (!co_await tell_vanished(session, absent, true)) co_return replies::connection_lost();
    }
    co_return go_on;
}

void tell_highest_modseq(context& session, modseq value) {
    session.writer().untagged(status::ok, "HIGHESTMODSEQ " + std::to_string(value.value()),
                              "Highest mod-sequence");
}

void enable_condstore(context& session, bool tells_highest) {
    const bool is_first = !std::exchange(session.state.enabled.condstore, true);
    if (is_first && tells_highest) tell_highest_modseq(session, session.state.selected->complete);
}

bool may_be_recent(const context& session, const storage::mailbox_counters& now) noexcept {
    return !session.state.enabled.imap4rev2 && now.recent > 0;
}

void tell_recent(context& session) {
    if (session.state.enabled.imap4rev2) return;
    const auto& box = *session.state.selected;
    session.writer().numbered(box.view.count(box.recent.ranges()), "RECENT");
}

awaitable<void> claim_recent(context& session,
                             selected_mailbox& box,
                             const storage::mailbox_counters& now) {
    if (!may_be_recent(session, now)) co_return;
    if (box.is_examined) {
        box.recent.add(now.first_recent, uid(now.uid_next.value() - 1));
        co_return;
    }
    // Where that is refused (the writer is busy, the disk full) a later session claims them.
    const auto claimed = co_await session.ports.mail.claim_recent(box.key);
    if (!claimed) co_return;
    for (const auto& range : *claimed)
        box.recent.add(range.first, range.last);
}

std::optional<uid> keep_to_limit(const context& session, mail::uid_ranges& messages) {
    return keep_highest(session.state.selected->view, messages,
                        session.config->max_messages_of_command);
}

answer with_limit(context& session, answer end, std::optional<uid> lowest) {
    if (!lowest || !end.is_said) return end;
    constexpr std::string_view words = "Done for the highest UIDs only";
    if (has_room_for_code(session, end) && end.status == status::ok) {
        end.code = limit_code(session, lowest);
        end.text = words;
    } else {
        session.writer().untagged(status::no, limit_code(session, lowest), words);
    }
    return end;
}

answer over_limit(const context& session, std::optional<uid> lowest) {
    return replies::no(limit_code(session, lowest), "Too many messages for one command");
}

answer with_left_out(context& session, answer end, bool is_short) {
    if (!is_short || !end.is_said || end.status != status::ok) return end;
    constexpr std::string_view words = "Some of the messages no longer exist";
    if (has_room_for_code(session, end)) {
        end.code = code::expunge_issued;
        end.text = words;
    } else {
        session.writer().untagged(status::ok, code::expunge_issued, words);
    }
    return end;
}

}  // namespace hauspost::imap
