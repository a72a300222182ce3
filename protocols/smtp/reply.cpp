#include "protocols/smtp/reply.hpp"

namespace hauspost::smtp {

void reply::append_to(std::string& out) const {
    out += std::to_string(code);
    out += ' ';
    if (!enhanced.empty()) {
        out += enhanced;
        out += ' ';
    }
    out += text;
    out += "\r\n";
}

}  // namespace hauspost::smtp
