#include "protocols/message/address.hpp"

#include "protocols/message/header.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

namespace {

address mailbox(std::string display,
                std::string local,
                std::string domain,
                std::string route = "") {
    return {address::kind::mailbox, std::move(display), std::move(route), std::move(local),
            std::move(domain)};
}
address group(std::string name) {
    return {address::kind::group_start, std::move(name), "", "", ""};
}
const address group_end{address::kind::group_end, "", "", "", ""};

using list = std::vector<address>;

}  // namespace

TEST_SUITE("message address") {
    TEST_CASE("the lists of RFC 5322 appendix A.1.2 are understood") {
        CHECK(parse_address_list("\"Joe Q. Public\" <john.q.public@example.com>") ==
              list{mailbox("Joe Q. Public", "john.q.public", "example.com")});
        CHECK(parse_address_list("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>") ==
              list{mailbox("Mary Smith", "mary", "x.test"), mailbox("", "jdoe", "example.org"),
                   mailbox("Who?", "one", "y.test")});
        CHECK(parse_address_list(
                  "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>") ==
              list{mailbox("", "boss", "nil.test"),
                   mailbox("Giant; \"Big\" Box", "sysservices", "example.net")});
    }

    TEST_CASE("the groups of RFC 5322 appendix A.1.3 are understood") {
        CHECK(parse_address_list(
                  "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;") ==
              list{group("A Group"), mailbox("Ed Jones", "c", "a.test"),
                   mailbox("", "joe", "where.test"), mailbox("John", "jdoe", "one.test"),
                   group_end});
        CHECK(parse_address_list("Undisclosed recipients:;") ==
              list{group("Undisclosed recipients"), group_end});
    }

    TEST_CASE("the oddities of RFC 5322 appendix A.5 are understood") {
        const auto message = read_message("rfc5322_appendix_a5.eml");
        CHECK(parse_address_list(find_field(message, "From")) ==
              list{mailbox("Pete", "pete", "silly.test")});
        CHECK(parse_address_list(find_field(message, "To")) ==
              list{group("A Group"), mailbox("Chris Jones", "c", "public.example"),
                   mailbox("", "joe", "example.org"), mailbox("John", "jdoe", "one.test"),
                   group_end});
        CHECK(parse_address_list(find_field(message, "Cc")) ==
              list{group("Hidden recipients"), group_end});
    }

    TEST_CASE("the obsolete forms of RFC 5322 appendix A.6 are understood") {
        CHECK(parse_address_list("Joe Q. Public <john.q.public@example.com>") ==
              list{mailbox("Joe Q. Public", "john.q.public", "example.com")});
        CHECK(parse_address_list(
                  "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example") ==
              list{mailbox("Mary Smith", "mary", "example.net", "@node.test"),
                   mailbox("", "jdoe", "test.example")});
        CHECK(parse_address_list("<@a.test,@b.test:c@d.test>") ==
              list{mailbox("", "c", "d.test", "@a.test,@b.test")});
        const auto message = read_message("rfc5322_appendix_a6_3.eml");
        CHECK(parse_address_list(find_field(message, "From")) ==
              list{mailbox("John Doe", "jdoe", "machine.example")});
        CHECK(parse_address_list(find_field(message, "To")) ==
              list{mailbox("Mary Smith", "mary", "example.net")});
    }

    TEST_CASE("a comment is the name where there is no other") {
        CHECK(parse_address_list("ann@a.example (Ann A.)") ==
              list{mailbox("Ann A.", "ann", "a.example")});
    }

    TEST_CASE("a quoted local part loses its quotes and a domain literal keeps its brackets") {
        CHECK(parse_address_list("\"a b\".c@[192.0.2.1]") ==
              list{mailbox("", "a b.c", "[192.0.2.1]")});
    }

    TEST_CASE("an encoded word with a comma in it stays one name") {
        CHECK(parse_address_list("=?utf-8?Q?M=C3=BCller,_Hans?= <h@a.example>") ==
              list{mailbox("=?utf-8?Q?M=C3=BCller,_Hans?=", "h", "a.example")});
    }

    TEST_CASE("wrong lists give what can be got out of them") {
        CHECK(parse_address_list("bob") == list{mailbox("", "bob", "")});
        CHECK(parse_address_list("Bob Bobson") == list{mailbox("Bob Bobson", "", "")});
        CHECK(parse_address_list("Bob <bob@a.example") == list{mailbox("Bob", "bob", "a.example")});
        CHECK(parse_address_list("<>") == list{mailbox("", "", "")});
        CHECK(parse_address_list("ann@a.example <bob@b.example>") ==
              list{mailbox("ann@a.example", "bob", "b.example")});
        CHECK(parse_address_list("a b@c.example") == list{mailbox("a", "b", "c.example")});
        CHECK(parse_address_list("G: a@b.example") ==
              list{group("G"), mailbox("", "a", "b.example"), group_end});
        CHECK(parse_address_list("") == list{});
        CHECK(parse_address_list(" , ;, (only a comment)") == list{});
    }

    TEST_CASE("D05: comments a million deep, unclosed or ending in a backslash need no stack") {
        const auto deep = repeated("(", 1'000'000);
        CHECK(parse_address_list(deep) == list{});
        CHECK(parse_address_list(deep + repeated(")", 1'000'000) + "a@b.example").size() == 1);
        CHECK(parse_address_list("(a\\") == list{});
        CHECK(parse_address_list("\"a\\").size() == 1);
        CHECK(parse_address_list("[a\\").size() == 1);
    }

    TEST_CASE("D05: a million commas, colons or semicolons are no addresses") {
        CHECK(parse_address_list(repeated(",", 1'000'000)) == list{});
        CHECK(parse_address_list(repeated(";", 1'000'000)) == list{});
    }

    TEST_CASE("D02: addresses up to the limit are parsed, one more is not") {
        const auto at_limit = repeated("a@b.example,", max_addresses_per_field);
        CHECK(parse_address_list(at_limit).size() == max_addresses_per_field);
        CHECK(parse_address_list(at_limit + "x@y.example").size() == max_addresses_per_field);
    }

    TEST_CASE("every group that begins ends, also at the limit") {
        for (const auto* text : {"a:", "a:b:c;", "a:;b:;c:", ";a:;;", "a:<", "a:\"", "a:("}) {
            int open = 0;
            for (const auto& entry : parse_address_list(text)) {
                if (entry.type == address::kind::group_start) ++open;
                if (entry.type == address::kind::group_end) --open;
                CHECK(open >= 0);
                CHECK(open <= 1);
            }
            CHECK(open == 0);
        }
        CHECK(parse_address_list("g:" + repeated("a@b,", max_addresses_per_field)).back().type ==
              address::kind::group_end);
    }
}
