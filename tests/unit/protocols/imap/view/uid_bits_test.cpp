#include "protocols/imap/view/uid_bits.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace hauspost;
using namespace hauspost::imap;

TEST_CASE("uid bits: random inserts and erasures agree with a set") {
    std::mt19937 random(7);
    uid_bits bits;
    std::set<std::uint32_t> model;
    for (int step = 0; step < 20'000; ++step) {
        const auto id =
            static_cast<std::uint32_t>(random() % 700 + (random() % 2) * 4'294'966'000u);
        if (random() % 2 == 0)
            REQUIRE(bits.insert(uid(id)) == model.insert(id).second);
        else
            REQUIRE(bits.erase(uid(id)) == (model.erase(id) == 1));
        const auto asked = static_cast<std::uint32_t>(random() % 800);
        REQUIRE(bits.contains(uid(asked)) == model.contains(asked));
    }
}
