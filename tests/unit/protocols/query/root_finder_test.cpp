// Mirrors protocols/query/root_finder.cpp.
#include "protocols/query/root_finder.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace hauspost::query;

namespace {

std::uint32_t walk_up(const root_finder& forest, std::uint32_t node) {
    while (forest.parent(node) != root_finder::none)
        node = forest.parent(node);
    return node;
}

}  // namespace

TEST_CASE("root finder: random links and cuts, shallow and deep, agree with going up") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        std::mt19937 random(seed);
        root_finder forest;
        const std::uint32_t count = seed < 10 ? 40 : 400;
        for (std::uint32_t n = 0; n < count; ++n)
            forest.add();
        // A long chain first, so that the other representation is in use for some.
        for (std::uint32_t n = 1; seed % 2 == 1 && n < count; ++n)
            forest.link(n, n - 1);
        for (int step = 0; step < 3'000; ++step) {
            const auto child = static_cast<std::uint32_t>(random() % count);
            const auto parent = static_cast<std::uint32_t>(random() % count);
            if (random() % 4 == 0) forest.cut(child);
            REQUIRE(forest.root_of(parent) == walk_up(forest, parent));
            if (forest.parent(child) == root_finder::none && forest.root_of(parent) != child)
                forest.link(child, parent);
            if (random() % 50 == 0) forest.add();
        }
        for (std::uint32_t n = 0; n < forest.size(); ++n)
            REQUIRE(forest.root_of(n) == walk_up(forest, n));
    }
}

TEST_CASE("root finder: 300,000 nodes in one chain are asked for their root quickly") {
    root_finder forest;
    forest.add();
    std::uint32_t sum = 0;
    for (std::uint32_t n = 1; n < 300'000; ++n) {
        forest.link(forest.add(), n - 1);
        sum += forest.root_of(n);
    }
    CHECK(sum == 0);
}
