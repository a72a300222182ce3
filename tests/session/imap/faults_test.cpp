#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_house;
using test::memory_stream;

namespace {

const std::string conversation =
    "a LOGIN {13}\r\nann@a.example pw\r\n"
    "b SELECT INBOX\r\n"
    "c FETCH 1:* (FLAGS BODY[])\r\n"
    "d STORE 1 +FLAGS (\\Flagged)\r\n"
    "e APPEND INBOX {9}\r\n\r\nhello\r\n\r\n"
    "f SEARCH BODY number\r\n"
    "g COPY 1 Archive\r\n"
    "h IDLE\r\nDONE\r\n"
    "i LOGOUT\r\n";

}  // namespace

TEST_CASE("imap session: each read or write that fails ends the session cleanly") {
    std::size_t operations = 0;
    {
        imap_house house;
        house.fill(3);
        memory_stream whole(conversation);
        whole.split_every(40);
        CHECK(house.talk(whole).ends_with("i OK Logged out\r\n"));
        operations = whole.operations();
    }
    REQUIRE(operations > 10);
    imap_house house;
    house.fill(3);
    for (std::size_t n = 1; n <= operations; ++n) {
        memory_stream peer(conversation);
        peer.split_every(40);
        peer.fail_operation(n);
        house.talk(peer);
        CHECK(peer.is_closed());
    }
    CHECK(house.store().check().findings.empty());
}

TEST_CASE("imap session: a fault of the store is NO [SERVERBUG] and the session goes on") {
    imap_house house;
    house.fill(1);
    test::imap_client client(house);
    client.command("SELECT INBOX");
    house.store().stop();
    CHECK(client.command("STORE 1 +FLAGS (\\Seen)") ==
          "t NO [UNAVAILABLE] The server is busy; try again later\r\n");
    CHECK(client.command("NOOP") == "t OK Done\r\n");
}
