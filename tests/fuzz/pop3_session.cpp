// Feeds octets to a POP3 session in each of its states, over the real store, whole and cut: the
// same answers, nothing removed without QUIT, never a stream that stays open.
//
// First octet: the state; second: the size of the reads; the rest: what the client sends.

#include "tests/support/test_pop3.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

using namespace hauspost;

const char* const states[] = {
    "",
    "USER ann@a.example\r\n",
    "AUTH PLAIN\r\n",
    "USER ann@a.example\r\nPASS pw\r\n",
    "USER ann@a.example\r\nPASS pw\r\nDELE 1\r\nRETR 2\r\n",
    "UTF8\r\nLANG *\r\nUSER ann@a.example\r\nPASS pw\r\n",
};

std::unique_ptr<test::pop3_server> new_server() {
    auto server = std::make_unique<test::pop3_server>();
    server->parts.put("Subject: a\r\n\r\nbody\r\n.\r\n");
    server->parts.put("Subject: b\n\nbare\rno end", mail::flags::seen);
    server->parts.put("Subject: no end of header", 0, {}, "INBOX", "Return-Path: <>\r\n");
    return server;
}

std::string outcome(test::pop3_server& server, const std::string& input, std::size_t split) {
    test::memory_stream peer(input);
    peer.split_every(split);
    return server.talk(peer);  // throws when the session hangs or leaves the stream open
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t count) {
    static std::unique_ptr<test::pop3_server> server;
    if (count < 2) return 0;
    if (!server) server = new_server();
    std::string input = states[octets[0] % std::size(states)];
    input.append(reinterpret_cast<const char*>(octets + 2), count - 2);
    const auto before = server->uids();
    const auto whole = outcome(*server, input, 4096);
    if (server->uids() != before) {  // QUIT after DELE: the next talk finds another maildrop
        server.reset();
        return 0;
    }
    if (outcome(*server, input, octets[1] == 0 ? 1 : octets[1]) != whole) std::abort();
    return 0;
}
