#include "protocols/smtp/remote_reply.hpp"

namespace hauspost::smtp {

std::string remote_reply::text() const {
    std::string all;
    for (const auto& line : lines) {
        if (!all.empty()) all += ' ';
        all += line;
    }
    return all;
}

std::string remote_reply::to_line() const {
    if (code == 0) return {};
    std::string line = std::to_string(code);
    if (!enhanced.empty()) line += ' ' + enhanced;
    const auto said = text();
    if (!said.empty()) line += ' ' + said;
    return line;
}

}  // namespace hauspost::smtp
