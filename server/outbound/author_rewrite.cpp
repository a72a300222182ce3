#include "server/outbound/author_rewrite.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::outbound {
namespace {

constexpr std::size_t max_author_octets = 120;

/// RFC 5322 3.2.4, or encoded words where that takes them.
std::string phrase(std::string_view name) {
    const auto words = message::encode_encoded_words(name);
    if (words != name) return words;
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// As people read it; an address has its "at" spelled, so that nobody takes it for the sender's.
std::string name_of_author(std::string_view from) {
    const auto authors = message::parse_address_list(from);
    const auto first =
        std::ranges::find(authors, message::address::kind::mailbox, &message::address::type);
    if (first == authors.end()) return "somebody";
    auto name = message::decode_encoded_words(first->display);
    if (ascii::trimmed(name).empty())
        name = message::decode_encoded_words(first->local + " at " + first->domain);
    return std::string(utf8::truncated(name, max_author_octets));
}

/// The field's octets behind its name, with the line end.
std::string_view rest_of(const message::header_field& field) {
    return field.raw.substr(field.raw.find(':'));
}

}  // namespace

std::optional<std::string> with_standing_author(std::string_view header,
                                                const standing_author& instead) {
    std::string out;
    std::size_t authors = 0, taken = 0;
    const bool has_reply_to = !message::find_field(header, "Reply-To").empty();
    for (message::header_reader reader(header); reader.next();) {
        const auto& field = reader.field();
        if (field.name.empty()) return std::nullopt;
        taken += field.raw.size();
        if (!ascii::equal_nocase(field.name, "From")) {
            out += field.raw;
            continue;
        }
        ++authors;
        out += "From: " + phrase(name_of_author(field.value) + " via " + instead.via) + "\r\n <" +
               instead.address + ">\r\nX-Original-From";
        out += rest_of(field);
        if (has_reply_to) continue;
        out += "Reply-To";
        out += rest_of(field);
    }
    if (authors != 1 || taken != header.size()) return std::nullopt;
    return out;
}

}  // namespace hauspost::outbound
