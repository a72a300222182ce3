#include "protocols/message/preview.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/code_points.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/html_entity.hpp"
#include "protocols/message/part_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace hauspost::message {
namespace {

constexpr std::size_t max_characters = 200;  // RFC 8970 3
// How much is looked at for them: first a little, which nearly always is enough, then more, because
// the markup before the text may be long.
constexpr std::array<std::size_t, 2> looks_octets = {1024, 32 * 1024};

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

/// One past the end of what begins with "<": a tag, a comment, or an element without text.
std::size_t markup_length(std::string_view html, std::string& out) {
    const auto after = [&](std::size_t found, std::size_t length) {
        return found == std::string_view::npos ? html.size() : found + length;
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
    return close == std::string_view::npos ? html.size() : end + close;
}

struct condensed_text {
    std::string text;
    std::size_t characters = 0;
};

/// One character and its octets; text is UTF-8.
std::string_view first_character(std::string_view text) {
    std::size_t end = 1;
    while (end < text.size() && is_utf8_tail(text[end]))
        ++end;
    return text.substr(0, end);
}

/// Blanks that HTML pads with: no-break and typographic spaces.
bool is_blank(std::string_view character) {
    constexpr std::array<std::string_view, 5> html_blanks = {" ", "\u00a0", "\u202f", "\u205f",
                                                             "\u3000"};
    const bool is_general = character.starts_with("\xe2\x80") && character.size() == 3 &&
                            static_cast<unsigned char>(character[2]) <= 0x8a;  // U+2000 to U+200A
    return is_general ||
           std::find(html_blanks.begin(), html_blanks.end(), character) != html_blanks.end();
}

/// What has no width: it means something only behind a letter.
bool is_invisible(std::string_view character) {
    constexpr std::array<std::string_view, 7> marks = {"\u034f", "\u200b", "\u200c", "\u200d",
                                                       "\u200e", "\u2060", "\ufeff"};
    return std::find(marks.begin(), marks.end(), character) != marks.end();
}

/// White space joined, controls gone, cut to max_characters.
condensed_text condensed(std::string_view octets) {
    constexpr std::string_view soft_hyphen = "\u00ad";
    condensed_text result;
    auto& out = result.text;
    const auto text = without_controls(octets);
    for (std::string_view rest = text; !rest.empty();) {
        auto character = first_character(rest);
        rest.remove_prefix(character.size());
        if (is_blank(character)) character = " ";
        const bool is_alone = out.empty() || out.back() == ' ';
        if (character == soft_hyphen || (is_alone && (character == " " || is_invisible(character))))
            continue;
        if (result.characters == max_characters) break;
        ++result.characters;
        out += character;
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
    return ascii::starts_with_nocase(behind_comments(node.disposition), "attachment");
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
        html.remove_prefix(html.front() == '<' ? markup_length(html, out)
                                               : take_html_entity(html, out));
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
