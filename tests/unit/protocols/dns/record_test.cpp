#include "protocols/dns/record.hpp"

#include "tests/support/fake_resolver.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::dns;

TEST_CASE("dns record: an MX has a preference and a host") {
    const auto record = parse_mx(test::mx_rdata(0x0102, "MX.example.test"));
    REQUIRE(record);
    CHECK(record->preference == 0x0102);
    CHECK(record->exchange == "mx.example.test");
    const auto null_mx = parse_mx(test::mx_rdata(0, ""));
    REQUIRE(null_mx);
    CHECK(null_mx->exchange.empty());
}

TEST_CASE("dns record: F04 a short MX is none, wherever it ends, and so is one with more behind") {
    const auto whole = test::mx_rdata(10, "mx.example.test");
    for (std::size_t end = 0; end < whole.size(); ++end) {
        // A copy of exactly this size, so that a sanitizer sees any octet behind it.
        const std::string cut(whole, 0, end);
        CHECK_FALSE(parse_mx(cut));
    }
    CHECK_FALSE(parse_mx(whole + 'x'));
    CHECK_FALSE(parse_mx(std::string("\0\x0a\xc0\x0c", 4)));
}

TEST_CASE("dns record: a TLSA has three numbers and data") {
    const auto record = parse_tlsa(std::string("\x03\x01\x01", 3) + std::string(32, 'd'));
    REQUIRE(record);
    CHECK(record->usage == 3);
    CHECK(record->selector == 1);
    CHECK(record->matching_type == 1);
    CHECK(record->data == std::string(32, 'd'));
    const auto unknown = parse_tlsa("\xff\xfe\xfdx");
    REQUIRE(unknown);
    CHECK(unknown->usage == 255);
}

TEST_CASE("dns record: F04 a TLSA that is too short or too long is none") {
    for (const char* text : {"", "\x03", "\x03\x01", "\x03\x01\x01"})
        CHECK_FALSE(parse_tlsa(text));
    CHECK(parse_tlsa("\x03\x01\x01" + std::string(max_association_octets, 'd')));
    CHECK_FALSE(parse_tlsa("\x03\x01\x01" + std::string(max_association_octets + 1, 'd')));
}

TEST_CASE("dns record: an SRV has three numbers and a target, which may be none") {
    const auto wire = std::string("\0\1\0\2\1\xd1", 6) + test::wire_name("Mail.A.example");
    const auto record = parse_srv(wire);
    REQUIRE(record);
    CHECK(record->priority == 1);
    CHECK(record->weight == 2);
    CHECK(record->port == 465);
    CHECK(record->target == "mail.a.example");
    CHECK(parse_srv(std::string(7, '\0'))->target.empty());
    for (std::size_t end = 0; end < wire.size(); ++end)
        CHECK_FALSE(parse_srv(std::string(wire, 0, end)));
    CHECK_FALSE(parse_srv(wire + 'x'));
}

TEST_CASE("dns record: a CAA has flags, a tag and a value, and F04 a tag that lies is none") {
    const auto record = parse_caa(std::string("\x80\x05Issueca.example", 17));
    REQUIRE(record);
    CHECK(record->flags == 128);
    CHECK(record->tag == "issue");
    CHECK(record->value == "ca.example");
    CHECK(parse_caa(std::string("\0\x05issue", 7))->value.empty());
    CHECK_FALSE(parse_caa(""));
    CHECK_FALSE(parse_caa(std::string("\0\0x", 3)));
    CHECK_FALSE(parse_caa(std::string("\0\x09issue", 7)));
    CHECK_FALSE(parse_caa(std::string("\0\x05is ue", 7)));
    CHECK_FALSE(parse_caa(std::string("\0\x01i", 3) + std::string(max_text_octets + 1, 'v')));
}

TEST_CASE("dns record: the strings of a TXT are one text, with nothing between them") {
    CHECK(parse_txt("\x06v=spf1\x05 -all") == "v=spf1 -all");
    CHECK(parse_txt(std::string(1, '\0')) == "");
    CHECK(parse_txt(test::txt_rdata(std::string(600, 't'))) == std::string(600, 't'));
    CHECK(parse_txt(std::string("\x03\0\r\n", 4)) == std::string("\0\r\n", 3));
}

TEST_CASE("dns record: F04 a TXT whose lengths lie is none, and one that is too long is cut") {
    CHECK_FALSE(parse_txt(""));
    CHECK_FALSE(parse_txt("\x07v=spf1"));
    CHECK_FALSE(parse_txt("\x06v=spf1\xff"));
    const std::string longest(max_text_octets, 't');
    CHECK(parse_txt(test::txt_rdata(longest)) == longest);
    CHECK(parse_txt(test::txt_rdata(longest + "u")) == longest);
    CHECK(parse_txt(test::txt_rdata(std::string(64'000, 't'))) == longest);
    CHECK_FALSE(parse_txt(test::txt_rdata(longest + "u") + "\x09short"));
}

TEST_CASE("dns record: F04 addresses have their length and no other") {
    CHECK(parse_a("\xc0\x00\x02\x01") == std::nullopt);  // C strings end at NUL: three octets
    CHECK(parse_a(test::address_rdata("192.0.2.1")) == asio::ip::make_address("192.0.2.1"));
    CHECK(parse_aaaa(test::address_rdata("2001:db8::1")) == asio::ip::make_address("2001:db8::1"));
    for (std::size_t size = 0; size < 32; ++size) {
        if (size != 4) CHECK_FALSE(parse_a(std::string(size, '1')));
        if (size != 16) CHECK_FALSE(parse_aaaa(std::string(size, '1')));
    }
}

TEST_CASE("dns record: F04 a PTR names one host, and nothing odd") {
    CHECK(parse_host(test::wire_name("Mail.Example.test")) == "mail.example.test");
    CHECK_FALSE(parse_host(""));
    CHECK_FALSE(parse_host(std::string(1, '\0')));
    CHECK_FALSE(parse_host(test::wire_name("mail.example.test") + "x"));
    CHECK_FALSE(parse_host(test::wire_name("a${run{x}}.example")));
}
