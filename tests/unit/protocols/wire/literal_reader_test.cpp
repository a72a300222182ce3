#include "protocols/wire/literal_reader.hpp"

#include <doctest/doctest.h>

using namespace hauspost::wire;

TEST_CASE("literal reader: exactly the announced octets are taken, in any pieces") {
    literal_reader reader(10);
    CHECK(reader.take(4) == 4);
    CHECK_FALSE(reader.is_done());
    CHECK(reader.take(100) == 6);
    CHECK(reader.is_done());
    CHECK(reader.take(100) == 0);
    CHECK(literal_reader(0).is_done());
    CHECK(literal_reader(UINT64_MAX).take(7) == 7);
}

TEST_CASE("octet count: B01 A09 only plain digits below 2^64 are a count") {
    CHECK(parse_octet_count("0") == 0u);
    CHECK(parse_octet_count("18446744073709551615") == UINT64_MAX);
    CHECK(parse_octet_count("00000000000000000042") == 42u);
    for (const auto* bad : {"", "-1", "+5", " 5", "5 ", "0x10", "1e3", "18446744073709551616",
                            "99999999999999999999", "000000000000000000042"})
        CHECK_MESSAGE(!parse_octet_count(bad), bad);
}
