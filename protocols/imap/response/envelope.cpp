#include "protocols/imap/response/envelope.hpp"

#include "base/ascii.hpp"
#include "protocols/message/base_subject.hpp"
#include "protocols/message/encoded_word.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace hauspost::imap {
namespace {

/// Takes one nstring off the front of an ENVELOPE; nullopt: NIL, or the octets are damaged.
std::optional<std::string> take_nstring(std::string_view& text) {
    if (text.starts_with('{')) {
        const auto end = text.find("}\r\n");
        std::size_t octets = 0;
        for (std::size_t at = 1; at < end && at < 12 && end != text.npos; ++at)
            octets = octets * 10 + static_cast<std::size_t>(text[at] - '0');
        if (end == text.npos || octets > text.size() - end - 3) return std::nullopt;
        std::string value(text.substr(end + 3, octets));
        text.remove_prefix(end + 3 + octets);
        return value;
    }
    if (!text.starts_with('"')) {
        text.remove_prefix(std::min<std::size_t>(3, text.size()));  // NIL
        return std::nullopt;
    }
    std::string value;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '"') {
            text.remove_prefix(at + 1);
            return value;
        }
        if (text[at] == '\\' && ++at == text.size()) break;
        value.push_back(text[at]);
    }
    return std::nullopt;
}

}  // namespace

bool is_reply_or_forward(std::string_view envelope, std::string_view base_subject) {
    if (!envelope.starts_with('(')) return false;
    envelope.remove_prefix(1);
    take_nstring(envelope);  // date
    if (envelope.starts_with(' ')) envelope.remove_prefix(1);
    const auto subject = take_nstring(envelope);
    if (!subject) return false;
    // Nearly all mail is decided by these two.
    if (ascii::starts_with_nocase(*subject, "re:")) return true;
    if (ascii::uppered(*subject) == base_subject) return false;
    return message::base_subject(message::decode_encoded_words(*subject)).is_reply_or_forward;
}

}  // namespace hauspost::imap
