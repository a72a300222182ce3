#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"

#include "mail/object_id.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace hauspost::imap {
namespace {

/// Gmail's word where it is not RFC 6154's.
std::string_view gmail_word(mail::special_use use) {
    switch (use) {
    case mail::special_use::junk: return "\\Spam";
    case mail::special_use::all: return "\\AllMail";
    case mail::special_use::flagged: return "\\Starred";
    case mail::special_use::none:
    case mail::special_use::drafts:
    case mail::special_use::sent:
    case mail::special_use::trash:
    case mail::special_use::archive: break;
    }
    return "";
}

/// Calls for each name above: "a/b/c" gives "a/b" and "a".
template <class Use>
void for_parents(std::string_view name, Use use) {
    for (auto slash = name.rfind('/'); slash != std::string_view::npos;
         slash = name.substr(0, slash).rfind('/'))
        use(name.substr(0, slash));
}

class word_list {
public:
    explicit word_list(response_writer& writer) : writer_(writer) {}
    void add(std::string_view word) {
        if (word.empty()) return;
        if (!is_first_) writer_.raw(' ');
        is_first_ = false;
        writer_.raw(word);
    }
    void add(std::string_view word, std::uint64_t value) {
        add(word);
        writer_.raw(' ').number(value);
    }

private:
    response_writer& writer_;
    bool is_first_ = true;
};

}  // namespace

std::string_view use_word(mail::special_use use) {
    switch (use) {
    case mail::special_use::none: return "";
    case mail::special_use::drafts: return "\\Drafts";
    case mail::special_use::sent: return "\\Sent";
    case mail::special_use::junk: return "\\Junk";
    case mail::special_use::trash: return "\\Trash";
    case mail::special_use::archive: return "\\Archive";
    case mail::special_use::all: return "\\All";
    case mail::special_use::flagged: return "\\Flagged";
    }
    return "";
}

std::vector<list_entry> list_entries(const std::vector<visible_mailbox>& mailboxes,
                                     const std::vector<std::string>& subscriptions) {
    std::vector<list_entry> entries;
    std::unordered_map<std::string_view, std::size_t> places;
    std::unordered_set<std::string_view> parents, subscribed_parents;
    entries.reserve(mailboxes.size());
    for (const auto& mailbox : mailboxes) {
        const auto& name = mailbox.info.name;
        places.emplace(name, entries.size());
        for_parents(name, [&](std::string_view parent) { parents.insert(parent); });
        entries.push_back({name, &mailbox, false, false});
    }
    for (const auto& name : subscriptions) {
        for_parents(name, [&](std::string_view parent) { subscribed_parents.insert(parent); });
        const auto [place, is_new] = places.emplace(name, entries.size());
        if (is_new) entries.push_back({name, nullptr, false, false});
        entries[place->second].is_subscribed = true;
    }
    // RFC 5258 3.5: a parent may be told for the sake of what is below it, though it is nothing.
    for (const auto parent : subscribed_parents)
        if (!places.contains(parent))
            entries.push_back({std::string(parent), nullptr, false, false});
    for (auto& entry : entries)
        entry.has_children = parents.contains(entry.name) ||
                             (!entry.mailbox && subscribed_parents.contains(entry.name));
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
        if ((a.name == "INBOX") != (b.name == "INBOX")) return a.name == "INBOX";
        return a.name < b.name;
    });
    return entries;
}

void write_list_line(response_writer& writer,
                     const list_entry& entry,
                     bool tell_subscribed,
                     bool tell_child_info) {
    writer.raw("* LIST (");
    word_list words(writer);
    // RFC 5258 3.4: \NonExistent says \Noselect too, but clients of RFC 3501 know only the latter.
    if (!entry.mailbox) words.add("\\NonExistent");
    if (!entry.mailbox || !entry.mailbox->info.selectable) words.add("\\Noselect");
    words.add(entry.has_children ? "\\HasChildren" : "\\HasNoChildren");
    if (tell_subscribed && entry.is_subscribed) words.add("\\Subscribed");
    if (entry.mailbox) words.add(use_word(entry.mailbox->info.use));
    writer.raw(") \"/\" ").mailbox(entry.name);
    if (tell_child_info) writer.raw(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
    writer.crlf();
}

void write_lsub_line(response_writer& writer, const list_entry& entry) {
    writer.raw("* LSUB (");
    word_list words(writer);
    if (entry.mailbox && !entry.mailbox->info.selectable) words.add("\\Noselect");
    if (entry.mailbox) words.add(use_word(entry.mailbox->info.use));
    writer.raw(") \"/\" ").mailbox(entry.name).crlf();
}

void write_xlist_line(response_writer& writer, const list_entry& entry) {
    writer.raw("* XLIST (");
    word_list words(writer);
    if (!entry.mailbox || !entry.mailbox->info.selectable) words.add("\\Noselect");
    words.add(entry.has_children ? "\\HasChildren" : "\\HasNoChildren");
    if (entry.name == "INBOX") words.add("\\Inbox");
    if (entry.mailbox) {
        words.add(use_word(entry.mailbox->info.use));
        words.add(gmail_word(entry.mailbox->info.use));
    }
    writer.raw(") \"/\" ").mailbox(entry.name).crlf();
}

void write_status_line(response_writer& writer,
                       const storage::mailbox_info& mailbox,
                       const status_items& items,
                       const status_values& values) {
    const auto& now = mailbox.counters;
    writer.raw("* STATUS ").mailbox(mailbox.name).raw(" (");
    word_list words(writer);
    if (items.messages) words.add("MESSAGES", now.messages);
    if (items.recent) words.add("RECENT", values.recent);
    if (items.uid_next) words.add("UIDNEXT", now.uid_next.value());
    if (items.uid_validity) words.add("UIDVALIDITY", now.uid_validity.value());
    if (items.unseen) words.add("UNSEEN", now.unseen);
    if (items.deleted) words.add("DELETED", now.deleted);
    if (items.size) words.add("SIZE", now.octets);
    if (items.deleted_storage) words.add("DELETED-STORAGE", values.deleted_octets);
    if (items.mailbox_id) words.add(mailbox_id_words(values.account, mailbox.id));
    if (items.append_limit) words.add("APPENDLIMIT", values.append_limit);
    if (items.highest_modseq) words.add("HIGHESTMODSEQ", now.highest_modseq.value());
    writer.raw(")\r\n");
}

std::string mailbox_id_words(account_id account, mailbox_id mailbox) {
    std::string words = "MAILBOXID (";
    mail::append_mailbox_object_id(words, account, mailbox);
    words += ')';
    return words;
}

}  // namespace hauspost::imap
