#include "protocols/imap/grammar/list_pattern.hpp"
#include "protocols/imap/grammar/rights.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/mailboxes/commands.hpp"
#include "protocols/imap/session/mailboxes/mailbox_data.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::imap {
namespace {

constexpr std::string_view list_takes_too_long = "The list takes too long";
constexpr std::size_t names_between_looks = 16;  // 5 us each with the worst of patterns

/// RFC 5258 3.1, RFC 6154 5.2: which names the selection options leave.
bool is_selected(const cmd::list& wanted, const list_entry& entry) {
    if (wanted.select_special_use &&
        (!entry.mailbox || entry.mailbox->info.use == mail::special_use::none))
        return false;
    if (wanted.select_subscribed) return entry.is_subscribed;
    return entry.mailbox != nullptr;
}

/// RFC 5258 3.5, RFC 9051 6.3.9.5: CHILDINFO speaks of children that have no line of their own;
/// where all of them have one it would say nothing new.
std::set<std::string_view> parents_of_unlisted(const std::vector<list_entry>& entries,
                                               const std::vector<bool>& is_match) {
    std::set<std::string_view> parents;
    for (std::size_t n = 0; n < entries.size(); ++n) {
        if (is_match[n] || !entries[n].is_subscribed) continue;
        const std::string_view name = entries[n].name;
        for (auto slash = name.rfind('/'); slash != std::string_view::npos;
             slash = name.substr(0, slash).rfind('/'))
            if (!parents.insert(name.substr(0, slash)).second) break;
    }
    return parents;
}

/// What LIST was asked to tell of each mailbox besides its line.
awaitable<or_answer<>> tell_more(context& session,
                                 const cmd::list& wanted,
                                 const visible_mailbox& mailbox,
                                 pace& walk) {
    // RFC 8440 4, RFC 5819 2: what may not be told is left out.
    if (wanted.return_my_rights && mailbox.rights != 0)
        session.writer()
            .raw("* MYRIGHTS ")
            .mailbox(mailbox.info.name)
            .raw(' ')
            .astring(write_rights(mailbox.rights))
            .crlf();
    if (wanted.return_status && mailbox.info.selectable && mailbox.may(mail::rights::read)) {
        visible_mailbox copy = mailbox;
        const auto done =
            co_await tell_status(session, std::move(copy), *wanted.return_status, walk);
        if (!done && done.end().code != code::nonexistent) co_return done.end();
    }
    if (!wanted.return_metadata.empty() && may_use_metadata(mailbox)) {
        visible_mailbox copy = mailbox;
        auto entries = wanted.return_metadata;
        const auto failed = co_await tell_metadata(session, std::move(copy), std::move(entries));
        if (failed && failed != storage::errc::no_such_mailbox) co_return replies::refused(failed);
    }
    co_return go_on;
}

}  // namespace

