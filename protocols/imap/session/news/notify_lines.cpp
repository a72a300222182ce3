#include "protocols/imap/session/news/notify_lines.hpp"

#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"
#include "protocols/imap/session/news/take_picture.hpp"

#include <optional>
#include <unordered_set>

namespace hauspost::imap {
namespace {

storage::mailbox_info info_of(const notify_mailbox& seen) {
    storage::mailbox_info info;
    info.id = seen.key.mailbox;
    info.name = seen.name;
    info.counters.uid_validity = uid_validity(seen.uid_validity);
    info.counters.uid_next = uid(seen.uid_next);
    info.counters.messages = seen.messages;
    info.counters.unseen = seen.unseen;
    info.counters.highest_modseq = modseq(seen.highest_modseq);
    return info;
}

/// RFC 5465 5.4, 5.5.
void write_list(response_writer& writer, const notify_line& line, bool has_children) {
    const auto& mailbox = line.mailbox;
    writer.raw("* LIST (");
    if (line.is_gone) {
        writer.raw("\\NonExistent");
    } else {
        writer.raw(has_children ? "\\HasChildren" : "\\HasNoChildren");
        if (!mailbox.selectable) writer.raw(" \\Noselect");
        if (line.is_closed) writer.raw(" \\NoAccess");
        if (mailbox.subscribed) writer.raw(" \\Subscribed");
        if (!mailbox.use.empty()) writer.raw(' ').raw(mailbox.use);
    }
    writer.raw(") \"/\" ").mailbox(line.mailbox.name);
    if (!line.old_name.empty()) writer.raw(" (\"OLDNAME\" (").mailbox(line.old_name).raw("))");
    writer.crlf();
}

/// The names that have others below them.
std::unordered_set<std::string_view> parents_in(const std::vector<notify_mailbox>& all) {
    std::unordered_set<std::string_view> parents;
    for (const auto& one : all) {
        const std::string_view name = one.name;
        for (auto slash = name.rfind('/'); slash != std::string_view::npos;
             slash = name.substr(0, slash).rfind('/'))
            if (!parents.insert(name.substr(0, slash)).second) break;
    }
    return parents;
}

}  // namespace

void write_entries(response_writer& writer,
                   std::string_view mailbox,
                   const std::vector<std::string>& names) {
    writer.raw("* METADATA ").mailbox(mailbox);
    for (const auto& name : names)
        writer.raw(' ').astring(name);
    writer.crlf();
}

awaitable<void> tell_news(context& session, const std::vector<notify_line>& lines) {
    const auto shown = session.state.notify->shown;
    std::optional<std::unordered_set<std::string_view>> parents;
    for (const auto& line : lines) {
        if (!co_await session.make_room()) co_return;
        status_values values;
        values.account = line.mailbox.key.owner;
        auto lines_out = session.writer();
        if (!line.entries.empty())
            write_entries(lines_out, line.mailbox.name, line.entries);
        else if (line.status != status_items())
            write_status_line(lines_out, info_of(line.mailbox), line.status, values);
        else {
            if (!parents) parents = parents_in(shown->mailboxes);
            write_list(lines_out, line, parents->contains(line.mailbox.name));
        }
    }
}

}  // namespace hauspost::imap
