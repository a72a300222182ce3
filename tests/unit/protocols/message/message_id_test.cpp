#include "protocols/message/message_id.hpp"

#include "protocols/message/header.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

using ids = std::vector<std::string>;

TEST_SUITE("message ids") {
    TEST_CASE("all ids of a value are found in order") {
        CHECK(parse_message_ids(" <1@a.example>\r\n <2@b.example>,<3@c.example>") ==
              ids{"<1@a.example>", "<2@b.example>", "<3@c.example>"});
        CHECK(parse_message_ids("Your message of \"Mon\" <1@a.example> (x)") ==
              ids{"<1@a.example>"});
        CHECK(parse_message_ids("no id") == ids{});
    }

    TEST_CASE("RFC 5256 2.2: ids that mean the same become the same octets") {
        CHECK(parse_message_ids("<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com>") ==
              ids{"<01KF8JCEOCBS0045PS@xxx.yyy.com>"});
        CHECK(parse_message_ids("<\"a>\\\"b\"@c>") == ids{"<a>\"b@c>"});
        CHECK(parse_message_ids(find_field(read_message("rfc5322_appendix_a6_3.eml"),
                                           "Message-ID")) == ids{"<1234@local.machine.example>"});
    }

    TEST_CASE("half a quote or comment in an id hides no other id") {
        CHECK(parse_message_ids("<a\"b@x.example> <c\"d@x.example> <e@x.example>") ==
              ids{"<a\"b@x.example>", "<c\"d@x.example>", "<e@x.example>"});
        CHECK(parse_message_ids("<a(b@x.example> <c@x.example>") ==
              ids{"<a(b@x.example>", "<c@x.example>"});
        CHECK(parse_message_ids("<a@x.example> <b\"@x.example>") ==
              ids{"<a@x.example>", "<b\"@x.example>"});
    }

    TEST_CASE("ids within comments are none, a sad face is no comment") {
        CHECK(parse_message_ids("(was <0@a.example> (and <1@a.example>)) <2@a.example>") ==
              ids{"<2@a.example>"});
        CHECK(parse_message_ids("your :-( <1@a.example> <2@a.example>") ==
              ids{"<1@a.example>", "<2@a.example>"});
        CHECK(parse_message_ids("<1@a(x).example (y)>") == ids{"<1@a.example>"});
        CHECK(parse_message_ids(repeated("(", 1'000'000)) == ids{});
        CHECK(parse_message_ids(repeated("<\"", 500'000)) == ids{});
        CHECK(parse_message_ids("<(" + repeated("\\<(", 500'000)) == ids{});
        CHECK(parse_message_ids("<\"" + repeated("\\<\"", 500'000)) == ids{});
    }

    TEST_CASE("ids without brackets, or encoded as text, are read when all are so") {
        CHECK(parse_message_ids(" 1@a.example, 2@a.example (x)") ==
              ids{"<1@a.example>", "<2@a.example>"});
        CHECK(parse_message_ids("mail of ann@a.example") == ids{});
        CHECK(parse_message_ids("=?utf-8?q?=3C1=40a=2Eexample=3E?=\r\n =?utf-8?q?_=3C2=40b=3E?=") ==
              ids{"<1@a.example>", "<2@b>"});
    }

    TEST_CASE("broken ids are left out") {
        CHECK(parse_message_ids("<> <a") == ids{});
        CHECK(parse_message_ids("<a <b@c>") == ids{"<b@c>"});
        CHECK(parse_message_ids("<a(\\") == ids{});
        CHECK(parse_message_ids("<\"a\\") == ids{});
        CHECK(parse_message_ids(std::string_view("<a\0b@c>", 7)) == ids{"<ab@c>"});
    }

    TEST_CASE("an id of 998 octets is taken and a longer one is not") {
        const auto at_limit = '<' + std::string(996, 'a') + '>';
        CHECK(parse_message_ids(at_limit) == ids{at_limit});
        CHECK(parse_message_ids('<' + std::string(997, 'a') + "><b@c>") == ids{"<b@c>"});
    }

    TEST_CASE("of more than 100 ids the newest are kept") {
        std::string text;
        for (int i = 1; i <= 1000; ++i)
            text += '<' + std::to_string(i) + "@a>";
        const auto found = parse_message_ids(text);
        REQUIRE(found.size() == max_references);
        CHECK(found.front() == "<901@a>");
        CHECK(found.back() == "<1000@a>");
    }
}
