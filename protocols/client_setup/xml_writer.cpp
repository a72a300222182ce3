#include "protocols/client_setup/xml_writer.hpp"

#include "base/utf8.hpp"

#include <stdexcept>
#include <utility>

namespace hauspost::client_setup {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

/// XML 1.0 2.2, Char; the text is valid UTF-8, so surrogates are none.
bool is_xml_char(char32_t point) noexcept {
    if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
    return point != 0xfffe && point != 0xffff;
}

/// "" : it stands for itself.
std::string_view entity_of(char32_t point) noexcept {
    switch (point) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&apos;";
    // Readers make a line feed, or a blank, of these (2.11, 3.3.3).
    case '\r': return "&#13;";
    case '\n': return "&#10;";
    case '\t': return "&#9;";
    default: return {};
    }
}

}  // namespace

std::string xml_escaped(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    while (!text.empty()) {
        const auto point = utf8::first_code_point(text);
        const auto octets = point.octets == 0 ? 1 : point.octets;
        if (point.octets == 0 || !is_xml_char(point.value))
            made += replacement;
        else if (const auto entity = entity_of(point.value); !entity.empty())
            made += entity;
        else
            made += text.substr(0, octets);
        text.remove_prefix(octets);
    }
    return made;
}

xml_writer::xml_writer(std::string_view doctype)
    : text_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {
    if (doctype.empty()) return;
    text_ += doctype;
    text_ += '\n';
}

void xml_writer::indent() {
    text_.append(2 * open_.size(), ' ');
}

void xml_writer::open(std::string_view name, std::string_view attributes) {
    indent();
    text_ += '<';
    text_ += name;
    if (!attributes.empty()) {
        text_ += ' ';
        text_ += attributes;
    }
    text_ += ">\n";
    open_.emplace_back(name);
}

void xml_writer::close() {
    if (open_.empty()) throw std::logic_error("no XML element is open");
    const auto name = std::move(open_.back());
    open_.pop_back();
    indent();
    text_ += "</" + name + ">\n";
}

void xml_writer::leaf(std::string_view name, std::string_view text) {
    indent();
    text_ += '<';
    text_ += name;
    text_ += '>';
    text_ += xml_escaped(text);
    text_ += "</";
    text_ += name;
    text_ += ">\n";
}

void xml_writer::leaf(std::string_view name, unsigned long number) {
    leaf(name, std::string_view(std::to_string(number)));
}

void xml_writer::empty(std::string_view name) {
    indent();
    text_ += '<';
    text_ += name;
    text_ += "/>\n";
}

std::string xml_writer::take() {
    if (!open_.empty()) throw std::logic_error("an XML element is open");
    return std::move(text_);
}

}  // namespace hauspost::client_setup
