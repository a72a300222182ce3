#include "server/tls_policy/sts_policies.hpp"

#include "tests/support/fake_resolver.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_tls_store.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::tls_policy;
using namespace std::chrono_literals;
using mta_sts::policy_mode;

namespace {

const std::string enforced = "version: STSv1\nmode: enforce\nmx: mx.b.example\nmax_age: 864000\n";
const std::string testing = "version: STSv1\nmode: testing\nmx: mx.b.example\nmax_age: 864000\n";

/// A policy host that says what the test wants.
class scripted_fetcher final : public policy_fetcher {
public:
    awaitable<fetched_policy> fetch(std::string) override {
        ++fetches;
        if (waits_for != nullptr)
            co_await waits_for->async_wait(asio::as_tuple(asio::use_awaitable));
        co_return says;
    }
    void give(std::string text) {
        says = {};
        says.verdict = fetch_verdict::fetched;
        says.text = std::move(text);
    }
    void fail(fetch_verdict how = fetch_verdict::not_reached) {
        says = {};
        says.verdict = how;
        says.why = "as the test says";
    }

    fetched_policy says;
    int fetches = 0;
    asio::steady_timer* waits_for = nullptr;
};

struct world {
    world() {
        dns.add_txt("_mta-sts.b.example", "v=STSv1; id=1");
        host.give(enforced);
    }

    static awaitable<void> ask(sts_policies& at, sts_policy& into) {
        into = co_await at.find("b.example");
    }
    sts_policy find() {
        sts_policy found;
        test::run(ask(policies, found));
        return found;
    }
    void set_id(const std::string& id) {
        dns = {};
        dns.add_txt("_mta-sts.b.example", "v=STSv1; id=" + id);
    }

    test::fake_resolver dns;
    test::memory_tls_store store;
    scripted_fetcher host;
    test::manual_clock time;
    sts_policies policies{{dns, store, host, time.wall()}};
};

}  // namespace

TEST_CASE("sts: a policy is fetched once, and kept over a restart") {
    world at;
    const auto first = at.find();
    REQUIRE(first.in_force);
    CHECK(first.in_force->mode == policy_mode::enforce);
    CHECK(first.failure.empty());
    CHECK(at.find().in_force);
    sts_policies anew({at.dns, at.store, at.host, at.time.wall()});
    sts_policy again;
    test::run(world::ask(anew, again));
    CHECK(again.in_force->mx == first.in_force->mx);
    CHECK(at.host.fetches == 1);
}

TEST_CASE("sts: a domain without record is not asked for a policy") {
    world at;
    at.dns = {};
    CHECK_FALSE(at.find().in_force);
    CHECK(at.host.fetches == 0);
}

TEST_CASE("sts: E11 neither the DNS nor the policy host can take a policy away") {
    world at;
    REQUIRE(at.find().in_force);
    SUBCASE("the record is gone") {
        at.dns = {};
    }
    SUBCASE("the DNS does not answer") {
        at.dns.fail("_mta-sts.b.example", dns::record_type::txt);
    }
    SUBCASE("the record is no record") {
        at.set_id("not-one");
    }
    SUBCASE("another id, and the host is away") {
        at.set_id("2");
        at.host.fail();
        CHECK(at.find().failure == "sts-policy-fetch-error");
    }
    SUBCASE("another id, and the host's certificate is wrong") {
        at.set_id("2");
        at.host.fail(fetch_verdict::not_trusted);
        CHECK(at.find().failure == "sts-webpki-invalid");
    }
    SUBCASE("another id, and no policy") {
        at.set_id("2");
        at.host.give("<html>");
        CHECK(at.find().failure == "sts-policy-invalid");
    }
    CHECK(at.find().in_force);
    at.time.move_wall(864'000s);  // its time is over
    at.host.fail();
    CHECK_FALSE(at.find().in_force);
}

TEST_CASE("sts: another id brings another policy, also one of mode none") {
    world at;
    REQUIRE(at.find().in_force);
    at.set_id("2");
    at.host.give(testing);
    CHECK(at.find().in_force->mode == policy_mode::testing);
    at.set_id("3");
    at.host.give("version: STSv1\nmode: none\nmax_age: 86400\n");
    CHECK_FALSE(at.find().in_force);
    at.dns = {};
    CHECK_FALSE(at.find().in_force);
    CHECK(at.host.fetches == 3);
}

TEST_CASE("sts: a policy is fetched anew after a day, before its time is over") {
    world at;
    REQUIRE(at.find().in_force);
    at.time.move_wall(86'399s);
    REQUIRE(at.find().in_force);
    CHECK(at.host.fetches == 1);
    at.time.move_wall(1s);
    at.host.fail();
    CHECK(at.find().in_force);  // the old one
    CHECK(at.host.fetches == 2);
}

TEST_CASE("sts: a host that failed is left alone for five minutes, but for another id") {
    world at;
    at.host.fail();
    CHECK(at.find().failure == "sts-policy-fetch-error");
    CHECK(at.find().failure == "sts-policy-fetch-error");
    CHECK(at.host.fetches == 1);
    at.time.move_wall(300s);
    (void)at.find();
    CHECK(at.host.fetches == 2);
    at.set_id("2");
    at.host.give(enforced);
    CHECK(at.find().in_force);
    CHECK(at.host.fetches == 3);
}

TEST_CASE("sts: who comes while a policy is fetched waits for it") {
    world at;
    asio::io_context io(1);
    asio::steady_timer end(io, asio::steady_timer::time_point::max());
    at.host.waits_for = &end;
    sts_policy one, other;
    int ended = 0;
    const auto count = [&ended](std::exception_ptr) { ++ended; };
    asio::co_spawn(io, world::ask(at.policies, one), count);
    asio::co_spawn(io, world::ask(at.policies, other), count);
    io.poll();
    CHECK(ended == 0);
    end.cancel();
    test::run_until(io, [&ended] { return ended == 2; });
    CHECK(one.in_force);
    CHECK(other.in_force);
    CHECK(at.host.fetches == 1);
}
