#include "base/peer_networks.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace hauspost;

namespace {

std::vector<std::string> networks(const char* address) {
    std::vector<std::string> all;
    for (const auto& one : peer_networks(boost::asio::ip::make_address(address)))
        all.push_back(to_text(one));
    return all;
}

}  // namespace

TEST_CASE("peer_networks: RFC 6177 an IPv6 address is one of a line, a home, and a site") {
    CHECK(networks("2001:db8:1:1ff:2:3:4:5") == std::vector<std::string>{"2001:db8:1:1ff::/64",
                                                                         "2001:db8:1:100::/56",
                                                                         "2001:db8:1::/48"});
    CHECK(networks("192.0.2.1") == std::vector<std::string>{"192.0.2.1"});
    CHECK(networks("::ffff:192.0.2.1") == std::vector<std::string>{"192.0.2.1"});
    CHECK(networks("fe80::1%lo") == networks("fe80::2"));
}

TEST_CASE("peer_networks: the networks of one address are different ones even where all is zero") {
    const peer_networks all(boost::asio::ip::make_address("2001:db8::1"));
    REQUIRE(all.size() == 3);
    CHECK(all.begin()[0] != all.begin()[1]);
    CHECK(all.begin()[1] != all.begin()[2]);
}

TEST_CASE("peer_networks: wider ones get three times as much each, without overflow") {
    CHECK(limit_of_network(10, 0) == 10);
    CHECK(limit_of_network(10, 1) == 30);
    CHECK(limit_of_network(10, 2) == 90);
    CHECK(limit_of_network(UINT64_MAX / 2, 2) >= UINT64_MAX / 2);
}
