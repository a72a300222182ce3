#include "base/network_list.hpp"

#include <doctest/doctest.h>

#include <string>

using hauspost::network_list;

namespace {

std::string said(std::string_view text) {
    const auto list = network_list::parse(text);
    return list ? list->to_text() : "none";
}

}  // namespace

TEST_CASE("network list: what is typed is told in one form, each once") {
    CHECK(said("").empty());
    CHECK(said(" , ").empty());
    CHECK(said("192.0.2.7") == "192.0.2.7");
    CHECK(said("192.0.2.7/24, 192.0.2.9/24  2001:DB8:0:1::5/64") ==
          "192.0.2.0/24 2001:db8:0:1::/64");
    CHECK(said("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(said("192.0.2.7/32 2001:db8::1/128") == "192.0.2.7 2001:db8::1");
    CHECK(said("10.255.255.255/9") == "10.128.0.0/9");
}

TEST_CASE("network list: what is no network, or too wide a one, is none") {
    for (const auto* wrong :
         {"here", "192.0.2", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/7", "0.0.0.0/0", "::/0",
          "2001:db8::/31", "2001:db8::/129", "192.0.2.0/24x", "192.0.2.0/-1", "fe80::1%eth0",
          "192.0.2.7;192.0.2.8"})
        CHECK_MESSAGE(said(wrong) == "none", wrong);
    std::string many;
    for (std::size_t n = 0; n < network_list::max_networks; ++n)
        many += " 192.0.2." + std::to_string(n);
    CHECK(network_list::parse(many).has_value());
    CHECK_FALSE(network_list::parse(many + " 192.0.2.255").has_value());
}

TEST_CASE("network list: an address is in a network bit by bit") {
    const auto list = network_list::parse("192.0.2.16/28 198.51.100.1 2001:db8:1:80::/57").value();
    CHECK(list.contains("192.0.2.16"));
    CHECK(list.contains("192.0.2.31"));
    CHECK_FALSE(list.contains("192.0.2.15"));
    CHECK_FALSE(list.contains("192.0.2.32"));
    CHECK(list.contains("::ffff:198.51.100.1"));
    CHECK_FALSE(list.contains("198.51.100.2"));
    CHECK(list.contains("2001:db8:1:80::1"));
    CHECK(list.contains("2001:db8:1:ff::1"));
    CHECK_FALSE(list.contains("2001:db8:1:7f::1"));
    CHECK_FALSE(list.contains("2001:db8:1:100::1"));
    CHECK_FALSE(list.contains("nowhere"));
    CHECK_FALSE(network_list().contains("192.0.2.16"));
    // The octets of an IPv4 network are not those of an IPv6 one.
    CHECK_FALSE(network_list::parse("32.1.13.184/32")->contains("2001:db8::"));
}
