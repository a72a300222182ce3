#include "protocols/imap/session/change/commands.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/fetch/fetch_writer.hpp"

#include <span>
#include <utility>

namespace hauspost::imap {
namespace {

// One write of the store; about 2 ms of its writer.
constexpr std::uint32_t slice_messages = 20'000;

storage::store_request to_request(const cmd::store& wanted, const selected_mailbox& box) {
    storage::store_request request;
    request.mailbox = box.key;
    request.change = wanted.what;
    // RFC 4314 4: flags without the right to them are passed over.
    request.changeable = box.changeable();
    request.flags.system = wanted.flags.system & request.changeable.system;
    if (request.changeable.keywords) request.flags.keywords = wanted.flags.keywords;
    // .SILENT: only what others changed in between (RFC 9051 6.4.6). But the MODSEQ that a
    // conditional STORE makes is always told (RFC 7162 3.1.3).
    request.return_all = !wanted.silent || wanted.unchanged_since;
    request.known = box.synced;
    if (wanted.unchanged_since) request.unchanged_since = modseq(*wanted.unchanged_since);
    return request;
}

/// RFC 7162 3.1.3: those that somebody changed before, as the client named messages.
number_ranges to_numbers(const mailbox_view& view, const mail::uid_ranges& uids, bool by_uid) {
    if (!by_uid) return view.sequences(uids);
    number_ranges numbers;
    numbers.reserve(uids.size());
    for (const auto& range : uids)
        numbers.push_back({range.first.value(), range.last.value()});
    return numbers;
}

/// RFC 4314 4: one of the flags that are named may be changed; FLAGS () names all of them.
bool may_change_some(const cmd::store& wanted, const mail::flag_mask& changeable) {
    const bool names_none = wanted.flags.system == 0 && wanted.flags.keywords.empty();
    if (names_none || wanted.what == mail::change::set)
        return changeable.system != 0 || changeable.keywords;
    return (wanted.flags.system & changeable.system) != 0 ||
           (changeable.keywords && !wanted.flags.keywords.empty());
}

}  // namespace

/// RFC 9051 6.4.6.
awaitable<answer> on(context& session, const cmd::store& wanted) {
    auto& box = *session.state.selected;
    auto messages = messages_of(session, wanted.messages, wanted.by_uid);
    if (!messages) co_return messages.end();
    const auto lowest = keep_to_limit(session, *messages);
    if (!may_change_some(wanted, box.changeable())) co_return replies::not_permitted(box.rights);
    const auto expected = box.view.count(*messages);
    std::span<mail::uid_range> rest = *messages;
    std::size_t told = 0;
    mail::uid_ranges modified;
    const fetch_items no_items;
    const bool with_uid = wanted.by_uid && !session.state.enabled.uid_only;  // RFC 9586 3.3
    // What was begun is done to its end, whether or not the client waits for it.
    while (!rest.empty()) {
        if (session.is_turn_over()) co_await session.yield();
        auto request = to_request(wanted, box);
        request.uids = take_slice(box.view, rest, slice_messages);
        auto changed = co_await session.ports.mail.store_flags(std::move(request));
        if (!changed) co_return replies::refused(changed.error());
        take_keywords(session, std::move(changed->keywords));
        fetch_writer lines(session.out(), no_items, box.keywords, box.recent,
                           style_of(session.state.enabled));
        mailbox_view::cursor cursor(box.view);
        for (const auto& one : changed->now) {
            const auto sequence = cursor.sequence_of(one.uid);
            const bool with_flags = !wanted.silent || one.is_foreign;
            if (sequence != 0) lines.flags_line(sequence, one, with_uid, with_flags);
            if (!co_await session.make_room()) co_return replies::connection_lost();
        }
        told += changed->now.size();
        for (const auto& range : changed->modified) {
            modified.push_back({range.first, range.last});
            told += range.last.value() - range.first.value() + 1;
        }
        box.note_own(changed->modseq);
    }
    // RFC 2180 4.2.1, 4.2.3: what .SILENT does not tell cannot be missed.
    const bool is_checked = !wanted.silent || wanted.unchanged_since;
    const bool is_less = is_checked && told < expected;
    const bool is_short = !wanted.by_uid && is_less;
    if (!modified.empty()) {
        answer end(is_short ? status::no : status::ok, "MODIFIED",
                   is_short ? "Some messages were changed and some no longer exist"
                            : "Stored but for some that were changed");
        end.sets.push_back(to_numbers(box.view, modified, wanted.by_uid));
        end = with_left_out(session, std::move(end), is_less);
        co_return with_limit(session, std::move(end), lowest);
    }
    if (is_short) co_return with_limit(session, replies::expunge_issued(), lowest);
    auto end = with_left_out(session, replies::ok("Stored"), is_less);
    co_return with_limit(session, std::move(end), lowest);
}

}  // namespace hauspost::imap
