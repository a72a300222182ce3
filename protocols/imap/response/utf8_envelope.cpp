#include "protocols/imap/response/utf8_envelope.hpp"

#include "protocols/imap/response/response_writer.hpp"
#include "protocols/message/encoded_word.hpp"

namespace hauspost::imap {
namespace {

/// The string at the front with its quotes, or its literal; "" when it does not end.
std::string_view string_at(std::string_view rest) {
    if (rest.starts_with('{')) {
        std::size_t octets = 0, at = 1;
        for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9' && octets < rest.size(); ++at)
            octets = octets * 10 + static_cast<std::size_t>(rest[at] - '0');
        at += 3;  // "}" CRLF
        return at <= rest.size() && octets <= rest.size() - at ? rest.substr(0, at + octets)
                                                               : std::string_view{};
    }
    for (std::size_t at = 1; at < rest.size(); ++at) {
        if (rest[at] == '\\')
            ++at;
        else if (rest[at] == '"')
            return rest.substr(0, at + 1);
    }
    return {};
}

/// A quoted string without its quotes.
std::string unquoted(std::string_view text) {
    std::string plain;
    for (std::size_t at = 1; at + 1 < text.size(); ++at) {
        if (text[at] == '\\' && at + 2 < text.size()) ++at;
        plain += text[at];
    }
    return plain;
}

// envelope = "(" ... "(" 1*("(" name adl mailbox host ")") ")" ... ")"
constexpr int address_depth = 3;
constexpr int mailbox_field = 2;

}  // namespace

std::string utf8_envelope(std::string_view rest) {
    std::string out;
    out.reserve(rest.size());
    response_writer writer(out, true);
    int depth = 0, field = 0;
    while (!rest.empty()) {
        const char c = rest.front();
        if (c == '"' || c == '{') {
            const auto text = string_at(rest);
            if (text.empty()) break;
            const bool is_name = depth == address_depth && field >= mailbox_field;
            if (is_name && c == '"' && needs_utf8_envelope(text))
                writer.string(message::decode_encoded_words(unquoted(text)));
            else
                out += text;
            rest.remove_prefix(text.size());
            continue;
        }
        if (c == '(') {
            ++depth;
            field = 0;
        }
        if (c == ')') --depth;
        if (c == ' ') ++field;
        out += c;
        rest.remove_prefix(1);
    }
    out += rest;
    return out;
}

}  // namespace hauspost::imap
