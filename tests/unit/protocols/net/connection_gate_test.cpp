#include "protocols/net/connection_gate.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <string>

using namespace hauspost;
using namespace std::chrono_literals;
using net::connection_gate;
using verdict = connection_gate::verdict;

namespace {

asio::ip::address address(const std::string& text) {
    return asio::ip::make_address(text);
}

net::gate_limits no_rate() {
    net::gate_limits limits;
    limits.max_new_per_minute = 0;
    return limits;
}

const steady_time start = std::chrono::steady_clock::now();

}  // namespace

TEST_CASE("gate: thirty connections of one address are admitted, the next is not") {
    connection_gate gate(no_rate());
    const auto from = address("192.0.2.1");
    for (int i = 0; i < 30; ++i)
        CHECK(gate.admit(from, start) == verdict::admitted);
    CHECK(gate.admit(from, start) == verdict::too_many_from_address);
    CHECK(gate.admit(address("192.0.2.2"), start) == verdict::admitted);
    gate.release(from);
    CHECK(gate.admit(from, start) == verdict::admitted);
    CHECK(gate.open() == 31);
}

TEST_CASE("gate: IPv6 counts by its first 64 bits, a mapped address as the IPv4 one") {
    auto limits = no_rate();
    limits.max_per_address = 2;
    connection_gate gate(limits);
    CHECK(gate.admit(address("2001:db8::1"), start) == verdict::admitted);
    CHECK(gate.admit(address("2001:db8::ffff:2"), start) == verdict::admitted);
    CHECK(gate.admit(address("2001:db8::3"), start) == verdict::too_many_from_address);
    CHECK(gate.admit(address("2001:db8:0:1::3"), start) == verdict::admitted);
    CHECK(gate.admit(address("192.0.2.1"), start) == verdict::admitted);
    CHECK(gate.admit(address("::ffff:192.0.2.1"), start) == verdict::admitted);
    CHECK(gate.admit(address("192.0.2.1"), start) == verdict::too_many_from_address);
    gate.release(address("2001:db8::ffff:2"));
    CHECK(gate.admit(address("2001:db8::4"), start) == verdict::admitted);
}

TEST_CASE("gate: who has a whole IPv6 /48 gets nine times as much, not 65,536 times") {
    auto limits = no_rate();
    limits.max_per_address = 2;
    connection_gate gate(limits);
    const auto admitted_of = [&](const std::string& prefix, unsigned lines) {
        int admitted = 0;
        for (unsigned line = 0; line < lines; ++line)
            for (int i = 0; i < 3; ++i)
                if (gate.admit(address(fmt::format(fmt::runtime(prefix), line)), start) ==
                    verdict::admitted)
                    ++admitted;
        return admitted;
    };
    CHECK(admitted_of("2001:db8:1:1{:02x}::1", 256) == 6);    // one /56
    CHECK(admitted_of("2001:db8:1:{:02x}00::1", 200) == 12);  // the rest of its /48: 18 in all
    CHECK(admitted_of("2001:db8:2:{:02x}00::1", 200) == 18);  // another /48
    CHECK(gate.open() == 36);
    gate.release(address("2001:db8:1:100::1"));
    CHECK(gate.admit(address("2001:db8:1:ff00::1"), start) == verdict::admitted);
    CHECK(gate.admit(address("2001:db8:1:ff00::1"), start) == verdict::too_many_from_address);
}

TEST_CASE("gate: one line that knocks without end does not shut out the others of its /48") {
    net::gate_limits limits;
    limits.max_new_per_minute = 2;
    connection_gate gate(limits);
    for (int i = 0; i < 100; ++i)
        gate.admit(address("2001:db8:1::1"), start);
    CHECK(gate.admit(address("2001:db8:1::1"), start) == verdict::too_fast);
    for (const char* neighbour : {"2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:100::1"})
        CHECK(gate.admit(address(neighbour), start) == verdict::admitted);
}

TEST_CASE("gate: the networks of one address are never forgotten while it is looked at") {
    net::gate_limits limits;
    limits.max_remembered = 1;
    connection_gate gate(limits);
    for (unsigned n = 0; n < 100; ++n) {
        const auto from = address(fmt::format("2001:db8:{:x}::1", n % 3));
        REQUIRE(gate.admit(from, start) == verdict::admitted);
        REQUIRE(gate.remembered() <= 4);
        gate.release(from);
        REQUIRE(gate.remembered() == 1);
    }
    CHECK(gate.open() == 0);
}

TEST_CASE("gate: 120 new connections a minute are admitted, the next waits for the minute's end") {
    connection_gate gate{net::gate_limits()};
    const auto from = address("192.0.2.1");
    for (int i = 0; i < 120; ++i) {
        REQUIRE(gate.admit(from, start) == verdict::admitted);
        gate.release(from);
    }
    CHECK(gate.admit(from, start) == verdict::too_fast);
    CHECK(gate.admit(from, start + 59s) == verdict::too_fast);
    CHECK(gate.admit(from, start + 60s) == verdict::admitted);
}