/// RFC 9051 6.3.9, RFC 3501 6.3.8, RFC 5258, RFC 5819.
awaitable<answer> on(context& session, const cmd::list& wanted) {
    if (!wanted.is_extended && wanted.patterns.size() == 1 && wanted.patterns[0].empty()) {
        // RFC 3501 6.3.8: asks for the delimiter only.
        session.writer().raw("* LIST (\\Noselect) \"/\" \"\"\r\n");
        co_return replies::ok("Listed");
    }
    pace walk(session, list_takes_too_long);
    std::vector<visible_mailbox> mailboxes;
    if (const auto done = co_await list_visible(session, walk, mailboxes); !done)
        co_return done.end();
    std::vector<std::string> subscriptions;
    const bool needs_subscriptions = wanted.select_subscribed || wanted.return_subscribed;
    if (needs_subscriptions) {
        auto names = co_await session.ports.mail.subscriptions(session.account());
        if (!names) co_return replies::refused(names.error());
        subscriptions = std::move(*names);
    }
    const auto entries = list_entries(mailboxes, subscriptions);
    std::vector<bool> is_match(entries.size());
    // A pattern is made ready once for all names, and let go before the next one.
    std::set<std::string_view> patterns(wanted.patterns.begin(), wanted.patterns.end());
    for (const auto text : patterns) {
        const list_pattern pattern(wanted.reference + std::string(text));
        for (std::size_t n = 0; n < entries.size(); ++n) {
            if (n % names_between_looks == 0)
                if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
            if (!is_match[n]) is_match[n] = pattern.matches(entries[n].name);
        }
    }
    std::set<std::string_view> parents;
    if (wanted.select_recursive_match && wanted.select_subscribed)
        parents = parents_of_unlisted(entries, is_match);
    for (std::size_t n = 0; n < entries.size(); ++n) {
        if (!is_match[n]) continue;
        const auto& entry = entries[n];
        const bool selected = is_selected(wanted, entry);
        // RFC 5258 3.5: a parent that is not selected itself, for the sake of a child that is.
        const bool child_info = parents.contains(entry.name);
        if (!selected && !child_info) continue;
        auto lines = session.writer();
        write_list_line(lines, entry, needs_subscriptions, child_info);
        if (entry.mailbox && selected) {
            const auto done = co_await tell_more(session, wanted, *entry.mailbox, walk);
            if (!done) co_return done.end();
        }
        if (!co_await session.make_room()) co_return replies::connection_lost();
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
    }
    co_return replies::ok("Listed");
}

/// RFC 3501 6.3.9. Outlook reads special uses here, so they are told.
awaitable<answer> on(context& session, const cmd::lsub& wanted) {
    pace walk(session, list_takes_too_long);
    std::vector<visible_mailbox> mailboxes;
    if (const auto done = co_await list_visible(session, walk, mailboxes); !done)
        co_return done.end();
    const auto names = co_await session.ports.mail.subscriptions(session.account());
    if (!names) co_return replies::refused(names.error());
    const list_pattern pattern(wanted.reference + wanted.pattern);
    const bool has_percent = (wanted.reference + wanted.pattern).ends_with('%');
    std::set<std::string> told, parents, asked;
    const auto entries = list_entries(mailboxes, *names);
    for (const auto& entry : entries) {
        if (!entry.is_subscribed) continue;
        if (!co_await session.make_room()) co_return replies::connection_lost();
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
        if (pattern.matches(entry.name)) {
            told.insert(entry.name);
            auto lines = session.writer();
            write_lsub_line(lines, entry);
            continue;
        }
        // "%" stops at a parent of what is subscribed: told as a name that is not subscribed
        // itself.
        if (!has_percent) continue;
        for (auto end = entry.name.find('/'); end != std::string::npos;
             end = entry.name.find('/', end + 1)) {
            auto parent = entry.name.substr(0, end);
            if (!asked.insert(parent).second) continue;
            if (pattern.matches(parent)) parents.insert(std::move(parent));
        }
    }
    for (const auto& parent : parents) {
        if (told.contains(parent)) continue;
        session.writer().raw("* LSUB (\\Noselect) \"/\" ").mailbox(parent).crlf();
        if (!co_await session.make_room()) co_return replies::connection_lost();
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
    }
    co_return replies::ok("Listed");
}

/// Outlook 2013 and 2016 find their folders by it.
awaitable<answer> on(context& session, const cmd::xlist& wanted) {
    pace walk(session, list_takes_too_long);
    std::vector<visible_mailbox> mailboxes;
    if (const auto done = co_await list_visible(session, walk, mailboxes); !done)
        co_return done.end();
    const list_pattern pattern(wanted.reference + wanted.pattern);
    const std::vector<std::string> no_subscriptions;
    const auto entries = list_entries(mailboxes, no_subscriptions);
    for (const auto& entry : entries) {
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
        if (!pattern.matches(entry.name)) continue;
        auto lines = session.writer();
        write_xlist_line(lines, entry);
        if (!co_await session.make_room()) co_return replies::connection_lost();
    }
    co_return replies::ok("Listed");
}

}  // namespace hauspost::imap
