// Octets in each state of an SMTP session, whole and cut: same replies, same messages, nothing
// left.

#include "tests/session/smtp/fake_sink.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace hauspost;
using namespace hauspost::test;

const std::array<std::string, 7> states{
    "",
    hello,
    hello + "MAIL FROM:<bob@b.example> SMTPUTF8\r\n",
    hello + to_ann,
    hello + to_ann + "DATA\r\n",
    hello + to_ann + "BDAT 3\r\nabc",
    hello + "MAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<ann@a.example>\r\n",
};

std::string outcome(const std::string& input, std::size_t split) {
    auto config = test_config();
    config->limits.max_message_octets = 4096;
    config->limits.max_bdat_chunks = 16;
    fake_sink sink;
    memory_stream peer(input);
    peer.split_every(split);
    run_session(peer, sink, config);
    if (!peer.is_closed() || sink.open != 0) std::abort();
    std::string all = peer.output();
    for (const auto& message : sink.stored) {
        if (message.envelope.recipients.empty()) std::abort();
        all += message.octets + '\0';
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size < 2) return 0;
    const std::string input = states[octets[0] % states.size()] +
                              std::string(reinterpret_cast<const char*>(octets) + 2, size - 2);
    const std::size_t split = 1 + octets[1] % 64;
    if (outcome(input, SIZE_MAX) != outcome(input, split)) std::abort();
    return 0;
}
