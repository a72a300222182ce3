#include "protocols/pop3/message_encoder.hpp"

#include <algorithm>

namespace hauspost::pop3 {
namespace {

constexpr std::size_t block_octets = 64;

/// Does the block that begins one octet behind `from` go out as it is? Branch-free, so that the
/// compiler makes vector code of it.
bool is_clean(const char* from) noexcept {
    unsigned char found = 0;
    for (std::size_t i = 0; i < block_octets; ++i) {
        const char before = from[i];
        const char octet = from[i + 1];
        const auto is_bare = static_cast<unsigned char>((octet == '\n') ^ (before == '\r'));
        const auto is_dot = static_cast<unsigned char>((octet == '.') & (before == '\n'));
        const auto is_nul = static_cast<unsigned char>(octet == '\0');
        found = static_cast<unsigned char>(found | is_bare | is_dot | is_nul);
    }
    return found == 0;
}

}  // namespace

void message_encoder::end_line(std::string& out) {
    out += "\r\n";
    if (in_header_) {
        if (at_line_start_) in_header_ = false;
    } else if (counts_lines_) {
        --lines_left_;
    }
    at_line_start_ = true;
}

void message_encoder::put(char octet, std::string& out) {
    if (after_cr_) {
        after_cr_ = false;
        if (octet == '\n') return;
    }
    if (octet == '\r' || octet == '\n') {
        end_line(out);
        after_cr_ = octet == '\r';
        return;
    }
    if (at_line_start_ && octet == '.') out += '.';
    out += octet == '\0' ? '\x80' : octet;
    at_line_start_ = false;
}

/// Copies octets that need no change, in whole blocks. Returns where to go on.
std::size_t message_encoder::copy_clean_run(std::string_view octets,
                                            std::size_t at,
                                            std::string& out) {
    auto end = at;
    while (octets.size() - end >= block_octets && is_clean(octets.data() + end - 1))
        end += block_octets;
    // A CR waits for what follows it.
    if (end > at && octets[end - 1] == '\r') --end;
    if (end == at) return at;
    out.append(octets, at, end - at);
    at_line_start_ = octets[end - 1] == '\n';
    return end;
}

void message_encoder::encode(std::string_view octets, std::string& out) {
    std::size_t at = 0;
    while (at < octets.size() && !is_complete()) {
        // Lines are counted in headers and for TOP, so these go octet by octet.
        if (!in_header_ && !counts_lines_ && !after_cr_ && at > 0)
            at = copy_clean_run(octets, at, out);
        const auto stop = std::min(octets.size(), at + block_octets);
        while (at < stop && !is_complete())
            put(octets[at++], out);
    }
}

void message_encoder::finish(std::string& out) {
    if (!at_line_start_) end_line(out);
    if (in_header_) out += "\r\n";
    out += ".\r\n";
}

}  // namespace hauspost::pop3
