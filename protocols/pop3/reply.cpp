#include "protocols/pop3/reply.hpp"

#include <array>
#include <charconv>

namespace hauspost::pop3 {

void reply::append_to(std::string& out) const {
    out += is_ok ? "+OK " : "-ERR ";
    if (!code.empty()) {
        out += '[';
        out += code;
        out += "] ";
    }
    out += text;
    out += "\r\n";
}

void append_ok(std::string& out, std::string_view text) {
    reply{true, "", text}.append_to(out);
}

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

}  // namespace hauspost::pop3
