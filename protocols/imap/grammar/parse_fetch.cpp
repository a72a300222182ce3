#include "base/ascii.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/parse.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

/// Field names go back to the client in the label, so only RFC 5322 2.2 ftext may stand in them.
bool is_field_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(),
                                        [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

void append_field(std::string& label, std::string_view name) {
    constexpr std::string_view specials = "(){%*\"\\";
    if (name.find_first_of(specials) == std::string_view::npos) {
        label += name;
        return;
    }
    label += '"';
    for (const char c : name) {
        if (c == '"' || c == '\\') label += '\\';
        label += c;
    }
    label += '"';
}

/// header-list, RFC 9051 9.
bool parse_fields(lexer& text, body_item& item) {
    if (!text.accept(' ') || !text.accept('(')) {
        text.fail("HEADER.FIELDS needs a list of field names");
        return false;
    }
    item.label += " (";
    auto& fields = item.section.fields;
    do {
        auto name = text.astring();
        if (!name || !is_field_name(*name)) {
            text.fail("a header field name is missing or not valid");
            return false;
        }
        if (fields.size() == max_header_fields) {
            text.fail(status::no, "LIMIT", "too many header fields");
            return false;
        }
        if (!fields.empty()) item.label += ' ';
        append_field(item.label, *name);
        fields.push_back(std::move(*name));
    } while (text.accept(' '));
    item.label += ')';
    if (text.accept(')')) return true;
    text.fail("the list of header fields does not end");
    return false;
}

/// section-part and the "." after it.
bool parse_part(lexer& text, body_item& item) {
    auto& part = item.section.part;
    while (ascii::is_digit(text.peek())) {
        const auto number = text.peek() == '0' ? std::nullopt : text.number();
        if (!number) {
            text.fail("a part number is not valid");
            return false;
        }
        if (part.size() == max_part_depth) {
            text.fail(status::no, "LIMIT", "the part is nested too deeply");
            return false;
        }
        part.push_back(*number);
        item.label += std::to_string(*number);
        if (text.peek() == ']') return true;
        if (!text.accept('.')) {
            text.fail("a part number is not valid");
            return false;
        }
        item.label += '.';
    }
    return true;
}

/// section-msgtext / "MIME", RFC 9051 9.
bool parse_section_text(lexer& text, body_item& item) {
    struct entry {
        std::string_view word;
        section::kind what;
    };
    // Longer words before those that they begin with.
    static constexpr entry table[] = {
        {"HEADER.FIELDS.NOT", section::kind::header_fields_not},
        {"HEADER.FIELDS", section::kind::header_fields},
        {"HEADER", section::kind::header},
        {"TEXT", section::kind::text},
        {"MIME", section::kind::mime},
    };
    for (const auto& one : table) {
        if (!text.accept_word(one.word)) continue;
        if (one.what == section::kind::mime && item.section.part.empty()) break;
        item.section.what = one.what;
        item.label += one.word;
        return !item.section.needs_filter() || parse_fields(text, item);
    }
    text.fail("this body section is not known");
    return false;
}

/// "<" number64 "." nz-number64 ">", RFC 9051 9.
bool parse_partial(lexer& text, body_item& item) {
    if (!text.accept('<')) return true;
    const auto offset = text.number64();
    const bool has_dot = offset && text.accept('.');
    const auto count = has_dot ? text.number64() : std::nullopt;
    if (!count || *count == 0 || !text.accept('>')) {
        text.fail("a partial is written <offset.count> with a count of at least 1");
        return false;
    }
    // No message is as long as 4 GiB: what lies beyond is beyond its end.
    const auto cut = [](std::uint64_t n) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(n, UINT32_MAX));
    };
    item.partial = partial{cut(*offset), cut(*count)};
    item.label += '<' + std::to_string(*offset) + '>';
    return true;
}

