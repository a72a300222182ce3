#include "base/ascii.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

std::optional<std::uint32_t> system_flag(std::string_view name) {
    struct entry {
        std::string_view name;
        std::uint32_t bit;
    };
    static constexpr entry table[] = {{"SEEN", mail::flags::seen},
                                      {"ANSWERED", mail::flags::answered},
                                      {"FLAGGED", mail::flags::flagged},
                                      {"DELETED", mail::flags::deleted},
                                      {"DRAFT", mail::flags::draft}};
    for (const auto& one : table)
        if (ascii::equal_nocase(one.name, name)) return one.bit;
    return std::nullopt;
}

bool add_flag(lexer& text, mail::flag_names& flags) {
    if (text.accept('\\')) {
        const auto bit = system_flag(text.atom());
        if (bit) flags.system |= *bit;
        // RFC 3501 2.3.2: \Recent is not the client's to change; other names are reserved.
        else
            text.fail("no client may set this system flag");
        return bit.has_value();
    }
    const auto word = text.atom();
    if (word.empty()) {
        text.fail("a flag is missing");
        return false;
    }
    if (word.size() > max_keyword_octets) {
        text.fail(status::no, "LIMIT", "a keyword is longer than 128 octets");
        return false;
    }
    const auto is_same = [word](const auto& known) { return ascii::equal_nocase(known, word); };
    auto& known = flags.keywords;
    if (std::any_of(known.begin(), known.end(), is_same)) return true;
    if (known.size() == max_flags) {
        text.fail(status::no, "LIMIT", "too many keywords in one command");
        return false;
    }
    known.emplace_back(word);
    return true;
}

/// store-modifiers: "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")", RFC 7162 7.
bool parse_modifiers(lexer& text, cmd::store& store) {
    if (!text.accept_word("UNCHANGEDSINCE ")) {
        text.fail("UNCHANGEDSINCE is the only STORE modifier");
        return false;
    }
    store.unchanged_since = text.modseq();
    if (!store.unchanged_since || !text.accept(')')) {
        text.fail("the mod-sequence is missing or not valid");
        return false;
    }
    return true;
}

}  // namespace

std::optional<mail::flag_names> parse_flags(lexer& text, bool bare) {
    mail::flag_names flags;
    const bool has_parenthesis = text.accept('(');
    if (!has_parenthesis && !bare) return text.fail("a list of flags is expected here");
    if (has_parenthesis && text.accept(')')) return flags;
    do {
        if (!add_flag(text, flags)) return std::nullopt;
    } while (text.accept(' '));
    if (has_parenthesis && !text.accept(')')) return text.fail("the list of flags does not end");
    return flags;
}

parsed parse_store(lexer& text, bool by_uid) {
    cmd::store store;
    store.by_uid = by_uid;
    if (!text.space()) return std::nullopt;
    auto messages = parse_set(text);
    if (!messages || !text.space()) return std::nullopt;
    store.messages = std::move(*messages);
    if (text.accept('(') && (!parse_modifiers(text, store) || !text.space())) return std::nullopt;
    if (text.accept('+'))
        store.what = mail::change::add;
    else if (text.accept('-'))
        store.what = mail::change::remove;
    const auto item = text.word();
    store.silent = item == "FLAGS.SILENT";
    if (!store.silent && item != "FLAGS") return text.fail("STORE changes FLAGS and nothing else");
    if (!text.space()) return std::nullopt;
    auto flags = parse_flags(text, true);
    if (!flags) return std::nullopt;
    store.flags = std::move(*flags);
    // imapflow writes them behind the flags, where RFC 4466 2.5 does not have them.
    if (!store.unchanged_since && text.rest().starts_with(" (")) {
        text.accept(' ');
        text.accept('(');
        if (!parse_modifiers(text, store)) return std::nullopt;
    }
    return store;
}

}  // namespace hauspost::imap
