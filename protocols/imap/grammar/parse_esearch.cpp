#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"

namespace hauspost::imap {
namespace {

using source = search_source;

bool add_mailbox(lexer& text, source::kind what, std::vector<source>& sources) {
    if (sources.size() == max_search_sources) {
        text.fail(status::no, "LIMIT", "too many mailboxes in one ESEARCH");
        return false;
    }
    auto name = parse_mailbox(text);
    if (name) sources.push_back({what, std::move(*name)});
    return name.has_value();
}

/// one-or-more-mailbox, RFC 5465 8.
bool add_mailboxes(lexer& text, source::kind what, std::vector<source>& sources) {
    if (!text.space()) return false;
    if (!text.accept('(')) return add_mailbox(text, what, sources);
    do {
        if (!add_mailbox(text, what, sources)) return false;
    } while (text.accept(' '));
    if (text.accept(')')) return true;
    text.fail("the list of mailboxes does not end");
    return false;
}

bool parse_source(lexer& text, std::vector<source>& sources) {
    const auto word = text.word();
    if (word == "MAILBOXES") return add_mailboxes(text, source::kind::mailbox, sources);
    if (word == "SUBTREE") return add_mailboxes(text, source::kind::subtree, sources);
    if (word == "SUBTREE-ONE") return add_mailboxes(text, source::kind::subtree_one, sources);
    source one;
    if (word == "SELECTED")
        one.what = source::kind::selected;
    else if (word == "INBOXES")
        one.what = source::kind::inboxes;
    else if (word == "PERSONAL")
        one.what = source::kind::personal;
    else if (word == "SUBSCRIBED")
        one.what = source::kind::subscribed;
    else {
        text.fail("this source of a search is not known");
        return false;
    }
    if (sources.size() == max_search_sources) {
        text.fail(status::no, "LIMIT", "too many mailboxes in one ESEARCH");
        return false;
    }
    sources.push_back(std::move(one));
    return true;
}

/// ["IN (" sources ")" SP]. No scope options are defined (RFC 7377 2.2).
bool parse_sources(lexer& text, std::vector<source>& sources) {
    if (!text.accept_word("IN (")) {
        sources.emplace_back();
        return true;
    }
    do {
        if (!parse_source(text, sources)) return false;
    } while (text.accept(' '));
    if (text.accept(')')) return text.space();
    text.fail("the sources of the search do not end");
    return false;
}

}  // namespace

parsed parse_esearch(lexer& text) {
    if (!text.space()) return std::nullopt;
    cmd::esearch search;
    if (!parse_sources(text, search.sources)) return std::nullopt;
    if (!parse_search_options(text, search.options)) return std::nullopt;
    if (!search.options.is_extended) search.options.is_extended = search.options.all = true;
    if (!parse_search_program(text, search.program)) return std::nullopt;
    if (!may_ask_relevancy(text, search.options.relevancy, search.program)) return std::nullopt;
    const bool is_elsewhere = !search.is_selected_alone();
    if (is_elsewhere && search.program.depends_on_numbers())
        return text.fail("message numbers and $ belong to the selected mailbox alone");
    if (is_elsewhere && search.options.save)
        return text.fail("only a result of the selected mailbox can be saved");
    return search;
}

parsed parse_cancel_update(lexer& text) {
    cmd::cancel_update cancel;
    do {
        if (!text.space()) return std::nullopt;
        auto tag = text.string();
        if (!tag || tag->size() > max_tag_octets)
            return text.fail("a tag in quotes is expected here");
        if (cancel.tags.size() == max_cancelled_tags)
            return text.fail(status::no, "LIMIT", "too many tags in one CANCELUPDATE");
        cancel.tags.push_back(std::move(*tag));
    } while (!text.at_end());
    return cancel;
}

}  // namespace hauspost::imap
