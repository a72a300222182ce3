#include "server/auth/owner_throttle.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hauspost;
using namespace hauspost::auth;
using namespace std::chrono_literals;

namespace {

digest named(unsigned char n) {
    digest made{};
    made[0] = n;
    return made;
}

const std::vector<digest> here{named(1)};

struct door {
    std::chrono::seconds knock(const std::vector<digest>& from = here) {
        return throttle.begin(from, now);
    }
    owner_throttle throttle;
    steady_time now{1h};
};

}  // namespace

TEST_CASE("owner throttle: after five wrong tries there is a pause, which doubles up to an hour") {
    door d;
    for (int n = 0; n < 5; ++n) {
        CHECK(d.throttle.tries_left(here) == 5u - static_cast<unsigned>(n));
        CHECK(d.knock() == 0s);
    }
    CHECK(d.throttle.tries_left(here) == 0);
    for (const auto pause : {60s, 120s, 240s, 480s, 960s, 1920s, 3600s, 3600s}) {
        CHECK(d.knock() == pause);
        d.now += pause - 1s;
        CHECK(d.knock() == 1s);
        d.now += 1s;
        CHECK(d.knock() == 0s);
    }
    CHECK(d.knock({named(2)}) == 0s);  // others are not shut out
    d.now += 24h;
    for (int n = 0; n < 5; ++n)
        CHECK(d.knock() == 0s);
    CHECK(d.knock() == 60s);
}

TEST_CASE("owner throttle: what was right forgets it, what had no verdict does not count") {
    door d;
    for (int n = 0; n < 4; ++n)
        CHECK(d.knock() == 0s);
    d.throttle.right(here);
    for (int n = 0; n < 5; ++n)
        CHECK(d.knock() == 0s);
    CHECK(d.knock() == 60s);
    d.throttle.take_back(here);
    CHECK(d.knock() == 0s);
    CHECK(d.knock() == 60s);
    for (int n = 0; n < 20; ++n)
        d.throttle.take_back(here);
    CHECK(d.throttle.tries_left(here) == 5);
    CHECK(d.knock() == 0s);
}

TEST_CASE("owner throttle: wider networks have three times as many tries each") {
    door d;
    int tries = 0;
    for (unsigned char n = 0; n < 100; ++n)
        if (d.knock({named(n), named(200), named(201)}) == 0s) ++tries;
    CHECK(tries == 15);
}
