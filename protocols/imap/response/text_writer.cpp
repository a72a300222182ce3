#include "protocols/imap/response/text_writer.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

constexpr std::size_t max_quoted_text_octets = 1000;  // ours: longer texts are literals

// RFC 9051 9 QUOTED-CHAR without quoted-specials.
bool is_plain(char c) {
    return c > 0 && c != '"' && c != '\\' && c != '\r' && c != '\n';
}

bool may_not_stand(char c) {
    return c == '\0' || ascii::is_8bit(c);
}

}  // namespace

void text_writer::string(std::string_view ascii) {
    const bool plain = std::all_of(ascii.begin(), ascii.end(), is_plain);
    if (plain && ascii.size() <= max_quoted_text_octets) {
        text_ += '"';
        text_ += ascii;
        text_ += '"';
        return;
    }
    std::string safe(ascii);
    std::erase_if(safe, may_not_stand);
    if (safe.size() > max_quoted_text_octets || safe.find_first_of("\r\n") != std::string::npos) {
        text_ += '{' + std::to_string(safe.size()) + "}\r\n" + safe;
        return;
    }
    text_ += '"';
    for (const char c : safe) {
        if (c == '"' || c == '\\') text_ += '\\';
        text_ += c;
    }
    text_ += '"';
}

void text_writer::nstring(std::string_view ascii) {
    if (ascii.data() == nullptr || text_.size() + ascii.size() > budget_octets_)
        text_ += "NIL";
    else
        string(ascii);
}

void text_writer::header_text(std::string_view raw_value) {
    if (raw_value.data() == nullptr) return raw("NIL");
    const auto text = ascii::trimmed(raw_value);
    if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos)
        unfolded_text(text.empty() ? std::string_view("") : text);
    else
        unfolded_text(message::unfolded(text));
}

void text_writer::unfolded_text(std::string_view text) {
    if (utf8::is_ascii(text))
        nstring(text);
    else
        nstring(message::encode_encoded_words(message::decode_encoded_words(text)));
}

}  // namespace hauspost::imap