bool add_section(lexer& text, fetch_items& items, body_item item) {
    auto& known = items.sections;
    const auto same = std::find_if(known.begin(), known.end(), [&item](const body_item& one) {
        return one.label == item.label && one.partial == item.partial;
    });
    if (same != known.end()) {
        same->peek = same->peek && item.peek;
        return true;
    }
    if (known.size() == max_fetch_sections) {
        text.fail(status::no, "LIMIT", "too many body sections in one FETCH");
        return false;
    }
    known.push_back(std::move(item));
    return true;
}

/// section-spec
bool parse_section_spec(lexer& text, body_item& item) {
    if (!parse_part(text, item)) return false;
    const bool wants_word = text.peek() != ']' || (!item.label.empty() && item.label.back() == '.');
    return !wants_word || parse_section_text(text, item);
}

/// section-binary = "[" [section-part] "]", RFC 3516 6; after the "[".
bool parse_binary(lexer& text, fetch_items& items, body_item::form what, bool peek) {
    body_item item;
    item.what = what;
    item.peek = peek;
    item.label = what == body_item::form::decoded ? "BINARY[" : "BINARY.SIZE[";
    if (!parse_part(text, item)) return false;
    if (item.label.back() == '.' || !text.accept(']')) {
        text.fail("BINARY takes part numbers only");
        return false;
    }
    item.label += ']';
    const bool has_partial = what == body_item::form::decoded;
    if (has_partial && !parse_partial(text, item)) return false;
    return add_section(text, items, std::move(item));
}

/// After "BODY[" or "BODY.PEEK[".
bool parse_body(lexer& text, fetch_items& items, bool peek) {
    body_item item;
    item.peek = peek;
    item.label = "BODY[";
    if (!parse_section_spec(text, item)) return false;
    if (!text.accept(']')) {
        text.fail("a body section does not end");
        return false;
    }
    item.label += ']';
    return parse_partial(text, item) && add_section(text, items, std::move(item));
}

body_item rfc822(std::string_view label, section::kind what, bool peek) {
    body_item item;
    item.section.what = what;
    item.peek = peek;
    item.label = std::string(label);
    return item;
}

bool parse_rfc822(lexer& text, fetch_items& items) {
    if (text.accept_word(".SIZE")) {
        items.size = true;
        return true;
    }
    // RFC 3501 6.4.5: RFC822.HEADER is as BODY.PEEK[HEADER], the other two set \Seen.
    if (text.accept_word(".HEADER"))
        return add_section(text, items, rfc822("RFC822.HEADER", section::kind::header, true));
    if (text.accept_word(".TEXT"))
        return add_section(text, items, rfc822("RFC822.TEXT", section::kind::text, false));
    return add_section(text, items, rfc822("RFC822", section::kind::all, false));
}

/// "PREVIEW" [SP "(" preview-mod *(SP preview-mod) ")"], RFC 8970 6.
bool parse_preview(lexer& text, fetch_items& items) {
    items.preview = true;
    if (!text.rest().starts_with(" (")) return true;
    text.accept(' ');
    text.accept('(');
    do {
        if (text.word() != "LAZY") {
            text.fail("LAZY is the only PREVIEW modifier");
            return false;
        }
    } while (text.accept(' '));
    if (text.accept(')')) return true;
    text.fail("the list of PREVIEW modifiers does not end");
    return false;
}

