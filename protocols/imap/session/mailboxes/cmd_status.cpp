#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/mailboxes/commands.hpp"
#include "protocols/imap/session/mailboxes/mailbox_data.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"

#include <span>
#include <utility>

namespace hauspost::imap {
namespace {

// One slice of a walk (mailbox_store.hpp): under a millisecond.

void add(mail::uid_ranges& ranges, uid id) {
    if (!ranges.empty() && ranges.back().last.value() + 1 == id.value())
        ranges.back().last = id;
    else
        ranges.push_back({id, id});
}

awaitable<or_answer<>> visit_all(storage::message_cursor& rows,
                                 pace& walk,
                                 function_ref<bool(const storage::message_view&)> visit) {
    while (!rows.is_done()) {
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
        const auto refused = co_await rows.next(visit);
        if (refused) co_return replies::refused(refused);
    }
    co_return go_on;
}

/// Octets of the messages with \Deleted, counted in slices.
awaitable<or_answer<std::uint64_t>> deleted_octets(context& session,
                                                   storage::mailbox_key mailbox,
                                                   pace& walk) {
    mail::uid_ranges all{{uid(1), uid(UINT32_MAX)}};
    mail::uid_ranges deleted;
    const auto mark = [&](const storage::message_view& message) {
        if ((message.flags & mail::flags::deleted) != 0) add(deleted, message.uid);
        return true;
    };
    const auto flags =
        session.ports.mail.walk(mailbox, std::move(all), storage::walk_detail::flags_only);
    if (const auto done = co_await visit_all(*flags, walk, mark); !done) co_return done.end();
    std::uint64_t octets = 0;
    const auto count = [&](const storage::message_view& message) {
        // RFC 9208 4.1.4: never more than EXPUNGE would free.
        if ((message.flags & mail::flags::deleted) != 0) octets += message.octets;
        return true;
    };
    const auto rows =
        session.ports.mail.walk(mailbox, std::move(deleted), storage::walk_detail::row_heads);
    if (const auto done = co_await visit_all(*rows, walk, count); !done) co_return done.end();
    co_return octets;
}

}  // namespace

/// RFC 9051 6.3.11.
awaitable<answer> on(context& session, const cmd::status& wanted) {
    std::string name = wanted.mailbox;
    auto found = co_await permit(session, std::move(name), mail::rights::read);
    if (!found) co_return found.end();
    if (!found->info.selectable) co_return replies::no_such_mailbox();
    pace walk(session, "The count takes too long");
    const auto done = co_await tell_status(session, std::move(*found), wanted.items, walk);
    co_return done ? replies::ok("Done") : done.end();
}

awaitable<or_answer<>> tell_status(context& session,
                                   visible_mailbox mailbox,
                                   status_items items,
                                   pace& walk) {
    status_values values;
    values.account = mailbox.owner;
    values.append_limit = session.config->limits.append_octets;
    if (may_be_recent(session, mailbox.info.counters)) values.recent = mailbox.info.counters.recent;
    if (items.deleted_storage && mailbox.info.counters.deleted > 0) {
        const auto octets = co_await deleted_octets(session, mailbox.key(), walk);
        if (!octets) co_return octets.end();
        values.deleted_octets = *octets;
    }
    auto lines = session.writer();
    write_status_line(lines, mailbox.info, items, values);
    co_return go_on;
}

}  // namespace hauspost::imap
