#include "protocols/message/summary.hpp"

#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

namespace {

const std::string typical =
    "From: =?utf-8?Q?J=C3=BCrgen?= <Juergen@example.org>\r\n"
    "To: Bob <bob@example.com>, c@example.com\r\n"
    "Cc: (nobody) dora@example.com\r\n"
    "Subject: Re: [list] =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=\r\n"
    "Date: Mon, 23 Nov 2026 10:26:50 +0100\r\n"
    "Message-ID: <\"abc\"@example.org>\r\n"
    "In-Reply-To: <2@example.com>\r\n"
    "References: <1@example.com>\r\n <2@example.com>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/alternative; boundary=\"----=_Part_1\"\r\n"
    "\r\n"
    "------=_Part_1\r\n"
    "Content-Type: text/plain; charset=UTF-8\r\n"
    "\r\n"
    "Hallo!\r\n"
    "------=_Part_1\r\n"
    "Content-Type: text/html; charset=UTF-8\r\n"
    "\r\n"
    "<p>Hallo!</p>\r\n"
    "------=_Part_1--\r\n";

}  // namespace

TEST_SUITE("message summary") {
    TEST_CASE("a typical message has all its keys") {
        const auto value = summarize(typical);
        CHECK(value.base_subject == "GRU\u0308ßE AUS KO\u0308LN");
        CHECK(value.from_mailbox == "JUERGEN");
        CHECK(value.from_display == "JU\u0308RGEN");
        CHECK(value.to_mailbox == "BOB");
        CHECK(value.to_display == "BOB");
        CHECK(value.cc_mailbox == "DORA");
        CHECK(value.sent_at == 1795426010);
        CHECK(value.sent_zone_minutes == 60);
        CHECK(value.message_id == "<abc@example.org>");
        CHECK(value.references == std::vector<std::string>{"<1@example.com>", "<2@example.com>"});
        CHECK(value.preview == "Hallo!");
        CHECK(value.octets == typical.size());
        REQUIRE(value.parts.size() == 3);
        CHECK(value.parts[2].type_name == "text/html");
        CHECK(value.parts[2].charset == "utf-8");
        CHECK(typical.substr(value.parts[1].body, value.parts[1].end - value.parts[1].body) ==
              "Hallo!");
    }

    TEST_CASE("without References the first id of In-Reply-To counts") {
        CHECK(summarize("In-Reply-To: <1@a> <2@b>\r\n\r\n").references ==
              std::vector<std::string>{"<1@a>"});
        CHECK(summarize("References: none\r\nIn-Reply-To: <1@a>\r\n\r\n").references.size() == 1);
    }

    TEST_CASE("the display key is the address when there is no name") {
        CHECK(summarize("From: ann@a.example\r\n\r\n").from_display == "ANN@A.EXAMPLE");
        CHECK(summarize("To: Friends: ann@a.example;\r\n\r\n").to_display == "FRIENDS");
    }

    TEST_CASE("an empty message has an empty summary with one part") {
        const auto value = summarize("");
        CHECK(value.parts.size() == 1);
        CHECK(!value.sent_at);
    }

    TEST_CASE("the first second of 1970 is a date like others") {
        CHECK(summarize("Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\n").sent_at == 0);
        CHECK(summarize("Date: Thu, 1 Jan 1970\r\n\r\n").sent_at == 0);
        CHECK(!summarize("Date: soon\r\n\r\n").sent_at);
    }

    TEST_CASE("D02: sort keys of huge fields are cut") {
        const auto value = summarize("Subject: " + repeated("ü", 100'000) + "\r\nFrom: \"" +
                                     std::string(100'000, 'x') + "\" <" +
                                     std::string(100'000, 'y') + "@a.example>\r\n\r\n");
        CHECK(value.base_subject.size() <= 512);
        CHECK(value.from_mailbox.size() == 512);
        CHECK(value.from_display.size() == 512);
    }
}
