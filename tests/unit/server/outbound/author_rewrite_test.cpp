#include "server/outbound/author_rewrite.hpp"

#include "protocols/message/author.hpp"
#include "protocols/message/header.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using hauspost::outbound::with_standing_author;

namespace {

std::string rewritten(const std::string& header) {
    outbound::standing_author instead;
    instead.address = "list@a.example";
    instead.via = "a.example";
    return with_standing_author(header, instead).value_or("none");
}

}  // namespace

TEST_CASE("author rewrite: the name stays, answers go to who wrote, the rest is as it was") {
    CHECK(
        rewritten("Received: x\r\nFROM : Ann Ohm\r\n <ann@b.example>\r\nTo: list@a.example\r\n") ==
        "Received: x\r\n"
        "From: \"Ann Ohm via a.example\"\r\n <list@a.example>\r\n"
        "X-Original-From: Ann Ohm\r\n <ann@b.example>\r\n"
        "Reply-To: Ann Ohm\r\n <ann@b.example>\r\n"
        "To: list@a.example\r\n");
}

TEST_CASE("author rewrite: a Reply-To that is there stays the only one") {
    const auto made = rewritten("Reply-To: desk@b.example\r\nFrom: ann@b.example\r\n");
    CHECK(made ==
          "Reply-To: desk@b.example\r\n"
          "From: \"ann at b.example via a.example\"\r\n <list@a.example>\r\n"
          "X-Original-From: ann@b.example\r\n");
}

TEST_CASE("author rewrite: A03 no name is syntax") {
    for (const std::string name :
         {"\"Eve\\\" <eve@c.example>\"", "=?utf-8?q?Eve=22_=3Ceve=40c.example=3E=0D=0ABcc=3A_x?=",
          "=?utf-8?b?w6TDtsO8?= (x)", "\xff\xfe<", "\"a\\\\\"", ""}) {
        const auto made = rewritten("From: " + name + " <ann@b.example>\r\nTo: x\r\n");
        if (made == "none") continue;
        CHECK(message::author_domain(made) == "a.example");
        CHECK(message::find_field(made, "Bcc").empty());
        CHECK(message::decoded_field(made, "From").ends_with("<list@a.example>"));
    }
    const auto long_name =
        rewritten("From: =?utf-8?q?" + std::string(2000, 'x') + "?= <ann@b.example>\r\n");
    CHECK(message::find_field(long_name, "From").size() < 300);
}

TEST_CASE("author rewrite: a header without one author is not touched") {
    CHECK(rewritten("To: x\r\n") == "none");
    CHECK(rewritten("From: a@b.example\r\nFrom: c@b.example\r\n") == "none");
    CHECK(rewritten("From: a@b.example\r\nno field\r\n") == "none");
    CHECK(rewritten("") == "none");
    CHECK(rewritten("From: nobody\r\n").find("\"nobody at  via") == std::string::npos);
}
