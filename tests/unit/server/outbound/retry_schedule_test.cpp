#include "server/outbound/retry_schedule.hpp"

#include <doctest/doctest.h>

using namespace hauspost::outbound;

TEST_CASE("outbound retry: pauses double until the longest one") {
    const retry_settings usual;
    CHECK(next_attempt(usual, 1, 1000) == 1000 + 5 * 60);
    CHECK(next_attempt(usual, 2, 1000) == 1000 + 10 * 60);
    CHECK(next_attempt(usual, 3, 1000) == 1000 + 20 * 60);
    CHECK(next_attempt(usual, 6, 1000) == 1000 + 160 * 60);
    CHECK(next_attempt(usual, 7, 1000) == 1000 + 4 * 3600);
    CHECK(next_attempt(usual, 65'535, 1000) == 1000 + 4 * 3600);
    CHECK(next_attempt(usual, 0, 1000) == 1000 + 5 * 60);  // one that was released
}

TEST_CASE("outbound retry: no pause is longer than the longest, nor the first") {
    retry_settings odd;
    odd.first = odd.longest = std::chrono::seconds(7);
    CHECK(next_attempt(odd, 1, 0) == 7);
    CHECK(next_attempt(odd, 9, 0) == 7);
}

TEST_CASE("outbound retry: after the time to give up no further attempt is made") {
    retry_settings short_life;
    short_life.give_up = std::chrono::seconds(100);
    CHECK_FALSE(is_time_over(short_life, 1000, 1100));
    CHECK(is_time_over(short_life, 1000, 1101));
}

TEST_CASE("outbound retry: senders hear of a delay when it is one") {
    const retry_settings usual;
    CHECK_FALSE(is_late(usual, 0, 4 * 3600 - 1));
    CHECK(is_late(usual, 0, 4 * 3600));
}
