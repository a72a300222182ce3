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

remote_reply remote_reply::shortened(std::size_t octets) const {
    remote_reply kept;
    kept.code = code;
    kept.enhanced = enhanced;
    for (const auto& line : lines) {
        const std::size_t blank = kept.lines.empty() ? 0 : 1;  // of text()
        if (octets <= blank && !kept.lines.empty()) break;
        kept.lines.push_back(line.substr(0, octets - blank));
        octets -= kept.lines.back().size() + blank;
    }
    return kept;
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
