#include "base/octets.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

using namespace hauspost;

TEST_CASE("octets: big-endian numbers come back and sort as numbers do") {
    std::string key;
    append_be<std::uint32_t>(key, 0x01020304);
    CHECK(key == std::string("\x01\x02\x03\x04", 4));
    CHECK(load_be<std::uint32_t>(key.data()) == 0x01020304);
    std::string previous;
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256},
          std::uint64_t{1} << 32, std::numeric_limits<std::uint64_t>::max()}) {
        std::string now;
        append_be(now, number);
        CHECK(load_be<std::uint64_t>(now.data()) == number);
        CHECK((previous.empty() || previous < now));
        previous = now;
    }
}

TEST_CASE("octets: a record that was written is read back part by part") {
    std::string row;
    append_le<std::uint8_t>(row, 7);
    append_le<std::int64_t>(row, -5);
    append_text(row, "subject");
    append_text(row, "");
    row += "rest";
    octet_reader reader(row);
    CHECK(reader.number<std::uint8_t>() == 7);
    CHECK(reader.number<std::int64_t>() == -5);
    CHECK(reader.text() == "subject");
    CHECK(reader.text().empty());
    CHECK(reader.rest() == "rest");
    CHECK(reader.ok());
}

TEST_CASE("octets: a record cut anywhere is told as damaged, and gives zeros from there on") {
    std::string row;
    append_le<std::uint32_t>(row, 1);
    append_text(row, "text");
    for (std::size_t cut = 0; cut < row.size(); ++cut) {
        octet_reader reader(std::string_view(row).substr(0, cut));
        reader.number<std::uint32_t>();
        reader.text();
        CHECK_FALSE(reader.ok());
        CHECK(reader.number<std::uint8_t>() == 0);
        CHECK(reader.rest().empty());
    }
}

TEST_CASE("octets: a length that lies does not reach past the end") {
    std::string row;
    append_le<std::uint32_t>(row, 0xffffffff);
    row += "abc";
    octet_reader reader(row);
    CHECK(reader.text().empty());
    CHECK_FALSE(reader.ok());
}

TEST_CASE("octets: a stored number replaces octets in place") {
    std::string row = "abcdefgh";
    store_le<std::uint32_t>(row.data() + 2, 0x31323334);
    CHECK(row == "ab4321gh");
}
