#include "protocols/client_setup/served.hpp"

#include "tests/unit/protocols/client_setup/some_served.hpp"

#include <doctest/doctest.h>

#include <tuple>

using namespace hauspost;
using namespace hauspost::client_setup;

TEST_CASE("client set-up: TLS from the first octet is offered before STARTTLS") {
    const auto all = test::all_served();
    for (const auto& [offers, tls, plain] :
         {std::tuple(imap_offers(all), 993, 143), std::tuple(pop3_offers(all), 995, 110),
          std::tuple(submission_offers(all), 465, 587)}) {
        REQUIRE(offers.size() == 2);
        CHECK(offers[0].port == tls);
        CHECK(offers[0].is_tls);
        CHECK(offers[1].port == plain);
        CHECK_FALSE(offers[1].is_tls);
    }
}

TEST_CASE("client set-up: what is switched off is no offer") {
    auto some = test::all_served();
    some.imaps = 0;
    some.pop3 = 0;
    some.submission = 0;
    REQUIRE(imap_offers(some).size() == 1);
    CHECK_FALSE(imap_offers(some)[0].is_tls);
    REQUIRE(pop3_offers(some).size() == 1);
    CHECK(pop3_offers(some)[0].is_tls);
    CHECK(submission_offers(some).size() == 1);
}

TEST_CASE("client set-up: an account needs a way to read and a way to send") {
    auto some = test::all_served();
    CHECK(is_complete(some));
    some.imaps = some.imap = 0;
    CHECK(is_complete(some));
    some.pop3s = some.pop3 = 0;
    CHECK_FALSE(is_complete(some));
    some.imap = 143;
    CHECK(is_complete(some));
    some.submissions = some.submission = 0;
    CHECK_FALSE(is_complete(some));
}
