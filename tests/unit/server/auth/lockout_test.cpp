#include "server/auth/lockout.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::auth;
using namespace std::chrono_literals;

namespace {

struct tries {
    [[nodiscard]] attempt of(const std::string& peer,
                             const std::string& account,
                             const std::string& password) const {
        const auto network = network_of(peer);
        return {digest_of({network}), digest_of({"account", account}),
                digest_of({network, account}), digest_of({account, password})};
    }
    keyed_digest digest_of;
};

}  // namespace

TEST_CASE("E02 lockout: IPv6 neighbours share a network, IPv4 neighbours do not") {
    CHECK(network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9"));
    CHECK(network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1"));
    CHECK(network_of("192.0.2.1") != network_of("192.0.2.2"));
    CHECK(network_of("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(network_of("fe80::1%lo") == network_of("fe80::2"));
    CHECK(network_of("memory") == "memory");
}

TEST_CASE("E02 lockout: the limit of distinct wrong passwords is reached exactly") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 3, .wrong_per_account = 0});
    steady_time now{1h};
    CHECK(guard.wrong(t.of("192.0.2.1", "a", "1"), now) == new_ban::none);
    CHECK(guard.wrong(t.of("192.0.2.1", "a", "2"), now) == new_ban::none);
    CHECK(guard.wrong(t.of("192.0.2.1", "a", "2"), now) == new_ban::none);
    CHECK(guard.may_try(t.of("192.0.2.1", "a", "9"), now));
    CHECK(guard.wrong(t.of("192.0.2.1", "b", "1"), now) == new_ban::network);
    CHECK(!guard.may_try(t.of("192.0.2.1", "c", "9"), now));
    CHECK(!guard.may_try(t.of("192.0.2.1", "c", "9"), now + 10min - 1s));
    CHECK(guard.may_try(t.of("192.0.2.1", "c", "9"), now + 10min));
}

TEST_CASE("E02 lockout: wrong passwords outside the window do not add up") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 2, .wrong_per_account = 0});
    steady_time now{1h};
    for (int i = 0; i < 1440; ++i) {
        CHECK(guard.wrong(t.of("192.0.2.1", "a", std::to_string(i)), now) == new_ban::none);
        now += 10min;
    }
}

TEST_CASE("E02 lockout: an account attacked from everywhere stays open to where it was used") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 10, .wrong_per_account = 50});
    const steady_time now{1h};
    guard.right(t.of("192.0.2.1", "anna", "right"));
    new_ban last = new_ban::none;
    for (int i = 0; i < 50; ++i) {
        const auto peer = "10.0.0." + std::to_string(i);
        last = guard.wrong(t.of(peer, "anna", std::to_string(i)), now);
    }
    CHECK(last == new_ban::account);
    CHECK(!guard.may_try(t.of("10.1.1.1", "anna", "x"), now));
    CHECK(guard.may_try(t.of("10.1.1.1", "ben", "x"), now));
    CHECK(guard.may_try(t.of("192.0.2.1", "anna", "right"), now));
}

TEST_CASE("E02 lockout: the tables never grow past their bound") {
    const tries t;
    lru_table<int> table(100);
    for (int i = 0; i < 10'000; ++i)
        table.at(t.digest_of({std::to_string(i)})) = i;
    CHECK(table.size() == 100);
    CHECK(table.find(t.digest_of({"9999"})) != nullptr);
    CHECK(table.find(t.digest_of({"9900"})) != nullptr);
    CHECK(table.find(t.digest_of({"9899"})) == nullptr);
}

TEST_CASE("lockout: an entry that is looked at is forgotten last") {
    const tries t;
    lru_table<int> table(2);
    const auto a = t.digest_of({"a"}), b = t.digest_of({"b"}), c = t.digest_of({"c"});
    table.at(a) = 1;
    table.at(b) = 2;
    CHECK(table.find(a) != nullptr);
    table.at(c) = 3;
    CHECK(table.find(a) != nullptr);
    CHECK(table.find(b) == nullptr);
    table.erase(a);
    CHECK(table.size() == 1);
}

TEST_CASE("lockout: a ban of no length switches all of it off") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 1, .wrong_per_account = 1, .ban = 0s});
    const steady_time now{1h};
    CHECK(guard.wrong(t.of("192.0.2.1", "a", "1"), now) == new_ban::none);
    CHECK(guard.may_try(t.of("192.0.2.1", "a", "1"), now));
}

TEST_CASE("keyed digest: parts are kept apart, keys differ") {
    const keyed_digest one, other;
    CHECK(one({"a", "bc"}) == one({"a", "bc"}));
    CHECK(one({"a", "bc"}) != one({"ab", "c"}));
    CHECK(one({"a", "bc"}) != other({"a", "bc"}));
}
