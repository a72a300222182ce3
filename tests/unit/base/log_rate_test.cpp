#include "base/log_rate.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;

namespace {

int written(log_rate& rate, const std::string& fact, int times, steady_time now) {
    int count = 0;
    for (int i = 0; i < times; ++i)
        count += rate.admit(fact, now).is_written ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("log_rate: a connection has its lines at once, then one for each refill") {
    log_rate rate;
    const steady_time start{};
    CHECK(written(rate, "refuse cid=5 verb=SELECT", log_rate::burst + 50, start) ==
          log_rate::burst);
    CHECK(written(rate, "refuse cid=5 verb=SELECT", 9, start + log_rate::refill) == 1);
    CHECK(written(rate, "refuse cid=6", 1, start) == 1);  // another one
    CHECK(written(rate, "refuse cid=5", 1000, start + 1000 * log_rate::refill) == log_rate::burst);
}

TEST_CASE("log_rate: the next line that is written says how many were not") {
    log_rate rate;
    const steady_time start{};
    written(rate, "refuse cid=5", log_rate::burst + 17, start);
    const auto later = rate.admit("refuse cid=5", start + log_rate::refill);
    CHECK(later.is_written);
    CHECK(later.left_out == 17);
    CHECK(later.connection == 5);
    CHECK(rate.admit("refuse cid=5", start + 2 * log_rate::refill).left_out == 0);
}

TEST_CASE("log_rate: what was done, and a connection's ends, are written whatever the rate") {
    log_rate rate;
    const steady_time start{};
    written(rate, "refuse cid=5", log_rate::burst + 3, start);
    for (const auto* word : {"start", "message", "deliver"})
        CHECK(written(rate, std::string(word) + " cid=5 proto=smtp", 1000, start) == 1000);
    written(rate, "refuse cid=5", 4, start);
    const auto end = rate.admit("end cid=5 proto=smtp", start);
    CHECK(end.is_written);
    CHECK(end.left_out == 4);
}

TEST_CASE("log_rate: only the first key names a connection, not what a peer has said") {
    log_rate rate;
    const steady_time start{};
    CHECK(written(rate, "route id=1 rcpt=\"x cid=5\"", 1000, start) == 1000);
    CHECK(written(rate, "stop", 1000, start) == 1000);
    CHECK(written(rate, "refuse cid=x", 1000, start) == 1000);
    CHECK(written(rate, "", 1000, start) == 1000);
    CHECK(written(rate, "refuse cid=5", 1, start) == 1);
}

TEST_CASE("log_rate: more connections than it remembers share a rate, and memory stays") {
    log_rate rate;
    const steady_time start{};
    int count = 0;
    for (int id = 0; id < 1'000'000; ++id)
        count += written(rate, "refuse cid=" + std::to_string(id), 1, start);
    CHECK(count < 1'000'000);  // 8,192 of them have a rate each
    CHECK(count == 8192 * log_rate::burst);
}
