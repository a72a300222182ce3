#include "protocols/message/text_growth.hpp"

#include <cstddef>

namespace hauspost::message {
namespace {

constexpr std::size_t block_octets = 64;

/// Are all line ends CRLF in the block that begins one octet behind `before`? Branch-free, so that
/// the compiler makes vector code of it.
bool is_regular(const char* before) noexcept {
    unsigned char found = 0;
    for (std::size_t i = 0; i < block_octets; ++i)
        found = static_cast<unsigned char>(
            found | static_cast<unsigned char>((before[i + 1] == '\n') ^ (before[i] == '\r')));
    return found == 0;
}

/// CRs without LF behind and LFs without CR before. A CR that is the last octet counts too.
std::uint64_t count_bare(std::string_view octets) noexcept {
    std::uint64_t bare = 0;
    char before = '\0';
    for (std::size_t at = 0; at < octets.size();) {
        if (at > 0 && octets.size() - at >= block_octets && is_regular(octets.data() + at - 1)) {
            at += block_octets;
            before = octets[at - 1];
            continue;
        }
        const auto stop = at + block_octets < octets.size() ? at + block_octets : octets.size();
        for (; at < stop; ++at) {
            if ((octets[at] == '\n') != (before == '\r')) ++bare;
            before = octets[at];
        }
    }
    return before == '\r' ? bare + 1 : bare;
}

/// Is there an empty line, its end being CRLF, CR or LF?
bool has_empty_line(std::string_view octets) noexcept {
    for (std::size_t at = 0; at < octets.size();) {
        const auto newline = octets.find_first_of("\r\n", at);
        if (newline == std::string_view::npos) return false;
        if (newline == at) return true;
        at = newline + (octets.substr(newline, 2) == "\r\n" ? 2 : 1);
    }
    return false;
}

}  // namespace

std::uint64_t text_growth(std::string_view octets) noexcept {
    std::uint64_t growth = count_bare(octets);
    if (!octets.empty() && octets.back() != '\n' && octets.back() != '\r') growth += 2;
    if (!has_empty_line(octets)) growth += 2;
    return growth;
}

}  // namespace hauspost::message
