#include "protocols/imap/grammar/canonical_owner.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/mailbox_name.hpp"
#include "protocols/imap/grammar/parse.hpp"

namespace hauspost::imap {
namespace {

/// list-select-opts, RFC 5258 6.
bool parse_selection(lexer& text, cmd::list& list) {
    if (!text.accept('(')) return true;
    list.is_extended = true;
    while (!text.accept(')')) {
        const auto option = text.word();
        if (option == "SUBSCRIBED") {
            list.select_subscribed = true;
        } else if (option == "REMOTE") {
            list.select_remote = true;
        } else if (option == "RECURSIVEMATCH") {
            list.select_recursive_match = true;
        } else if (option == "SPECIAL-USE") {
            list.select_special_use = true;
        } else {
            text.fail("this LIST selection option is not known");
            return false;
        }
        if (text.peek() != ')' && !text.space()) return false;
    }
    // RFC 5258 3.1: it says how another option is to be matched.
    if (list.select_recursive_match && !list.select_subscribed && !list.select_special_use) {
        text.fail("RECURSIVEMATCH needs another selection option");
        return false;
    }
    return text.space();
}

bool add_pattern(lexer& text, std::vector<std::string>& patterns) {
    const auto wire = text.list_mailbox();
    if (!wire) {
        text.fail("a LIST pattern is missing");
        return false;
    }
    auto pattern = decode_mailbox(*wire, text.is_utf8());
    if (pattern) patterns.push_back(canonical_owner(composed(std::move(*pattern))));
    return true;
}

bool parse_patterns(lexer& text, cmd::list& list) {
    if (!text.accept('(')) return add_pattern(text, list.patterns);
    list.is_extended = true;
    std::size_t count = 0;
    do {
        if (++count > max_list_patterns) {
            text.fail(status::no, "LIMIT", "too many LIST patterns");
            return false;
        }
        if (!add_pattern(text, list.patterns)) return false;
    } while (text.accept(' '));
    if (text.accept(')')) return true;
    text.fail("the list of patterns does not end");
    return false;
}

/// list-return-opts, RFC 5258 6, RFC 5819 4, RFC 6154 6, RFC 8440 5, RFC 9590 5.
bool parse_return(lexer& text, cmd::list& list) {
    if (text.at_end()) return true;
    list.is_extended = true;
    if (!text.space()) return false;
    if (text.word() != "RETURN" || !text.accept(' ') || !text.accept('(')) {
        text.fail("RETURN and a list of options are expected here");
        return false;
    }
    while (!text.accept(')')) {
        const auto option = text.word();
        if (option == "SUBSCRIBED") {
            list.return_subscribed = true;
        } else if (option == "CHILDREN") {
            list.return_children = true;
        } else if (option == "SPECIAL-USE") {
            list.return_special_use = true;
        } else if (option == "STATUS") {
            if (!text.space()) return false;
            list.return_status = parse_status_items(text);
            if (!list.return_status) return false;
        } else if (option == "MYRIGHTS") {
            list.return_my_rights = true;
        } else if (option == "METADATA") {
            if (!text.space()) return false;
            auto entries = parse_metadata_entries(text);
            if (!entries) return false;
            list.return_metadata = std::move(*entries);
        } else {
            text.fail("this LIST return option is not known");
            return false;
        }
        if (text.peek() != ')' && !text.space()) return false;
    }
    return true;
}

std::optional<std::string> parse_reference(lexer& text) {
    const auto wire = text.astring();
    if (!wire) return text.fail("the reference name is missing");
    auto name = decode_mailbox(*wire, text.is_utf8());
    if (!name) return text.fail(status::no, "CANNOT", "the reference is not modified UTF-7");
    return canonical_owner(composed(std::move(*name)));
}

template <class Command>
parsed parse_reference_and_pattern(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto reference = parse_reference(text);
    if (!reference || !text.space()) return std::nullopt;
    std::vector<std::string> patterns;
    if (!add_pattern(text, patterns)) return std::nullopt;
    if (patterns.empty())
        return text.fail(status::no, "CANNOT", "the pattern is not modified UTF-7");
    return Command{std::move(*reference), std::move(patterns.front())};
}

}  // namespace

parsed parse_list(lexer& text) {
    cmd::list list;
    if (!text.space() || !parse_selection(text, list)) return std::nullopt;
    auto reference = parse_reference(text);
    if (!reference || !text.space() || !parse_patterns(text, list) || !parse_return(text, list))
        return std::nullopt;
    list.reference = std::move(*reference);
    return list;
}

parsed parse_lsub(lexer& text) {
    return parse_reference_and_pattern<cmd::lsub>(text);
}

parsed parse_xlist(lexer& text) {
    return parse_reference_and_pattern<cmd::xlist>(text);
}

std::optional<status_items> parse_status_items(lexer& text) {
    if (!text.accept('(')) return text.fail("a list of STATUS items is expected here");
    status_items items;
    do {
        const auto item = text.word();
        if (item == "MESSAGES") {
            items.messages = true;
        } else if (item == "RECENT") {
            items.recent = true;
        } else if (item == "UIDNEXT") {
            items.uid_next = true;
        } else if (item == "UIDVALIDITY") {
            items.uid_validity = true;
        } else if (item == "UNSEEN") {
            items.unseen = true;
        } else if (item == "DELETED") {
            items.deleted = true;
        } else if (item == "SIZE") {
            items.size = true;
        } else if (item == "DELETED-STORAGE") {
            items.deleted_storage = true;
        } else if (item == "MAILBOXID") {
            items.mailbox_id = true;
        } else if (item == "APPENDLIMIT") {
            items.append_limit = true;
        } else if (item == "HIGHESTMODSEQ") {
            items.highest_modseq = true;
        } else {
            return text.fail("this STATUS item is not known");
        }
    } while (text.accept(' '));
    if (!text.accept(')')) return text.fail("the list of STATUS items does not end");
    return items;
}

parsed parse_status(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox || !text.space()) return std::nullopt;
    const auto items = parse_status_items(text);
    if (!items) return std::nullopt;
    return cmd::status{std::move(*mailbox), *items};
}

}  // namespace hauspost::imap
