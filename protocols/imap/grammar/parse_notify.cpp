#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"

namespace hauspost::imap {
namespace {

using scope = notify_group::scope;

/// RFC 5465 8, <one-or-more-mailbox>.
bool parse_names(lexer& text, std::vector<std::string>& names, std::size_t& count) {
    const bool is_list = text.accept('(');
    do {
        if (++count > max_notify_mailboxes) {
            text.fail(status::no, "NOTIFICATIONOVERFLOW", "too many mailboxes in one NOTIFY");
            return false;
        }
        auto name = parse_mailbox(text);
        if (!name) return false;
        names.push_back(std::move(*name));
    } while (is_list && text.accept(' '));
    if (!is_list || text.accept(')')) return true;
    text.fail("the list of mailboxes does not end");
    return false;
}

bool parse_scope(lexer& text, notify_group& group, std::size_t& names) {
    const auto word = text.word();
    if (word == "SELECTED") {
        group.where = scope::selected;
    } else if (word == "SELECTED-DELAYED") {
        group.where = scope::selected_delayed;
    } else if (word == "INBOXES") {
        group.where = scope::inboxes;
    } else if (word == "PERSONAL") {
        group.where = scope::personal;
    } else if (word == "SUBSCRIBED") {
        group.where = scope::subscribed;
    } else if (word == "SUBTREE" || word == "MAILBOXES") {
        group.where = word == "SUBTREE" ? scope::subtree : scope::mailboxes;
        return text.space() && parse_names(text, group.mailboxes, names);
    } else {
        text.fail("this NOTIFY filter is not known");
        return false;
    }
    return true;
}

/// 0: an event that this server does not tell of.
std::uint8_t event_of(std::string_view word) {
    if (word == "MESSAGENEW") return notify_events::message_new;
    if (word == "MESSAGEEXPUNGE") return notify_events::message_expunge;
    if (word == "FLAGCHANGE") return notify_events::flag_change;
    if (word == "MAILBOXNAME") return notify_events::mailbox_name;
    if (word == "SUBSCRIPTIONCHANGE") return notify_events::subscription_change;
    if (word == "MAILBOXMETADATACHANGE") return notify_events::mailbox_metadata;
    if (word == "SERVERMETADATACHANGE") return notify_events::server_metadata;
    return 0;
}

bool is_about_selected(const notify_group& group) {
    return group.where == scope::selected || group.where == scope::selected_delayed;
}

bool parse_event(lexer& text, notify_group& group, bool& has_unknown) {
    const auto word = text.word();
    if (word.empty()) {
        text.fail("a NOTIFY event is missing");
        return false;
    }
    const auto event = event_of(word);
    if (event == 0) has_unknown = true;
    group.events |= event;
    if (event != notify_events::message_new || !text.rest().starts_with(" (")) return true;
    if (!is_about_selected(group)) {
        text.fail("FETCH items are for the selected mailbox only");
        return false;
    }
    text.accept(' ');
    group.new_items.emplace();
    if (!parse_fetch_items(text, *group.new_items)) return false;
    // RFC 5465 5.2: nobody has read a message because the server told of it.
    for (auto& item : group.new_items->sections)
        item.peek = true;
    return true;
}

/// RFC 5465 5: which events need others beside them.
bool check_events(lexer& text, const notify_group& group) {
    const auto both = notify_events::message_new | notify_events::message_expunge;
    const auto has = group.events & both;
    if (has != 0 && has != both) {
        text.fail("MessageNew and MessageExpunge come together");
        return false;
    }
    if ((group.events & notify_events::flag_change) != 0 && has == 0) {
        text.fail("FlagChange needs MessageNew and MessageExpunge");
        return false;
    }
    if (is_about_selected(group) && (group.events & ~notify_events::messages) != 0) {
        text.fail("only message events are for the selected mailbox");
        return false;
    }
    return true;
}

bool parse_events(lexer& text, notify_group& group, bool& has_unknown) {
    if (text.accept_word("NONE")) return true;
    if (!text.accept('(')) {
        text.fail("a list of events or NONE is expected here");
        return false;
    }
    do {
        if (!parse_event(text, group, has_unknown)) return false;
    } while (text.accept(' '));
    if (!text.accept(')')) {
        text.fail("the list of events does not end");
        return false;
    }
    return check_events(text, group);
}

bool parse_group(lexer& text, cmd::notify& notify, std::size_t& names) {
    if (!text.accept('(')) {
        text.fail("a group of events is expected here");
        return false;
    }
    if (notify.groups.size() == max_notify_groups) {
        text.fail(status::no, "NOTIFICATIONOVERFLOW", "too many groups in one NOTIFY");
        return false;
    }
    notify_group group;
    if (!parse_scope(text, group, names) || !text.space() ||
        !parse_events(text, group, notify.has_unknown_event))
        return false;
    if (!text.accept(')')) {
        text.fail("the group of events does not end");
        return false;
    }
    notify.groups.push_back(std::move(group));
    return true;
}

}  // namespace

parsed parse_notify(lexer& text) {
    if (!text.space()) return std::nullopt;
    cmd::notify notify;
    const auto word = text.word();
    if (word == "NONE") return notify;
    if (word != "SET") return text.fail("NOTIFY is followed by SET or NONE");
    if (!text.space()) return std::nullopt;
    if (text.accept_word("STATUS ")) notify.status = true;
    std::size_t names = 0;
    std::size_t about_selected = 0;
    do {
        if (!parse_group(text, notify, names)) return std::nullopt;
        about_selected += is_about_selected(notify.groups.back()) ? 1 : 0;
    } while (text.accept(' '));
    if (about_selected > 1) return text.fail("one group for the selected mailbox is enough");
    return notify;
}

}  // namespace hauspost::imap