bool parse_item(lexer& text, fetch_items& items) {
    // Longer words before those that they begin with.
    if (text.accept_word("BODY.PEEK[")) return parse_body(text, items, true);
    if (text.accept_word("BODY[")) return parse_body(text, items, false);
    using form = body_item::form;
    if (text.accept_word("BINARY.PEEK[")) return parse_binary(text, items, form::decoded, true);
    if (text.accept_word("BINARY.SIZE["))
        return parse_binary(text, items, form::decoded_size, true);
    if (text.accept_word("BINARY[")) return parse_binary(text, items, form::decoded, false);
    if (text.accept_word("RFC822")) return parse_rfc822(text, items);
    const auto word = text.word();
    if (word == "BODYSTRUCTURE") {
        items.body_structure = true;
    } else if (word == "BODY") {
        items.body = true;
    } else if (word == "ENVELOPE") {
        items.envelope = true;
    } else if (word == "FLAGS") {
        items.flags = true;
    } else if (word == "INTERNALDATE") {
        items.internal_date = true;
    } else if (word == "UID") {
        items.uid = true;
    } else if (word == "PREVIEW") {
        return parse_preview(text, items);
    } else if (word == "SAVEDATE") {
        items.save_date = true;
    } else if (word == "EMAILID") {
        items.email_id = true;
    } else if (word == "THREADID") {
        items.thread_id = true;
    } else if (word == "MODSEQ") {
        items.modseq = true;
    } else {
        text.fail("this FETCH item is not known");
        return false;
    }
    return true;
}

/// RFC 9051 6.4.5: a macro stands alone.
bool parse_macro(lexer& text, fetch_items& items) {
    const auto word = ascii::uppered(text.rest().substr(0, text.rest().find(' ')));
    if (word != "ALL" && word != "FAST" && word != "FULL") return false;
    text.atom();
    items.flags = items.internal_date = items.size = true;
    items.envelope = word != "FAST";
    items.body = word == "FULL";
    return true;
}

bool parse_modifier(lexer& text, cmd::fetch& fetch) {
    const auto word = text.word();
    if (word == "PARTIAL" && fetch.by_uid && !fetch.page) {
        if (text.space()) fetch.page = parse_page_range(text);
        return fetch.page.has_value();
    }
    if (word == "CHANGEDSINCE" && !fetch.changed_since) {
        if (!text.space()) return false;
        fetch.changed_since = text.modseq();
        if (!fetch.changed_since) text.fail("the mod-sequence is missing or not valid");
        fetch.items.modseq = true;
        return fetch.changed_since.has_value();
    }
    if (word == "VANISHED" && fetch.by_uid) {
        fetch.vanished = true;
        return true;
    }
    text.fail("this FETCH modifier is not known here");
    return false;
}

/// fetch-modifiers, RFC 4466 2.4; CHANGEDSINCE and VANISHED, RFC 7162 7; PARTIAL, RFC 9394 3.3.
bool parse_modifiers(lexer& text, cmd::fetch& fetch) {
    if (!text.accept(' ')) return true;
    if (!text.accept('(')) {
        text.fail("FETCH modifiers stand in parentheses");
        return false;
    }
    do {
        if (!parse_modifier(text, fetch)) return false;
    } while (text.accept(' '));
    if (!text.accept(')')) {
        text.fail("the FETCH modifiers do not end");
        return false;
    }
    if (!fetch.vanished || fetch.changed_since) return true;
    text.fail("VANISHED needs CHANGEDSINCE");
    return false;
}

}  // namespace

std::optional<section> parse_section(lexer& text) {
    body_item item;
    if (!parse_section_spec(text, item)) return std::nullopt;
    return std::move(item.section);
}

bool parse_fetch_items(lexer& text, fetch_items& items) {
    if (parse_macro(text, items)) return true;
    if (!text.accept('(')) return parse_item(text, items);
    do {
        if (!parse_item(text, items)) return false;
    } while (text.accept(' '));
    if (text.accept(')')) return true;
    text.fail("the list of FETCH items does not end");
    return false;
}

parsed parse_fetch(lexer& text, bool by_uid) {
    cmd::fetch fetch;
    fetch.by_uid = by_uid;
    if (!text.space()) return std::nullopt;
    auto messages = parse_set(text);
    if (!messages || !text.space() || !parse_fetch_items(text, fetch.items)) return std::nullopt;
    fetch.messages = std::move(*messages);
    if (!parse_modifiers(text, fetch)) return std::nullopt;
    return fetch;
}

}  // namespace hauspost::imap
