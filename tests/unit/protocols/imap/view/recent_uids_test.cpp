#include "protocols/imap/view/recent_uids.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::imap;

TEST_CASE("recent: batches that meet are one, what another session has lies between") {
    recent_uids recent;
    CHECK_FALSE(recent.contains(uid(1)));
    recent.add(uid(3), uid(4));
    recent.add(uid(5), uid(5));
    CHECK(recent.ranges() == mail::uid_ranges{{uid(3), uid(5)}});
    recent.add(uid(8), uid(9));
    CHECK(recent.ranges().size() == 2);
    for (std::uint32_t id = 1; id <= 10; ++id)
        CHECK(recent.contains(uid(id)) == ((id >= 3 && id <= 5) || id == 8 || id == 9));
    recent.clear();
    CHECK_FALSE(recent.contains(uid(3)));
}

TEST_CASE("recent: what was there before is passed over") {
    recent_uids recent;
    recent.add(uid(3), uid(6));
    recent.add(uid(2), uid(5));
    CHECK(recent.ranges() == mail::uid_ranges{{uid(3), uid(6)}});
    recent.add(uid(2), uid(8));
    CHECK(recent.ranges() == mail::uid_ranges{{uid(3), uid(8)}});
    recent.add(uid(10), uid(9));
    CHECK(recent.ranges().size() == 1);
}

TEST_CASE("recent: who has very many batches forgets the oldest") {
    recent_uids recent;
    const auto count = static_cast<std::uint32_t>(recent_uids::max_ranges);
    for (std::uint32_t n = 1; n <= count + 1; ++n)
        recent.add(uid(2 * n), uid(2 * n));
    CHECK(recent.ranges().size() == recent_uids::max_ranges);
    CHECK_FALSE(recent.contains(uid(2)));
    CHECK(recent.contains(uid(4)));
    CHECK(recent.contains(uid(2 * count + 2)));
}

TEST_CASE("recent: the largest UID there is") {
    recent_uids recent;
    recent.add(uid(7), uid(UINT32_MAX));
    recent.add(uid(9), uid(UINT32_MAX));
    CHECK(recent.ranges() == mail::uid_ranges{{uid(7), uid(UINT32_MAX)}});
}
