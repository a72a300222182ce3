#include "protocols/query/search_text.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hauspost;
using namespace hauspost::query;

namespace {

message::part text_part(std::uint64_t from, std::uint64_t octets) {
    message::part made;
    made.type_name = "text/plain";
    made.header = made.body = from;
    made.end = from + octets;
    return made;
}

}  // namespace

TEST_CASE("B06 SEARCH: of one message's body at most 16 MiB are read, to the octet") {
    constexpr auto most = max_searched_octets_of_body;
    const auto octets_of = [](std::uint64_t octets) {
        const auto ranges = body_ranges({text_part(100, octets)}, most);
        return ranges.empty() ? 0 : ranges.front().octets;
    };
    CHECK(octets_of(most) == most);
    CHECK(octets_of(most + 1) == most);
    // What the first part leaves is for the next.
    const auto two = body_ranges({text_part(0, most - 5), text_part(most, 10)}, most);
    REQUIRE(two.size() == 2);
    CHECK(two[1].offset == most);
    CHECK(two[1].octets == 5);
    CHECK(body_ranges({text_part(0, most), text_part(most, 10)}, most).size() == 1);
}
