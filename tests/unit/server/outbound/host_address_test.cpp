#include "server/outbound/host_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost::outbound;

namespace {

namespace ip = boost::asio::ip;

reach of(const char* text) {
    return reach_of(ip::make_address(text));
}

std::vector<ip::address> addresses(const std::vector<const char*>& texts) {
    std::vector<ip::address> all;
    for (const char* text : texts)
        all.push_back(ip::make_address(text));
    return all;
}

}  // namespace

TEST_CASE("host address: A22 what leads inwards, and what leads to nobody") {
    for (const char* text : {"10.0.0.0",          "10.255.255.255",
                             "100.64.0.1",        "100.127.255.255",
                             "127.0.0.1",         "127.255.255.255",
                             "169.254.169.254",   "172.16.0.1",
                             "172.31.255.255",    "192.0.0.8",
                             "192.168.1.1",       "198.18.0.1",
                             "198.19.255.255",    "::1",
                             "fc00::1",           "fdff::1",
                             "fec0::1",           "64:ff9b:1::1",
                             "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1"})
        CHECK_MESSAGE(of(text) == reach::inward, text);
    for (const char* text :
         {"0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
          "::", "::127.0.0.1", "fe80::1", "febf::1", "ff02::1", "64:ff9b::224.0.0.1"})
        CHECK_MESSAGE(of(text) == reach::nobody, text);
    for (const char* text :
         {"1.0.0.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
          "126.255.255.255", "128.0.0.1", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.2.1",
          "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
          "2001:db8::1", "fbff::1", "64:ff9b::192.0.2.1"})
        CHECK_MESSAGE(of(text) == reach::outside, text);
}

TEST_CASE("host address: A22 an IPv4-mapped address is the IPv4 address") {
    CHECK(in_plain_form(ip::make_address("::ffff:127.0.0.1")) == ip::make_address("127.0.0.1"));
    CHECK(in_plain_form(ip::make_address("2001:db8::1")) == ip::make_address("2001:db8::1"));
    CHECK(in_plain_form(ip::make_address("192.0.2.1")) == ip::make_address("192.0.2.1"));
}

TEST_CASE("host address: literals of both families") {
    CHECK(parse_address_literal("[192.0.2.1]") == ip::make_address("192.0.2.1"));
    CHECK(parse_address_literal("[IPv6:2001:db8::1]") == ip::make_address("2001:db8::1"));
    CHECK(parse_address_literal("[ipv6:2001:DB8::1]") == ip::make_address("2001:db8::1"));
    CHECK(parse_address_literal("[IPv6:::ffff:192.0.2.1]") == ip::make_address("192.0.2.1"));
}

TEST_CASE("host address: what is no literal of an address") {
    for (const char* text :
         {"", "[", "]", "[]", "192.0.2.1", "[192.0.2]", "[192.0.2.1", "[192.0.2.256]",
          "[192.0.2.1]x", "[2001:db8::1]", "[IPv6:]", "[IPv6:192.0.2.1]", "[IPv6:fe80::1%eth0]",
          "[tag:content]", "[192.0.2.1 ]", "[IPv6:1:2:3:4:5:6:7:8:9]"})
        CHECK_MESSAGE(!parse_address_literal(text), text);
    CHECK_FALSE(parse_address_literal(std::string_view("[192.0.2.1\0]", 12)));
    CHECK_FALSE(parse_address_literal('[' + std::string(100'000, '1') + ']'));
}

TEST_CASE("host address: both families in turn, IPv6 first, each address once, up to a limit") {
    const auto all = addresses({"192.0.2.1", "192.0.2.2", "192.0.2.1", "2001:db8::1", "192.0.2.3"});
    CHECK(in_turn(all, 10) == addresses({"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"}));
    CHECK(in_turn(all, 2) == addresses({"2001:db8::1", "192.0.2.1"}));
    CHECK(in_turn({}, 2).empty());
    const auto six = addresses({"2001:db8::2", "2001:db8::1", "192.0.2.1"});
    CHECK(in_turn(six, 10) == addresses({"2001:db8::2", "192.0.2.1", "2001:db8::1"}));
}
