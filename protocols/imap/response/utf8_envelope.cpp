#include "protocols/imap/response/utf8_envelope.hpp"

#include "protocols/imap/response/response_writer.hpp"
#include "protocols/imap/response/string_reader.hpp"
#include "protocols/message/encoded_word.hpp"

namespace hauspost::imap {
namespace {

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
                writer.string(message::decode_encoded_words(value_of_string(text)));
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
