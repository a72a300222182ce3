#include "base/random.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace hauspost;

TEST_CASE("random: as many octets as were asked for, and never the same twice") {
    CHECK(random::octets(0).empty());
    CHECK(random::octets(33).size() == 33);
    CHECK(random::octets(16) != random::octets(16));
    CHECK(random::number() != random::number());
}

TEST_CASE("random: a readable text has no letter that looks like another, and all are likely") {
    std::map<char, int> counts;
    for (const char c : random::readable(57'000))
        ++counts[c];
    CHECK(counts.size() == 57);
    for (const char c : std::string("0O1lI"))
        CHECK(counts.count(c) == 0);
    for (const auto& [c, count] : counts) {
        CHECK(count > 700);  // 1000 expected; 9 standard deviations away
        CHECK(count < 1300);
    }
    CHECK(random::readable(20).size() == 20);
    CHECK(random::readable(0).empty());
}
