#include "base/ascii.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

/// RFC 5464 3.2. is_whole: it names one entry; else it may be the beginning of many ("/private").
bool is_entry(std::string_view name, bool is_whole) {
    const auto is_wrong = [](char c) { return c < ' ' || c >= '\x7f' || c == '*' || c == '%'; };
    if (name.ends_with('/') || name.find("//") != std::string_view::npos ||
        std::any_of(name.begin(), name.end(), is_wrong))
        return false;
    for (const std::string_view scope : {"/private", "/shared"}) {
        if (ascii::equal_nocase(name, scope)) return !is_whole;
        if (name.size() > scope.size() && name[scope.size()] == '/' &&
            ascii::equal_nocase(name.substr(0, scope.size()), scope))
            return true;
    }
    return false;
}

std::optional<std::string> parse_entry(lexer& text, bool is_whole) {
    auto name = text.astring();
    if (!name || !is_entry(*name, is_whole))
        return text.fail("a metadata entry is missing or not valid");
    if (name->size() > max_metadata_entry_octets)
        return text.fail(status::no, "LIMIT", "the name of a metadata entry is too long");
    return name;
}

bool add_entry(lexer& text, std::vector<std::string>& entries) {
    auto name = parse_entry(text, false);
    if (!name) return false;
    if (entries.size() == max_metadata_entries) {
        text.fail(status::no, "LIMIT", "too many metadata entries in one command");
        return false;
    }
    entries.push_back(std::move(*name));
    return true;
}

/// "MAXSIZE" SP number, "DEPTH" SP ("0" / "1" / "infinity").
bool parse_option(lexer& text, cmd::get_metadata& wanted) {
    const auto name = text.word();
    if (name == "MAXSIZE" && text.accept(' ')) {
        wanted.max_size = text.number();
        if (wanted.max_size) return true;
    } else if (name == "DEPTH" && text.accept(' ')) {
        const auto depth = text.word();
        wanted.depth = depth == "0"   ? mail::metadata_depth::zero
                       : depth == "1" ? mail::metadata_depth::one
                                      : mail::metadata_depth::infinity;
        if (depth == "0" || depth == "1" || depth == "INFINITY") return true;
    }
    text.fail("MAXSIZE and DEPTH are the options of GETMETADATA");
    return false;
}

/// "(" option *(SP option) ")" SP
bool parse_options(lexer& text, cmd::get_metadata& wanted) {
    if (!text.accept('(')) return false;
    do {
        if (!parse_option(text, wanted)) return false;
    } while (text.accept(' '));
    if (text.accept(')')) return text.space();
    text.fail("the list of options does not end");
    return false;
}

}  // namespace

std::optional<std::vector<std::string>> parse_metadata_entries(lexer& text) {
    std::vector<std::string> entries;
    const bool is_list = text.accept('(');
    do {
        if (!add_entry(text, entries)) return std::nullopt;
    } while (is_list && text.accept(' '));
    if (is_list && !text.accept(')')) return text.fail("the list of entries does not end");
    return entries;
}

/// RFC 5464 5. The options stand before the mailbox there and behind it in the examples of
/// RFC 5464 4.2; clients do both.
parsed parse_get_metadata(lexer& text) {
    if (!text.space()) return std::nullopt;
    cmd::get_metadata wanted;
    if (text.peek() == '(' && !parse_options(text, wanted)) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox || !text.space()) return std::nullopt;
    wanted.mailbox = std::move(*mailbox);
    const auto rest = text.rest();
    const bool has_options =
        rest.size() > 1 && rest[0] == '(' && rest[1] != '/' && rest[1] != '"' && rest[1] != '{';
    if (has_options && !parse_options(text, wanted)) return std::nullopt;
    auto entries = parse_metadata_entries(text);
    if (!entries) return std::nullopt;
    wanted.entries = std::move(*entries);
    return wanted;
}

/// RFC 5464 5: entry-values = "(" entry-value *(SP entry-value) ")", value = nstring / literal8.
parsed parse_set_metadata(lexer& text) {
    if (!text.space()) return std::nullopt;
    auto mailbox = parse_mailbox(text);
    if (!mailbox || !text.space()) return std::nullopt;
    cmd::set_metadata wanted;
    wanted.mailbox = std::move(*mailbox);
    if (!text.accept('(')) return text.fail("a list of entries and values is expected here");
    do {
        auto name = parse_entry(text, true);
        if (!name || !text.space()) return std::nullopt;
        if (wanted.values.size() == max_metadata_entries)
            return text.fail(status::no, "LIMIT", "too many metadata entries in one command");
        std::optional<std::optional<std::string>> value = text.literal8();
        if (!*value) value = text.nstring();
        if (!value) return text.fail("a value or NIL is expected here");
        wanted.values.emplace_back(std::move(*name), std::move(*value));
    } while (text.accept(' '));
    if (!text.accept(')')) return text.fail("the list of values does not end");
    return wanted;
}

}  // namespace hauspost::imap
