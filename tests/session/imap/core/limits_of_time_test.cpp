#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

struct timed_server : imap_server {
    timed_server() { parts.is_time_manual = true; }
};

}  // namespace

TEST_CASE("imap limits of time: half an hour of silence ends a session, not one of commands") {
    timed_server server;
    imap_client ann(server);
    for (int n = 0; n < 3; ++n) {
        server.parts.time.advance(std::chrono::minutes(29));
        CHECK(ann.command("NOOP") == "t OK Done\r\n");
    }
    server.parts.time.advance(std::chrono::minutes(30));
    CHECK(ann.wait_closed() == "* BYE Autologout\r\n");
}

TEST_CASE("imap limits of time: a stranger has one minute, however much is said") {
    timed_server server;
    imap_client somebody(server, "");
    somebody.settle();  // its minute begins with the greeting
    for (int n = 0; n < 3; ++n) {
        server.parts.time.advance(std::chrono::seconds(19));
        CHECK(somebody.command("NOOP") == "t OK Done\r\n");
    }
    server.parts.time.advance(std::chrono::seconds(3));
    CHECK(somebody.wait_closed() == "* BYE Login took too long\r\n");
}

TEST_CASE("imap limits of time: IDLE ends half an hour after its begin, whatever it tells") {
    timed_server server;
    imap_client ann(server);
    ann.command("SELECT INBOX");
    ann.send("i IDLE\r\n");
    ann.wait_for("+ idling\r\n");
    server.parts.time.advance(std::chrono::minutes(29));
    server.parts.put("Subject: x\r\n\r\nx\r\n");
    ann.wait_for("* 1 EXISTS\r\n");
    ann.settle();
    server.parts.time.advance(std::chrono::minutes(1));
    CHECK(ann.wait_closed() == "* BYE Autologout\r\n");
}
