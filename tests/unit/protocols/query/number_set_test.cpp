#include "protocols/query/number_set.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::query;

TEST_CASE("number set: ranges in any order and either direction are joined") {
    number_set set;
    set.add(8, 8);
    set.add(4, 2);
    set.add(5, 7);
    set.add(UINT32_MAX, UINT32_MAX - 1);
    set.close();
    CHECK(set.resolve(0) == number_ranges{{2, 8}, {UINT32_MAX - 1, UINT32_MAX}});
    CHECK(set.largest_number() == UINT32_MAX);
    CHECK_FALSE(set.has_largest());
}

TEST_CASE("number set: the largest number is looked up when it is known") {
    number_set set;
    set.add(1, 2);
    set.add_to_largest(9);
    set.add_to_largest(0);
    set.close();
    CHECK(set.has_largest());
    CHECK(set.largest_number() == 9);
    CHECK(set.resolve(12) == number_ranges{{1, 2}, {9, 12}});
    CHECK(set.resolve(5) == number_ranges{{1, 2}, {5, 9}});
    CHECK(set.resolve(0) == number_ranges{{1, 2}});
}

TEST_CASE("number set: a saved result means nothing by itself") {
    const auto set = number_set::saved_result();
    CHECK(set.is_saved_result());
    CHECK(set.resolve(100).empty());
    CHECK_FALSE(number_set().is_saved_result());
}

TEST_CASE("number ranges: contain their ends and nothing between them") {
    const auto ranges = number_ranges{{2, 4}, {8, 8}, {10, UINT32_MAX}};
    for (const std::uint32_t inside : {2u, 3u, 4u, 8u, 10u, 4294967295u})
        CHECK(contains(ranges, inside));
    for (const std::uint32_t outside : {0u, 1u, 5u, 7u, 9u})
        CHECK_FALSE(contains(ranges, outside));
    CHECK_FALSE(contains(number_ranges(), 1));
}

TEST_CASE("number set: ranges of UIDs contain their ends") {
    const mail::uid_ranges ranges{{uid(2), uid(4)}, {uid(8), uid(8)}};
    for (const auto inside : {2u, 3u, 4u, 8u})
        CHECK(contains(ranges, uid(inside)));
    for (const auto outside : {1u, 5u, 7u, 9u})
        CHECK_FALSE(contains(ranges, uid(outside)));
    CHECK_FALSE(contains(mail::uid_ranges(), uid(1)));
}
