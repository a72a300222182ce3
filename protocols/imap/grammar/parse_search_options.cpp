#include "protocols/imap/grammar/parse.hpp"

#include <array>

namespace hauspost::imap {
namespace {

/// One word of the list is read; sets what it asks for.
bool parse_option(lexer& text, search_options& options) {
    const auto word = text.word();
    if (word == "PARTIAL") {
        if (options.partial) {
            text.fail("PARTIAL stands there twice");
            return false;
        }
        if (text.space()) options.partial = parse_page_range(text);
        return options.partial.has_value();
    }
    struct entry {
        std::string_view name;
        bool search_options::*option;
    };
    static constexpr std::array<entry, 8> table{{{"ALL", &search_options::all},
                                                 {"CONTEXT", &search_options::context},
                                                 {"COUNT", &search_options::count},
                                                 {"MAX", &search_options::max},
                                                 {"MIN", &search_options::min},
                                                 {"RELEVANCY", &search_options::relevancy},
                                                 {"SAVE", &search_options::save},
                                                 {"UPDATE", &search_options::update}}};
    for (const auto& one : table) {
        if (one.name != word) continue;
        options.*one.option = true;
        return true;
    }
    text.fail("this RETURN option is not known");
    return false;
}

}  // namespace

std::optional<page_range> parse_page_range(lexer& text) {
    page_range page;
    page.from_end = text.accept('-');
    const auto first = text.number();
    const bool goes_on = first && text.accept(':') && page.from_end == text.accept('-');
    const auto last = goes_on ? text.number() : std::nullopt;
    if (!last || *first == 0 || *last == 0) return text.fail("a page is written 1:100 or -1:-100");
    page.first = *first;
    page.last = *last;
    return page;
}

bool parse_search_options(lexer& text, search_options& options) {
    if (!text.accept_word("RETURN (")) return true;
    options.is_extended = true;
    if (!text.accept(')')) {
        do {
            if (!parse_option(text, options)) return false;
        } while (text.accept(' '));
        if (!text.accept(')')) {
            text.fail("the RETURN options do not end");
            return false;
        }
    }
    if (options.all && options.partial) {
        text.fail("ALL and PARTIAL exclude each other");  // RFC 9394 3.1
        return false;
    }
    // RFC 4731 3.1: an empty list asks for all. The hints ask for no answer of their own.
    if (!options.tells() && !options.save && !options.update) options.all = true;
    return text.space();
}

}  // namespace hauspost::imap
