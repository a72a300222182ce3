#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace hauspost;
using test::imap_client;
using test::imap_house;

namespace {

struct house_in_time : imap_house {
    house_in_time() { own_time = &clock; }
    test::manual_clock clock;
};

}  // namespace

TEST_CASE("imap limits of time: half an hour of silence ends a session, not one of commands") {
    house_in_time house;
    imap_client ann(house);
    for (int n = 0; n < 3; ++n) {
        house.clock.advance(std::chrono::minutes(29));
        CHECK(ann.command("NOOP") == "t OK Done\r\n");
    }
    house.clock.advance(std::chrono::minutes(30));
    CHECK(ann.wait_closed() == "* BYE Autologout\r\n");
}

TEST_CASE("imap limits of time: a stranger has one minute, however much is said") {
    house_in_time house;
    imap_client somebody(house, "");
    somebody.settle();  // its minute begins with the greeting
    for (int n = 0; n < 3; ++n) {
        house.clock.advance(std::chrono::seconds(19));
        CHECK(somebody.command("NOOP") == "t OK Done\r\n");
    }
    house.clock.advance(std::chrono::seconds(3));
    CHECK(somebody.wait_closed() == "* BYE Login took too long\r\n");
}

TEST_CASE("imap limits of time: IDLE ends half an hour after its begin, whatever it tells") {
    house_in_time house;
    imap_client ann(house);
    ann.command("SELECT INBOX");
    ann.send("i IDLE\r\n");
    ann.wait_for("+ idling\r\n");
    house.clock.advance(std::chrono::minutes(29));
    house.put("Subject: x\r\n\r\nx\r\n");
    ann.wait_for("* 1 EXISTS\r\n");
    ann.settle();
    house.clock.advance(std::chrono::minutes(1));
    CHECK(ann.wait_closed() == "* BYE Autologout\r\n");
}
