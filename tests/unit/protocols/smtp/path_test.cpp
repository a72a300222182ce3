#include "protocols/smtp/path.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;
using namespace std::string_literals;

namespace {

/// "local|domain", "<>" for the null path, "bad" for what is none. What follows must stay.
std::string path(std::string text) {
    text += " REST";
    std::string_view rest = text;
    const auto parsed = parse_path(rest);
    if (!parsed) return "bad";
    CHECK(rest == " REST");
    return parsed->is_null() ? "<>" : parsed->local_part + "|" + parsed->domain;
}

}  // namespace

TEST_CASE("path: addresses are read into their parts, the domain in lower case") {
    CHECK(path("<ann@a.example>") == "ann|a.example");
    CHECK(path("<Ann.B+c@A.Example>") == "Ann.B+c|a.example");
    CHECK(path("<>") == "<>");
    CHECK(path("<a!#$%&'*+-/=?^_`{|}~@b>") == "a!#$%&'*+-/=?^_`{|}~|b");
    CHECK(path("<x@my_host.example>") == "x|my_host.example");
}

TEST_CASE("path: A13 source routes are read and ignored") {
    CHECK(path("<@a,@b:u@d>") == "u|d");
    CHECK(path("<@a.example:u@d.example>") == "u|d.example");
    for (const auto* bad :
         {"<@a>", "<@a:>", "<@a,b:u@d>", "<@a,:u@d>", "<@:u@d>", "<@a u@d>", "<@a:@b:u@d>"})
        CHECK_MESSAGE(path(bad) == "bad", bad);
}

TEST_CASE("path: A13 quoted local parts are unquoted, control octets refused") {
    CHECK(path("<\"a b\"@d>") == "a b|d");
    CHECK(path("<\"a\\\"\\\\\\x\"@d>") == "a\"\\x|d");
    CHECK(path("<\"u@other\"@d>") == "u@other|d");
    CHECK(path("<\"\"@d>") == "|d");
    CHECK(path("<\"a>b\"@d>") == "a>b|d");
    CHECK(path("<\"\0\"@d>"s) == "bad");
    CHECK(path("<\"\\\0\"@d>"s) == "bad");
    CHECK(path("<\"a@d>") == "bad");
    CHECK(path("<\"a\\") == "bad");
    CHECK(path("<\"a\"b@d>") == "bad");
    CHECK(path("<\"\t\"@d>") == "bad");
}

TEST_CASE("path: A13 address literals are checked") {
    for (const auto* good :
         {"[192.0.2.1]", "[0.0.0.0]", "[255.255.255.255]", "[IPv6:2001:db8::1]", "[IPv6:::]",
          "[IPv6:::1]", "[IPv6:1::]", "[IPv6:1:2:3:4:5:6:7:8]", "[IPv6:::ffff:192.0.2.1]",
          "[ipv6:1:2:3:4:5:6:192.0.2.1]", "[x-tag:any.thing]"})
        CHECK_MESSAGE(is_domain(good), good);
    for (const auto* bad : {"[]",
                            "[",
                            "[1.2.3]",
                            "[1.2.3.4.5]",
                            "[1.2.3.256]",
                            "[1.2.3.1234]",
                            "[1.2.3.4",
                            "[IPv6:]",
                            "[IPv6:1:2:3:4:5:6:7]",
                            "[IPv6:1:2:3:4:5:6:7:8:9]",
                            "[IPv6:1::2::3]",
                            "[IPv6:12345::]",
                            "[IPv6:g::]",
                            "[IPv6:1:2:3:4:5:6:7::8:9]",
                            "[IPv6:::1.2.3]",
                            "[IPv6:1.2.3.4::]",
                            "[IPv6::1]",
                            "[x:]",
                            "[:x]",
                            "[x:a b]",
                            "[x-:y]",
                            "[a.example]"})
        CHECK_MESSAGE(!is_domain(bad), bad);
    CHECK(path("<a@[192.0.2.1]>") == "a|[192.0.2.1]");
    CHECK(path("<a@[IPv6:2001:DB8::1]>") == "a|[ipv6:2001:db8::1]");
    CHECK(path("<a@[192.0.2.1]x>") == "bad");
}

