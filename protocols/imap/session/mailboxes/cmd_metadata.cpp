#include "base/address.hpp"
#include "base/ascii.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/mailboxes/commands.hpp"
#include "protocols/imap/session/mailboxes/mailbox_data.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"

#include <algorithm>
#include <utility>

/// METADATA: notes of clients about mailboxes and the server. Private entries of a mailbox are its
/// owner's; the server's private entries are each user's own.
namespace hauspost::imap {
namespace {

using storage::annotation;
using depth = mail::metadata_depth;

/// What is told of the server and cannot be changed; RFC 5464 6.2.2 wants a URI there.
constexpr std::string_view admin_entry = "/shared/admin";
/// RFC 6154 4: tied to the use that LIST tells.
constexpr std::string_view use_entry = "/private/specialuse";

bool is_private(std::string_view lowered_entry) {
    return lowered_entry.starts_with("/private");
}

/// Is it told for that entry at that depth? The names are in lower case.
bool is_below(std::string_view found, std::string_view entry, mail::metadata_depth how_far) {
    if (!found.starts_with(entry)) return false;
    const auto rest = found.substr(entry.size());
    if (rest.empty()) return true;
    if (rest.front() != '/' || how_far == mail::metadata_depth::zero) return false;
    return how_far == mail::metadata_depth::infinity || rest.find('/', 1) == std::string_view::npos;
}

std::string code_with(std::string_view words, std::size_t number) {
    return std::string(words) + ' ' + std::to_string(number);
}

awaitable<result<std::vector<annotation>>> read_metadata(context& session,
                                                         visible_mailbox mailbox,
                                                         std::vector<std::string> entries,
                                                         mail::metadata_depth how_far) {
    for (auto& entry : entries)
        entry = ascii::lowered(entry);
    auto wanted = entries;
    // Nobody sees another's private notes; that there are none is no error (RFC 5464 3.3).
    if (!mailbox.is_own()) std::erase_if(entries, is_private);
    auto found =
        co_await session.ports.annotations.annotations(mailbox.key(), std::move(entries), how_far);
    if (!found) co_return found.error();
    const auto computed = [&](std::string_view entry, std::string value) {
        const bool is_wanted = std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) {
            return is_below(entry, one, how_far);
        });
        if (is_wanted && !value.empty()) found->push_back({std::string(entry), std::move(value)});
    };
    if (!mailbox.info.id)
        computed(admin_entry, "mailto:postmaster@" +
                                  std::string(address::domain_of(session.state.user.address)));
    else
        computed(use_entry, std::string(use_word(mailbox.info.use)));
    co_return std::move(*found);
}

/// False: there was nothing to tell and nothing was written.
bool write_metadata(context& session,
                    std::string_view mailbox,
                    const std::vector<annotation>& found,
                    const std::vector<std::string>& asked,
                    bool tell_missing) {
    auto lines = session.writer();
    const auto start = session.out().size();
    lines.raw("* METADATA ").mailbox(mailbox).raw(" (");
    bool is_first = true;
    const auto next = [&](std::string_view entry) {
        if (!std::exchange(is_first, false)) lines.raw(' ');
        lines.astring(entry).raw(' ');
    };
    for (const auto& one : found) {
        // In the client's own spelling where it named it.
        const auto named = std::find_if(asked.begin(), asked.end(), [&](const auto& entry) {
            return ascii::equal_nocase(entry, one.entry);
        });
        next(named == asked.end() ? std::string_view(one.entry) : std::string_view(*named));
        lines.string8(one.value);
    }
    for (const auto& entry : asked) {
        const bool is_there = std::any_of(found.begin(), found.end(), [&](const auto& one) {
            return ascii::equal_nocase(one.entry, entry);
        });
        if (is_there || !tell_missing) continue;
        next(entry);
        lines.raw("NIL");
    }
    lines.raw(")\r\n");
    if (is_first) session.out().resize(start);  // RFC 5464 5: the list is never empty
    return !is_first;
}

/// name  "": the server
awaitable<or_answer<visible_mailbox>> metadata_target(context& session, std::string name) {
    if (name.empty()) {
        visible_mailbox server;
        server.owner = session.account();
        co_return std::move(server);
    }
    auto found = co_await resolve(session, std::move(name));
    if (!found) co_return replies::refused(found.error());
    if (!may_use_metadata(*found)) co_return replies::not_permitted(found->rights);
    co_return std::move(*found);
}

}  // namespace

awaitable<error_code> tell_metadata(context& session,
                                    visible_mailbox mailbox,
                                    std::vector<std::string> entries) {
    auto asked = entries;
    const auto name = mailbox.info.name;
    const auto found = co_await read_metadata(session, std::move(mailbox), std::move(entries),
                                              mail::metadata_depth::zero);
    if (!found) co_return found.error();
    write_metadata(session, name, *found, asked, true);
    co_return error_code();
}

/// RFC 5464 4.2.
awaitable<answer> on(context& session, const cmd::get_metadata& wanted) {
    std::string name = wanted.mailbox;
    auto target = co_await metadata_target(session, std::move(name));
    if (!target) co_return target.end();
    auto entries = wanted.entries;
    const auto how_far = wanted.depth;
    auto found = co_await read_metadata(session, std::move(*target), std::move(entries), how_far);
    if (!found) co_return replies::refused(found.error());
    std::vector<std::string> asked = wanted.entries;
    std::size_t longest = 0;
    if (wanted.max_size)
        std::erase_if(*found, [&](const auto& one) {
            if (one.value.size() <= *wanted.max_size) return false;
            longest = std::max(longest, one.value.size());
            // It is there, so it is not told as NIL either.
            std::erase_if(asked,
                          [&](const auto& entry) { return ascii::equal_nocase(entry, one.entry); });
            return true;
        });
    write_metadata(session, wanted.mailbox, *found, asked, how_far == mail::metadata_depth::zero);
    if (longest == 0) co_return replies::ok("Done");
    const auto words = code_with("METADATA LONGENTRIES", longest);
    co_return answer(status::ok, words, "Done, but for those that are too long");
}

/// RFC 5464 4.3.
awaitable<answer> on(context& session, const cmd::set_metadata& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await metadata_target(session, std::move(name));
    if (!target) co_return target.end();
    const bool is_server = wanted.mailbox.empty();
    std::vector<storage::annotation_change> changes;
    for (const auto& [given, value] : wanted.values) {
        auto entry = ascii::lowered(given);
        if (is_server && !is_private(entry))
            co_return replies::no(code::no_perm, "Only the owner of the server sets this entry");
        if (!is_server && entry == use_entry)
            co_return replies::no(code::no_perm, "The special use is given by CREATE");
        if (is_private(entry) && !target->is_own())
            co_return replies::no(code::metadata_no_private,
                                  "No private entries on mailboxes of others");
        if (value && value->size() > storage::max_annotation_octets) {
            const auto words = code_with("METADATA MAXSIZE", storage::max_annotation_octets);
            co_return replies::no(words, "The value is too long");
        }
        changes.push_back({std::move(entry), value});
    }
    const auto noted = changes;
    const auto failed =
        co_await session.ports.annotations.annotate(target->key(), std::move(changes));
    if (!failed && session.state.notify)
        session.state.notify->note_own_entries(target->key(), noted);
    co_return failed ? replies::refused(failed) : replies::ok("Set");
}

}  // namespace hauspost::imap
