#include "protocols/wire/input_buffer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using hauspost::wire::input_buffer;

namespace {

/// As a session reads.
void put(input_buffer& into, std::string_view octets, std::size_t room) {
    const auto free = into.room(room);
    REQUIRE(free.size() >= room);
    octets.copy(free.data(), octets.size());
    into.added(octets.size());
}

}  // namespace

TEST_CASE("input buffer: octets stay in order, whatever is taken between two reads") {
    for (const std::size_t room : {1u, 3u, 64u}) {
        input_buffer buffer;
        std::string left, taken;
        for (int n = 0; n < 200; ++n) {
            const std::string one(1, static_cast<char>('a' + n % 26));
            put(buffer, one, room);
            left += one;
            CHECK(buffer.octets() == left);
            const auto count = static_cast<std::size_t>(n % 3 == 2 ? 2 : 0);
            taken = buffer.octets().substr(0, count);
            CHECK(taken == left.substr(0, count));
            buffer.consume(count);
            left.erase(0, count);
            CHECK(buffer.size() == left.size());
        }
        CHECK(buffer.octets() == left);
    }
}

TEST_CASE("input buffer: what is taken makes room for what comes") {
    input_buffer buffer;
    for (int n = 0; n < 1000; ++n) {
        put(buffer, "12345678", 8);
        buffer.consume(n % 100 == 0 ? 4 : 8);
        CHECK(buffer.capacity() <= 8 + 4 * 11 + 8);
    }
}

TEST_CASE("input buffer: much room for little is given back, and no octet is lost by that") {
    input_buffer buffer;
    buffer.shrink();
    CHECK(buffer.capacity() == 0);
    put(buffer, "abcd", 4096);
    buffer.consume(1);
    buffer.release();
    CHECK(buffer.capacity() == 4096);
    buffer.shrink();
    CHECK(buffer.capacity() == 3);
    CHECK(buffer.octets() == "bcd");
    put(buffer, "e", 6);
    buffer.shrink();  // not worth a copy
    CHECK(buffer.capacity() == 9);
    CHECK(buffer.octets() == "bcde");
    buffer.consume(4);
    buffer.shrink();
    CHECK(buffer.capacity() == 0);
    buffer.append("fg");
    CHECK(buffer.octets() == "fg");
    buffer.writable()[0] = 'F';
    CHECK(buffer.octets() == "Fg");
    buffer.clear();
    CHECK(buffer.is_empty());
}
