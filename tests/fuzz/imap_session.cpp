// Feeds octets to an IMAP session in each of its states, over the real store. Must not crash, hang,
// or leave the stream open.
//
// First octet: the state; second: the size of the reads; the rest: what the client sends.

#include "tests/support/test_imap.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

using namespace hauspost;

const char* const states[] = {
    "",
    "L LOGIN ann@a.example pw\r\n",
    "L LOGIN ann@a.example pw\r\nS SELECT INBOX\r\n",
    "L LOGIN ann@a.example pw\r\nS EXAMINE INBOX\r\n",
    "L LOGIN ann@a.example pw\r\nS SELECT INBOX\r\ni IDLE\r\n",
    "a AUTHENTICATE PLAIN\r\n",
};

std::unique_ptr<test::imap_server> new_server() {
    auto server = std::make_unique<test::imap_server>();
    server->parts.put("Subject: a\r\n\r\nbody\r\n");
    server->parts.put(
        "Subject: b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        "--x\r\n\r\none\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
        "Subject: c\r\n\r\ninner\r\n--x--\r\n",
        mail::flags::seen, {"$Work"});
    return server;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t count) {
    static std::unique_ptr<test::imap_server> server;
    static unsigned runs = 0;
    // A fresh one now and then, since what is appended and made stays.
    if (runs++ % 500 == 0) {
        server.reset();
        server = new_server();
    }
    if (count < 2) return 0;
    std::string input = states[octets[0] % std::size(states)];
    input.append(reinterpret_cast<const char*>(octets + 2), count - 2);
    test::memory_stream peer(std::move(input));
    peer.split_every(octets[1] == 0 ? 4096 : octets[1]);
    server->talk(peer);  // throws when the session hangs or leaves the stream open
    return 0;
}
