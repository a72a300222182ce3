#include "server/outbound/destination_rates.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hauspost;
using outbound::destination_rates;
using outbound::rate_settings;

namespace {

storage::claim_request at(destination_rates& rates, std::int64_t now) {
    storage::claim_request wanted;
    wanted.now = now;
    rates.limit(wanted);
    return wanted;
}

bool is_busy(const storage::claim_request& wanted, const std::string& domain) {
    return std::ranges::find(wanted.busy, domain) != wanted.busy.end();
}

}  // namespace

TEST_CASE("destination rates: without a limit nothing is counted") {
    const rate_settings settings;
    destination_rates rates(settings);
    rates.note("one.example", 1'000'000, 100);
    const auto wanted = at(rates, 100);
    CHECK(wanted.busy.empty());
    CHECK(wanted.most_messages == SIZE_MAX);
    CHECK(wanted.most_messages_of.empty());
    CHECK_FALSE(rates.next_room());
}

TEST_CASE("destination rates: a domain gets what is left of its minute, and nothing beyond it") {
    const rate_settings settings{10, {}};
    destination_rates rates(settings);
    CHECK(at(rates, 100).most_messages == 10);
    rates.note("one.example", 4, 100);
    CHECK(at(rates, 100).most_messages_of.at("one.example") == 6);
    rates.note("one.example", 6, 130);
    CHECK(is_busy(at(rates, 130), "one.example"));
    CHECK_FALSE(is_busy(at(rates, 130), "two.example"));
    CHECK(rates.next_room() == 160);
    CHECK(is_busy(at(rates, 159), "one.example"));
    CHECK(at(rates, 160).most_messages_of.at("one.example") == 4);  // the 6 still count
    CHECK_FALSE(rates.next_room());
    CHECK(at(rates, 190).most_messages_of.empty());  // and nothing of it is kept
}

TEST_CASE("destination rates: a domain that is named has its own, or none") {
    const rate_settings settings{10, {{"slow.example", 1}, {"free.example", 0}}};
    destination_rates rates(settings);
    CHECK(at(rates, 100).most_messages_of.at("slow.example") == 1);
    CHECK(at(rates, 100).most_messages_of.at("free.example") == SIZE_MAX);
    rates.note("slow.example", 1, 100);
    rates.note("free.example", 1000, 100);
    CHECK(is_busy(at(rates, 100), "slow.example"));
    CHECK_FALSE(is_busy(at(rates, 100), "free.example"));
}

TEST_CASE("destination rates: reports, and what is forgotten, do not count") {
    const rate_settings settings{1, {}};
    destination_rates rates(settings);
    rates.note("", 5, 100);
    rates.note("ours.example", 5, 100);
    rates.forget("ours.example");
    CHECK(at(rates, 100).busy.empty());
}

TEST_CASE("destination rates: a clock that is set back holds nobody up") {
    const rate_settings settings{1, {}};
    destination_rates rates(settings);
    rates.note("one.example", 1, 10'000);
    CHECK_FALSE(is_busy(at(rates, 100), "one.example"));
}
