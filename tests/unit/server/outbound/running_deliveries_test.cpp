#include "server/outbound/running_deliveries.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using outbound::running_deliveries;
using std::chrono::seconds;

namespace {

using texts = std::vector<std::string>;

const steady_time start{std::chrono::hours(1)};

outbound::delivery_settings places(std::size_t most, std::size_t of_domain = 2) {
    outbound::delivery_settings made;
    made.max_deliveries = most;
    made.max_deliveries_of_domain = of_domain;
    return made;
}

}  // namespace

TEST_CASE("running deliveries: there are so many places, and who ends gives one back") {
    const auto settings = places(2);
    running_deliveries all(settings);
    CHECK(all.room(start) == 2);
    const auto one = all.begin("one.example", true, start);
    all.begin("two.example", true, start);
    CHECK(all.room(start) == 0);
    all.end(one);
    CHECK(all.room(start) == 1);
    CHECK(all.size() == 1);
}

TEST_CASE("running deliveries: whom no server answers takes no place after a second") {
    const auto settings = places(2);
    running_deliveries all(settings);
    const auto silent = all.begin("silent.example", true, start);
    const auto well = all.begin("well.example", true, start);
    all.hear(well, start);
    CHECK(all.room(start + std::chrono::milliseconds(999)) == 0);
    CHECK(all.room(start + seconds(1)) == 1);
    all.hear(silent, start + seconds(2));  // it was slow
    CHECK(all.room(start + seconds(2)) == 0);
    CHECK(all.room(start + seconds(9)) == 0);
    CHECK(all.room(start + seconds(10)) == 1);  // well.example says nothing more
    all.hear(well, start + seconds(10));
    CHECK(all.room(start + seconds(10)) == 0);
}

TEST_CASE("running deliveries: what was tried before takes none until a server answers") {
    const auto settings = places(2);
    running_deliveries all(settings);
    const auto again = all.begin("again.example", false, start);
    CHECK(all.room(start) == 2);
    all.hear(again, start);
    CHECK(all.room(start) == 1);
}

TEST_CASE("running deliveries: those that wait have a bound of their own") {
    const auto settings = places(2);
    running_deliveries all(settings);
    for (int n = 0; n < 7; ++n)
        all.begin("silent" + std::to_string(n) + ".example", false, start);
    CHECK(all.room(start) == 1);
    all.begin("silent7.example", false, start);
    CHECK(all.room(start) == 0);
}

TEST_CASE("running deliveries: a domain gets a second one when a server of it has answered") {
    const auto settings = places(10);
    running_deliveries all(settings);
    const auto one = all.begin("one.example", true, start);
    all.begin("two.example", true, start);
    CHECK(all.busy() == texts{"one.example", "two.example"});
    CHECK(all.hear(one, start));
    CHECK_FALSE(all.hear(one, start));
    CHECK(all.busy() == texts{"two.example"});
    const auto other = all.begin("one.example", true, start);
    CHECK(all.busy() == texts{"one.example", "two.example"});
    CHECK_FALSE(all.hear(other, start));
    all.end(one);
    all.end(other);
    CHECK(all.busy() == texts{"two.example"});
    all.begin("one.example", true, start);  // nobody knows how it is now
    CHECK(all.busy() == texts{"one.example", "two.example"});
}

TEST_CASE("running deliveries: reports and what goes to a relay wait for nobody") {
    auto settings = places(2);
    {
        running_deliveries all(settings);
        all.begin("", false, start);
        CHECK(all.room(start + seconds(100)) == 1);
        CHECK(all.busy().empty());
    }
    settings.relay.emplace();
    running_deliveries all(settings);
    all.begin("one.example", false, start);
    CHECK(all.room(start + seconds(100)) == 1);
    CHECK(all.busy().empty());
}