TEST_CASE("gate: loopback is exempt from limits per address when the operator says so") {
    net::gate_limits limits;
    limits.max_connections = 200;
    for (const bool exempt : {true, false}) {
        limits.exempt_loopback = exempt;
        connection_gate gate(limits);
        int admitted = 0;
        for (int i = 0; i < 300; ++i)
            admitted +=
                gate.admit(address(i % 2 == 0 ? "127.0.0.1" : "::1"), start) == verdict::admitted
                    ? 1
                    : 0;
        CHECK(admitted == (exempt ? 200 : 60));
    }
}

TEST_CASE("gate: the limit of all connections holds for loopback too") {
    auto limits = no_rate();
    limits.max_connections = 3;
    limits.max_per_address = 0;
    connection_gate gate(limits);
    CHECK(gate.admit(address("192.0.2.1"), start) == verdict::admitted);
    CHECK(gate.admit(address("192.0.2.1"), start) == verdict::admitted);
    CHECK(gate.admit(address("127.0.0.1"), start) == verdict::admitted);
    CHECK(gate.admit(address("192.0.2.1"), start) == verdict::too_many);
    CHECK(gate.admit(address("127.0.0.1"), start) == verdict::too_many);
    gate.release(address("127.0.0.1"));
    CHECK(gate.admit(address("192.0.2.9"), start) == verdict::admitted);
}

TEST_CASE("gate: stress begins past 80 percent of the slots") {
    auto limits = no_rate();
    limits.max_connections = 10;
    connection_gate gate(limits);
    for (int i = 0; i < 8; ++i)
        REQUIRE(gate.admit(address("127.0.0.1"), start) == verdict::admitted);
    CHECK_FALSE(gate.is_stressed());
    REQUIRE(gate.admit(address("127.0.0.1"), start) == verdict::admitted);
    CHECK(gate.is_stressed());
    gate.release(address("127.0.0.1"));
    CHECK_FALSE(gate.is_stressed());
}

TEST_CASE("gate: limits of 0 are off") {
    net::gate_limits limits;
    limits.max_connections = limits.max_per_address = limits.max_new_per_minute = 0;
    connection_gate gate(limits);
    for (int i = 0; i < 1000; ++i)
        REQUIRE(gate.admit(address("192.0.2.1"), start) == verdict::admitted);
    CHECK_FALSE(gate.is_stressed());
}

TEST_CASE("gate: H04 the table of addresses is bounded and forgets the oldest first") {
    net::gate_limits limits;
    limits.max_remembered = 100;
    limits.max_new_per_minute = 1;
    connection_gate gate(limits);
    const auto nth = [](unsigned n) { return asio::ip::address(asio::ip::address_v4(n)); };
    const auto with_connection = address("192.0.2.1");
    REQUIRE(gate.admit(with_connection, start) == verdict::admitted);
    for (unsigned n = 1; n <= 1000; ++n) {
        REQUIRE(gate.admit(nth(n), start) == verdict::admitted);
        gate.release(nth(n));
        REQUIRE(gate.remembered() <= 101);
    }
    CHECK(gate.remembered() == 101);
    CHECK(gate.admit(nth(1000), start) == verdict::too_fast);        // still known
    CHECK(gate.admit(with_connection, start) == verdict::too_fast);  // has a connection: kept
    CHECK(gate.admit(nth(1), start) == verdict::admitted);           // forgotten
}

TEST_CASE("gate: refused connections leave no count behind") {
    auto limits = no_rate();
    limits.max_connections = 1;
    connection_gate gate(limits);
    const auto from = address("192.0.2.1");
    REQUIRE(gate.admit(from, start) == verdict::admitted);
    for (int i = 0; i < 50; ++i)
        REQUIRE(gate.admit(from, start) == verdict::too_many);
    gate.release(from);
    CHECK(gate.open() == 0);
    CHECK(gate.admit(from, start) == verdict::admitted);
}

TEST_CASE("gate: H02 the limit of open files bounds the connections and keeps a reserve") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const auto hard = static_cast<std::size_t>(before.rlim_max);
    const auto kept = std::min<std::size_t>(1024, hard / 2);
    rlimit low = before;
    low.rlim_cur = std::min<rlim_t>(256, before.rlim_max);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    CHECK(net::connections_for_open_files(10) == 10);
    rlimit raised{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &raised) == 0);
    CHECK(raised.rlim_cur == before.rlim_max);  // the store has what the connections leave
    CHECK(net::connections_for_open_files(hard - kept) == hard - kept);
    CHECK(net::connections_for_open_files(hard - kept + 1) == hard - kept);
    CHECK(net::connections_for_open_files(hard, hard) == hard - hard / 2);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}
