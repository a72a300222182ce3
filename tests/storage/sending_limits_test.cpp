// Which limit a message would go beyond, and when it fits. Pure.
#include "storage/sending.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hauspost::storage;

namespace {

constexpr std::int64_t hour = hour_seconds;
constexpr std::int64_t now = 1000 * hour + 600;

sent_hour at(std::int64_t hours_ago, std::uint32_t messages, std::uint32_t recipients = 0) {
    sent_hour made;
    made.begins_at = (1000 - hours_ago) * hour;
    made.messages = messages;
    made.recipients = recipients;
    return made;
}

sent_hour one_message(std::uint32_t recipients = 1, std::uint32_t fresh = 0) {
    sent_hour made;
    made.messages = 1;
    made.recipients = recipients;
    made.new_recipients = fresh;
    return made;
}

}  // namespace

TEST_CASE("sending limits: without limits anything may be sent") {
    CHECK_FALSE(
        find_reached({}, {at(0, 1'000'000, 4'000'000'000u)}, one_message(4'000'000'000u), now));
}

TEST_CASE("sending limits: the last place is one, the next is none, and opens with the next hour") {
    sending_limits limits;
    limits.messages_per_hour = 10;
    CHECK_FALSE(find_reached(limits, {at(1, 10), at(0, 9)}, one_message(), now));
    const auto reached = find_reached(limits, {at(1, 10), at(0, 10)}, one_message(), now);
    REQUIRE(reached);
    CHECK(*reached == reached_limit{sending_limit::messages_per_hour, 10, 1001 * hour});
}

TEST_CASE("sending limits: a day's limit opens when enough of it is a day old") {
    sending_limits limits;
    limits.recipients_per_day = 100;
    const std::vector<sent_hour> sent{at(23, 1, 10), at(20, 1, 40), at(2, 1, 50)};
    CHECK(find_reached(limits, sent, one_message(5), now)->opens_at == (1000 - 23 + 24) * hour);
    CHECK(find_reached(limits, sent, one_message(30), now)->opens_at == (1000 - 20 + 24) * hour);
    CHECK(find_reached(limits, sent, one_message(51), now)->opens_at == (1000 - 2 + 24) * hour);
    // What was sent longer ago does not count.
    CHECK_FALSE(find_reached(limits, {at(24, 1, 100)}, one_message(100), now));
}

TEST_CASE("sending limits: what is too much for one message never fits") {
    sending_limits limits;
    limits.recipients_per_hour = 10;
    limits.messages_per_hour = 1;
    const auto reached = find_reached(limits, {at(0, 1)}, one_message(11), now);
    REQUIRE(reached);
    CHECK(reached->which == sending_limit::recipients_per_hour);
    CHECK(reached->opens_at == 0);
}

TEST_CASE("sending limits: of several the one that stands longest is told") {
    sending_limits limits;
    limits.messages_per_hour = 1;
    limits.new_recipients_per_day = 5;
    auto sent = at(0, 1);
    sent.new_recipients = 5;
    CHECK(find_reached(limits, {sent}, one_message(1, 1), now)->which ==
          sending_limit::new_recipients_per_day);
    CHECK(find_reached(limits, {sent}, one_message(1, 0), now)->which ==
          sending_limit::messages_per_hour);
}
