#include "protocols/imap/list_pattern.hpp"
#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/mailbox_lines.hpp"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::imap {
namespace {

constexpr std::size_t names_between_looks = 64;  // 5 us each with the worst of patterns

/// RFC 5258 3.1, RFC 6154 5.2: which names the selection options leave.
bool is_selected(const cmd::list& wanted, const list_entry& entry) {
    if (wanted.select_special_use &&
        (!entry.mailbox || entry.mailbox->info.use == storage::special_use::none))
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

}  // namespace

/// RFC 9051 6.3.9, RFC 3501 6.3.8, RFC 5258, RFC 5819.
awaitable<answer> connection::on(const cmd::list& wanted) {
    if (!wanted.is_extended && wanted.patterns.size() == 1 && wanted.patterns[0].empty()) {
        // RFC 3501 6.3.8: asks for the delimiter only.
        writer().raw("* LIST (\\Noselect) \"/\" \"\"\r\n");
        co_return replies::ok("Listed");
    }
    // B06: nobody waits for the answer any more, or it takes too long.
    constexpr auto goes_on = [](connection& session,
                                steady_time since) -> awaitable<std::optional<answer>> {
        if (session.is_turn_over()) co_await session.yield();
        if (!co_await session.tell_progress(0, 0)) co_return replies::connection_lost();
        const auto took = std::chrono::steady_clock::now() - since;
        if (took <= session.config_->search_timeout) co_return std::nullopt;
        co_return replies::no(code::limit, "The list takes too long");
    };
    const auto began = std::chrono::steady_clock::now();
    const auto mailboxes = co_await list_visible();
    if (!mailboxes) co_return replies::refused(mailboxes.error());
    std::vector<std::string> subscriptions;
    const bool needs_subscriptions = wanted.select_subscribed || wanted.return_subscribed;
    if (needs_subscriptions) {
        auto names = co_await ports_.mail.subscriptions(user_.account);
        if (!names) co_return replies::refused(names.error());
        subscriptions = std::move(*names);
    }
    const auto entries = list_entries(*mailboxes, subscriptions);
    std::vector<bool> is_match(entries.size());
    // A pattern is made ready once for all names, and let go before the next one.
    std::set<std::string_view> patterns(wanted.patterns.begin(), wanted.patterns.end());
    for (const auto text : patterns) {
        const list_pattern pattern(wanted.reference + std::string(text));
        for (std::size_t n = 0; n < entries.size(); ++n) {
            if (n % names_between_looks == 0)
                if (auto late = co_await goes_on(*this, began)) co_return std::move(*late);
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
        auto lines = writer();
        write_list_line(lines, entry, needs_subscriptions, child_info);
        if (entry.mailbox && selected) {
            const auto failed = co_await tell_more(wanted, *entry.mailbox);
            if (failed) co_return replies::refused(failed);
        }
        if (!co_await make_room()) co_return replies::connection_lost();
        if (auto late = co_await goes_on(*this, began)) co_return std::move(*late);
    }
    co_return replies::ok("Listed");
}

/// What LIST was asked to tell of each mailbox besides its line.
awaitable<error_code> connection::tell_more(const cmd::list& wanted,
                                            const visible_mailbox& mailbox) {
    // RFC 8440 4, RFC 5819 2: what may not be told is left out.
    if (wanted.return_my_rights && mailbox.rights != 0)
        writer()
            .raw("* MYRIGHTS ")
            .mailbox(mailbox.info.name)
            .raw(' ')
            .astring(write_rights(mailbox.rights))
            .crlf();
    if (wanted.return_status && mailbox.info.selectable && mailbox.may(right_bits::read)) {
        visible_mailbox copy = mailbox;
        const auto failed = co_await tell_status(std::move(copy), *wanted.return_status);
        if (failed && failed != storage::errc::no_such_mailbox) co_return failed;
    }
    if (!wanted.return_metadata.empty() && may_use_metadata(mailbox)) {
        visible_mailbox copy = mailbox;
        auto entries = wanted.return_metadata;
        const auto failed = co_await tell_metadata(std::move(copy), std::move(entries));
        if (failed && failed != storage::errc::no_such_mailbox) co_return failed;
    }
    co_return error_code();
}

/// RFC 3501 6.3.9. Outlook reads special uses here, so they are told (features.md, client quirks).
awaitable<answer> connection::on(const cmd::lsub& wanted) {
    const auto mailboxes = co_await list_visible();
    if (!mailboxes) co_return replies::refused(mailboxes.error());
    const auto names = co_await ports_.mail.subscriptions(user_.account);
    if (!names) co_return replies::refused(names.error());
    const list_pattern pattern(wanted.reference + wanted.pattern);
    const bool has_percent = (wanted.reference + wanted.pattern).ends_with('%');
    std::set<std::string> told, parents, asked;
    const auto entries = list_entries(*mailboxes, *names);
    for (const auto& entry : entries) {
        if (!entry.is_subscribed) continue;
        if (is_turn_over()) co_await yield();
        if (!co_await make_room()) co_return replies::connection_lost();
        if (!co_await tell_progress(0, 0)) co_return replies::connection_lost();
        if (pattern.matches(entry.name)) {
            told.insert(entry.name);
            auto lines = writer();
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
        writer().raw("* LSUB (\\Noselect) \"/\" ").mailbox(parent).crlf();
        if (!co_await make_room()) co_return replies::connection_lost();
    }
    co_return replies::ok("Listed");
}

/// Outlook 2013 and 2016 find their folders by it (features.md, client quirks).
awaitable<answer> connection::on(const cmd::xlist& wanted) {
    const auto mailboxes = co_await list_visible();
    if (!mailboxes) co_return replies::refused(mailboxes.error());
    const list_pattern pattern(wanted.reference + wanted.pattern);
    const std::vector<std::string> no_subscriptions;
    const auto entries = list_entries(*mailboxes, no_subscriptions);
    for (const auto& entry : entries) {
        if (is_turn_over()) co_await yield();
        if (!co_await tell_progress(0, 0)) co_return replies::connection_lost();
        if (!pattern.matches(entry.name)) continue;
        auto lines = writer();
        write_xlist_line(lines, entry);
        if (!co_await make_room()) co_return replies::connection_lost();
    }
    co_return replies::ok("Listed");
}

/// RFC 9051 6.3.11.
awaitable<answer> connection::on(const cmd::status& wanted) {
    std::string name = wanted.mailbox;
    auto found = co_await permit(std::move(name), right_bits::read);
    if (!found.mailbox) co_return found.refused;
    if (!found.mailbox->info.selectable) co_return replies::no_such_mailbox();
    const auto failed = co_await tell_status(std::move(*found.mailbox), wanted.items);
    co_return failed ? replies::refused(failed) : replies::ok("Done");
}

awaitable<error_code> connection::tell_status(visible_mailbox mailbox, status_items items) {
    status_values values;
    values.account = mailbox.owner;
    values.append_limit = config_->limits.append_octets;
    if (items.deleted_storage && mailbox.info.counters.deleted > 0) {
        const auto counted = co_await deleted_octets(mailbox.key());
        if (!counted) co_return counted.error();
        values.deleted_octets = *counted;
    }
    auto lines = writer();
    write_status_line(lines, mailbox.info, items, values);
    co_return error_code();
}

}  // namespace hauspost::imap
