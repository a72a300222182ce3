#include "protocols/http/event.hpp"

#include <algorithm>
#include <stdexcept>

namespace hauspost::http {
namespace {

constexpr std::string_view line_ends("\r\n\0", 3);

void append_line(std::string& out, std::string_view field, std::string_view value) {
    if (value.find_first_of(line_ends) != std::string_view::npos)
        throw std::logic_error("a line of an event holds a line end");
    out += field;
    out += ": ";
    out += value;
    out += '\n';
}

}  // namespace

void append_event(std::string& out, const event& what) {
    if (!what.name.empty()) append_line(out, "event", what.name);
    if (!what.id.empty()) append_line(out, "id", what.id);
    if (what.retry) append_line(out, "retry", std::to_string(what.retry->count()));
    // CR, LF and CRLF end a line there, so each of them begins a new one here.
    for (std::string_view rest = what.data;;) {
        const auto end = std::min(rest.find_first_of("\r\n"), rest.size());
        out += "data: ";
        out += rest.substr(0, end);
        out += '\n';
        if (end == rest.size()) break;
        rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    out += '\n';
}

std::string to_octets(const event& what) {
    std::string out;
    append_event(out, what);
    return out;
}

}  // namespace hauspost::http
