#include "protocols/imap/response/string_reader.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace hauspost::imap {
namespace {

/// "{" number "}" CRLF and as many octets. head: the part in front of these.
std::string_view literal_at(std::string_view text, std::size_t& head) noexcept {
    std::size_t octets = 0;
    const auto* const end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data() + 1, end, octets);
    head = static_cast<std::size_t>(after - text.data()) + 3;
    const bool is_whole = error == std::errc() && text.substr(head - 3).starts_with("}\r\n") &&
                          octets <= text.size() - head;
    return is_whole ? text.substr(0, head + octets) : std::string_view();
}

}  // namespace

std::string_view string_at(std::string_view text) noexcept {
    std::size_t at = 0;
    if (text.starts_with('{')) return literal_at(text, at);
    if (!text.starts_with('"')) return {};
    for (at = 1; at < text.size() && text[at] != '"';)
        at += text[at] == '\\' ? 2 : 1;
    return at < text.size() ? text.substr(0, at + 1) : std::string_view();
}

std::string value_of_string(std::string_view string) {
    std::string value;
    if (string.starts_with('{')) {
        std::size_t head = 0;
        value = literal_at(string, head).substr(head);
        return value;
    }
    for (std::size_t at = 1; at + 1 < string.size(); ++at) {
        if (string[at] == '\\') ++at;
        value += string[at];
    }
    return value;
}

}  // namespace hauspost::imap