TEST_CASE("path: what RFC 5321 does not allow is refused") {
    for (const auto* bad : {"",
                            "<",
                            "ann@a.example",
                            "<ann>",
                            "<ann@>",
                            "<@a.example>",
                            "<ann@a.example",
                            "< a@b>",
                            "<a@b >",
                            "<a b@c>",
                            "<.a@b>",
                            "<a.@b>",
                            "<a..b@c>",
                            "<a@b.>",
                            "<a@.b>",
                            "<a@b..c>",
                            "<a@-b>",
                            "<a@b->",
                            "<a@b@c>",
                            "<a@b c>",
                            "<a(c)@b>",
                            "<a,b@c>",
                            "<<a@b>>",
                            "<a@b/c>",
                            "<a\\@b>"})
        CHECK_MESSAGE(path(bad) == "bad", bad);
}

TEST_CASE("path: local part, label and domain have their limits") {
    CHECK(path("<" + std::string(320, 'a') + "@b>") != "bad");
    CHECK(path("<" + std::string(321, 'a') + "@b>") == "bad");
    CHECK(path("<\"" + std::string(320, 'a') + "\"@b>") != "bad");
    CHECK(path("<\"" + std::string(321, 'a') + "\"@b>") == "bad");
    CHECK(path("<a@" + std::string(63, 'b') + ">") != "bad");
    CHECK(path("<a@" + std::string(64, 'b') + ">") == "bad");
    std::string domain = std::string(63, 'b');
    for (int i = 0; i < 3; ++i)
        domain += "." + std::string(63, 'b');
    CHECK(domain.size() == 255);
    CHECK(path("<a@" + domain + ">") != "bad");
    CHECK(path("<a@" + domain + "b>") == "bad");
    CHECK(path("<a@" + domain.substr(0, 254) + ".b>") == "bad");
}

TEST_CASE("path: the longest address fits into a header line, each octet of it quoted") {
    mailbox_address address;
    address.local_part = std::string(max_local_part_octets, '"');
    address.domain = std::string(max_domain_octets, 'b');
    // RFC 5322 2.1.1
    CHECK(("X-Original-To: <" + to_text(address) + ">").size() <= 998);
}

TEST_CASE("path: A13 UTF-8 is let through when it is well-formed") {
    CHECK(path("<\xc3\xa4@\xc3\xb6.example>") == "\xc3\xa4|\xc3\xb6.example");
    CHECK(path("<\xc3@a.example>") == "bad");
    CHECK(path("<a@\xff.example>") == "bad");
    CHECK(path("<\"\xe2\x82\"@a.example>") == "bad");
}

TEST_CASE("path: an address is written so that it is read back") {
    for (const auto& local : {"ann"s, "a b"s, "a\"b\\c"s, ""s, "a..b"s, "u@x"s, "\xc3\xa4"s}) {
        mailbox_address address;
        address.local_part = local;
        address.domain = "d.example";
        const auto again = parse_mailbox(to_text(address));
        REQUIRE(again);
        CHECK(again->local_part == local);
        CHECK(again->domain == "d.example");
    }
    CHECK(to_text({}).empty());
    CHECK(!parse_mailbox("ann@a.example x"));
    CHECK(!parse_mailbox(""));
}

TEST_CASE("path: cut anywhere it is refused, never read past its end") {
    const std::string whole = "<@a.example,@b:\"q \\\"x\"@[IPv6:2001:db8::192.0.2.1]>";
    std::string_view rest = whole;
    REQUIRE(parse_path(rest));
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        const std::string part = whole.substr(0, cut);
        rest = part;
        CHECK(!parse_path(rest));
    }
}
