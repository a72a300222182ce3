// Replies of other servers: the same however they are cut, within their limits, and harmless
// whatever came; what a server offers is read from any of them.

#include "protocols/smtp/capabilities.hpp"
#include "protocols/smtp/reply_parser.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost::smtp;

constexpr reply_limits limits{64, 8, 256};

bool is_harmless(std::string_view text) {
    for (const char c : text)
        if (c < 0x20 || c > 0x7e) return false;
    return true;
}

void check(const remote_reply& reply) {
    if (reply.code < 200 || reply.code > 599 || reply.lines.empty() ||
        reply.lines.size() > limits.max_lines || !is_harmless(reply.to_line()) ||
        reply.text().size() > limits.max_octets)
        std::abort();
    if (!reply.enhanced.empty() &&
        reply.enhanced.front() != static_cast<char>('0' + reply.code / 100))
        std::abort();
    const auto offered = parse_capabilities(reply);
    if (offered.binary_mime && !offered.chunking) std::abort();
    if (offered.auth.size() > limits.max_octets / 2) std::abort();
}

std::string listen(std::string_view octets, std::size_t piece) {
    reply_parser parser(limits);
    std::string all;
    while (!octets.empty()) {
        const auto step = parser.feed(octets.substr(0, piece));
        octets.remove_prefix(step.consumed);
        if (step.status == reply_status::fault) break;
        if (step.status != reply_status::complete) continue;
        const auto reply = parser.take();
        check(reply);
        all += reply.to_line() + '\n';
    }
    return all + std::to_string(static_cast<int>(parser.fault()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size < 1) return 0;
    const std::size_t piece = 1 + octets[0] % 16;
    const std::string_view text(reinterpret_cast<const char*>(octets) + 1, size - 1);
    if (listen(text, text.size() + 1) != listen(text, piece)) std::abort();
    return 0;
}
