#include "protocols/message/preview.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/code_points.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/part_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace hauspost::message {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::size_t max_characters = 200;  // RFC 8970 3
// How much is looked at for them: first a little, which nearly always is enough, then more, because
// the markup before the text may be long.
constexpr std::array<std::size_t, 2> looks_octets = {1024, 32 * 1024};

struct entity {
    std::string_view name, text;
};
constexpr std::array<entity, 24> entities = {
    {{"amp", "&"},   {"lt", "<"},     {"gt", ">"},    {"quot", "\""}, {"apos", "'"},
     {"nbsp", " "},  {"auml", "ä"},   {"ouml", "ö"},  {"uuml", "ü"},  {"Auml", "Ä"},
     {"Ouml", "Ö"},  {"Uuml", "Ü"},   {"szlig", "ß"}, {"euro", "€"},  {"ndash", "–"},
     {"mdash", "—"}, {"hellip", "…"}, {"rsquo", "’"}, {"bdquo", "„"}, {"ldquo", "“"},
     {"rdquo", "”"}, {"shy", ""},     {"zwnj", ""},   {"copy", "©"}}};

/// Tags that stand between words.
constexpr std::array<std::string_view, 16> block_tags = {"br", "p",  "div",  "td",   "tr", "li",
                                                         "ul", "ol", "h1",   "h2",   "h3", "h4",
                                                         "hr", "th", "body", "table"};
/// Tags whose content is no text.
constexpr std::array<std::string_view, 4> silent_tags = {"style", "script", "title", "head"};

template <class List>
bool contains(const List& list, std::string_view name) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view entry) { return ascii::equal_nocase(entry, name); });
}

/// "#228" or "#xe4" without "&" and ";".
bool append_numeric(std::string& out, std::string_view digits) {
    digits.remove_prefix(1);
    const bool hex = digits.starts_with('x') || digits.starts_with('X');
    if (hex) digits.remove_prefix(1);
    std::uint32_t value = 0;
    if (digits.empty() || digits.size() > 7) return false;
    for (const char c : digits) {
        if (hex_value(c) < 0 || (!hex && !ascii::is_digit(c))) return false;
        value = value * (hex ? 16 : 10) + static_cast<std::uint32_t>(hex_value(c));
    }
    if (value == 0 || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return false;
    append_code_point(out, value);
    return true;
}

/// Decodes the entity at the start of html, which begins with "&"; returns its length, 1 when it
/// is none.
std::size_t take_entity(std::string_view html, std::string& out) {
    constexpr std::size_t max_entity_octets = 12;
    const auto end = html.substr(0, max_entity_octets).find(';');
    if (end != npos && end > 1) {
        const auto name = html.substr(1, end - 1);
        if (name.front() == '#' && append_numeric(out, name)) return end + 1;
        for (const auto& known : entities) {
            if (known.name != name) continue;
            out += known.text;
            return end + 1;
        }
    }
    out.push_back('&');
    return 1;
}

/// One past the end of what begins with "<": a tag, a comment, or an element without text.
std::size_t markup_length(std::string_view html, std::string& out) {
    const auto after = [&](std::size_t found, std::size_t length) {
        return found == npos ? html.size() : found + length;
    };
    if (html.starts_with("<!--")) return after(html.find("-->", 4), 3);
    const auto end = after(html.find('>'), 1);
    const bool closing = html.substr(1).starts_with('/');
    const auto name_begin = closing ? std::size_t{2} : std::size_t{1};
    constexpr std::size_t max_name_octets = 16;
    const auto name = html.substr(std::min(name_begin, html.size()), max_name_octets);
    const auto length = static_cast<std::size_t>(
        std::find_if_not(name.begin(), name.end(), ascii::is_alnum) - name.begin());
    if (contains(block_tags, name.substr(0, length))) out.push_back(' ');
    if (closing || !contains(silent_tags, name.substr(0, length))) return end;
    const auto close =
        ascii::find_nocase(html.substr(end), "</" + std::string(name.substr(0, length)));
    return close == npos ? html.size() : end + close;
}

struct condensed_text {
    std::string text;
    std::size_t characters = 0;
};

/// White space joined, controls gone, cut to max_characters.
condensed_text condensed(std::string_view text) {
    condensed_text result;
    auto& out = result.text;
    for (const char c : without_controls(text)) {
        if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
        if (!is_utf8_tail(c)) {
            if (result.characters == max_characters) break;
            ++result.characters;
        }
        out.push_back(c);
    }
    if (out.ends_with(' ')) out.pop_back();
    return result;
}

std::string beginning(std::string_view octets, const part& where, bool is_html) {
    condensed_text result;
    for (const auto look : looks_octets) {
        const auto text = decoded_text(octets, where, look);
        result = condensed(is_html ? text_of_html(text) : text);
        if (result.characters == max_characters || text.size() < look) break;
    }
    return std::move(result.text);
}

bool is_attachment(const mime_node& node) {
    return ascii::starts_with_nocase(ascii::trimmed(node.disposition), "attachment");
}

/// The first part of that type in the message's own text, not in a message it carries.
const part* find_text(const std::vector<mime_node>& tree, std::string_view type_name) {
    constexpr auto none = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t carried_depth = none;  // of the message part we are in
    for (const auto& node : tree) {
        if (node.span.depth > carried_depth) continue;
        carried_depth = node.span.type == part::kind::message ? node.span.depth : none;
        if (node.span.type == part::kind::leaf && node.span.type_name == type_name &&
            !is_attachment(node))
            return &node.span;
    }
    return nullptr;
}

}  // namespace

std::string text_of_html(std::string_view html) {
    std::string out;
    while (!html.empty()) {
        const auto text = html.substr(0, html.find_first_of("<&"));
        out += text;
        html.remove_prefix(text.size());
        if (html.empty()) break;
        html.remove_prefix(html.front() == '<' ? markup_length(html, out) : take_entity(html, out));
    }
    return out;
}

std::string make_preview(std::string_view octets, const std::vector<mime_node>& tree) {
    if (const auto* plain = find_text(tree, "text/plain")) {
        auto text = beginning(octets, *plain, false);
        if (!text.empty()) return text;
    }
    const auto* html = find_text(tree, "text/html");
    return html == nullptr ? std::string{} : beginning(octets, *html, true);
}

}  // namespace hauspost::message
