#include "server/auth/lockout.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace hauspost;
using namespace hauspost::auth;
using namespace std::chrono_literals;

namespace {

struct tries {
    [[nodiscard]] attempt of(const std::string& peer,
                             const std::string& account,
                             const std::string& password) const {
        attempt made;
        const auto networks = networks_of(peer);
        for (const auto& network : networks)
            made.networks.push_back(digest_of({network}));
        made.account = digest_of({"account", account});
        made.pair = digest_of({networks.front(), account});
        made.password = digest_of({account, password});
        return made;
    }
    keyed_digest digest_of;
};

using scope = new_ban::scope;

/// Who is shut out by a wrong password: the last of those, as "scope number"; "" for nobody.
std::string wrong(lockout& guard, const attempt& who, steady_time now) {
    const auto made = guard.wrong(who, now);
    if (made.empty()) return "";
    const auto& last = made.back();
    return (last.of == scope::network   ? "network "
            : last.of == scope::account ? "account "
                                        : "pair ") +
           std::to_string(last.network);
}

}  // namespace

TEST_CASE("E02 lockout: an IPv6 address stands in three networks, an IPv4 address in its own") {
    using list = std::vector<std::string>;
    CHECK(networks_of("2001:db8:1:2:3::9") ==
          list{"2001:db8:1:2::/64", "2001:db8:1::/56", "2001:db8:1::/48"});
    CHECK(networks_of("2001:db8:1:1ff::1")[1] == "2001:db8:1:100::/56");
    CHECK(networks_of("192.0.2.1") == list{"192.0.2.1"});
    CHECK(networks_of("::ffff:192.0.2.1") == list{"192.0.2.1"});
    CHECK(networks_of("fe80::1%lo")[0] == networks_of("fe80::2")[0]);
    CHECK(networks_of("memory") == list{"memory"});
}

TEST_CASE("E02 lockout: the limit of distinct wrong passwords is reached exactly") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 3, .wrong_per_account = 0});
    steady_time now{1h};
    CHECK(wrong(guard, t.of("192.0.2.1", "a", "1"), now) == "");
    CHECK(wrong(guard, t.of("192.0.2.1", "a", "2"), now) == "");
    CHECK(wrong(guard, t.of("192.0.2.1", "a", "2"), now) == "");
    CHECK(guard.may_try(t.of("192.0.2.1", "a", "9"), now));
    CHECK(wrong(guard, t.of("192.0.2.1", "b", "1"), now) == "network 0");
    CHECK(!guard.may_try(t.of("192.0.2.1", "c", "9"), now));
    CHECK(!guard.may_try(t.of("192.0.2.1", "c", "9"), now + 10min - 1s));
    CHECK(guard.may_try(t.of("192.0.2.1", "c", "9"), now + 10min));
}

TEST_CASE("E02 lockout: who is exempt counts nowhere and passes each ban but one by order") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 2, .wrong_per_account = 2});
    const steady_time now{1h};
    auto exempt = t.of("192.0.2.1", "a", "1");
    exempt.is_exempt = true;
    for (const auto* password : {"1", "2", "3", "4"}) {
        exempt.password = t.of("192.0.2.1", "a", password).password;
        CHECK(wrong(guard, exempt, now) == "");
        CHECK(guard.reserve(exempt, now));
    }
    CHECK(guard.may_try(t.of("192.0.2.1", "a", "9"), now));
    CHECK(wrong(guard, t.of("192.0.2.1", "b", "1"), now) == "");
    CHECK(wrong(guard, t.of("192.0.2.1", "b", "2"), now) == "network 0");
    CHECK_FALSE(guard.may_try(t.of("192.0.2.1", "c", "9"), now));
    CHECK(guard.may_try(exempt, now));
    CHECK(guard.reserve(exempt, now));
    guard.shut_out(exempt.networks.front(), now + 1h);
    CHECK_FALSE(guard.may_try(exempt, now));
    CHECK_FALSE(guard.reserve(exempt, now));
}

TEST_CASE("E02 lockout: wrong passwords outside the window do not add up") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 2, .wrong_per_account = 0});
    steady_time now{1h};
    for (int i = 0; i < 1440; ++i) {
        CHECK(wrong(guard, t.of("192.0.2.1", "a", std::to_string(i)), now) == "");
        now += 10min;
    }
}

TEST_CASE("E02 H08 lockout: an account attacked from everywhere stays open to where it was used") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 10, .wrong_per_account = 50});
    const steady_time now{1h};
    guard.right(t.of("192.0.2.1", "anna", "right"));
    std::string last;
    for (int i = 0; i < 50; ++i) {
        const auto peer = "10.0.0." + std::to_string(i);
        last = wrong(guard, t.of(peer, "anna", std::to_string(i)), now);
    }
    CHECK(last == "account 0");
    CHECK(!guard.may_try(t.of("10.1.1.1", "anna", "x"), now));
    CHECK(guard.may_try(t.of("10.1.1.1", "ben", "x"), now));
    CHECK(guard.may_try(t.of("192.0.2.1", "anna", "right"), now));
}

TEST_CASE("E02 H08 lockout: a known device keeps its account while its network is banned") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 3, .wrong_per_account = 50});
    const steady_time now{1h};
    guard.right(t.of("192.0.2.1", "anna", "right"));
    for (int i = 0; i < 3; ++i)
        wrong(guard, t.of("192.0.2.1", "user" + std::to_string(i), "spray"), now);
    CHECK(!guard.may_try(t.of("192.0.2.1", "ben", "x"), now));
    CHECK(guard.may_try(t.of("192.0.2.1", "anna", "right"), now));
    // But nobody behind the same address guesses her password for ever.
    for (int i = 0; i < 2; ++i)
        CHECK(wrong(guard, t.of("192.0.2.1", "anna", std::to_string(i)), now) == "");
    CHECK(wrong(guard, t.of("192.0.2.1", "anna", "2"), now) == "pair 0");
    CHECK(!guard.may_try(t.of("192.0.2.1", "anna", "right"), now));
    CHECK(guard.may_try(t.of("192.0.2.1", "anna", "right"), now + 10min));
}

TEST_CASE("E02 lockout: old passwords in known devices do not shut out their network") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 3, .wrong_per_account = 3});
    const steady_time now{1h};
    for (int i = 0; i < 10; ++i)
        guard.right(t.of("192.0.2.1", "user" + std::to_string(i), "right"));
    for (int i = 0; i < 10; ++i)
        for (const auto* password : {"old", "older"})
            wrong(guard, t.of("192.0.2.1", "user" + std::to_string(i), password), now);
    CHECK(guard.may_try(t.of("192.0.2.1", "new colleague", "right"), now));
    CHECK(guard.may_try(t.of("10.0.0.1", "user1", "right"), now));
}

TEST_CASE("E02 lockout: a right login does not forgive what was guessed behind the same address") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 3, .wrong_per_account = 0});
    const steady_time now{1h};
    guard.right(t.of("192.0.2.1", "anna", "right"));
    for (int i = 0; i < 3; ++i) {
        CHECK(guard.may_try(t.of("192.0.2.1", "anna", "x"), now));
        wrong(guard, t.of("192.0.2.1", "anna", std::to_string(i)), now);
        guard.right(t.of("192.0.2.1", "anna", "right"));
    }
    CHECK(!guard.may_try(t.of("192.0.2.1", "anna", "x"), now));
}

TEST_CASE("E02 lockout: who has a whole IPv6 /56 or /48 gets three and nine times as many") {
    const tries t;
    const steady_time now{1h};
    const auto tried_until_banned = [&](const std::string& head, const std::string& tail) {
        lockout guard(lockout_settings{.wrong_per_network = 10, .wrong_per_account = 0});
        for (int i = 0; i < 1'000; ++i) {
            std::string digits;
            for (int shift = 4; shift >= 0; shift -= 4)
                digits += "0123456789abcdef"[(i >> shift) & 15];
            const auto who = t.of(head + digits + tail, "anna", std::to_string(i));
            if (!guard.may_try(who, now)) return i;
            wrong(guard, who, now);
        }
        return -1;
    };
    CHECK(tried_until_banned("2001:db8:1:2::", "") == 10);
    CHECK(tried_until_banned("2001:db8:1:2", "::1") == 30);   // 200 .. 2ff: one /56
    CHECK(tried_until_banned("2001:db8:1:", "00::1") == 90);  // a /56 each: one /48
}

TEST_CASE("E02 lockout: what is being hashed counts, and a verdict gives the next one its turn") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 2, .wrong_per_account = 0});
    const steady_time now{1h};
    const auto who = [&](const char* password) { return t.of("192.0.2.1", "anna", password); };
    auto first = guard.reserve(who("1"), now);
    auto second = guard.reserve(who("2"), now);
    REQUIRE(first);
    REQUIRE(second);
    // All that are allowed are on their way: a third one waits for a verdict.
    bool third_may = true, fourth_may = false;
    std::thread third([&] { third_may = static_cast<bool>(guard.reserve(who("3"), now)); });
    CHECK(wrong(guard, who("1"), now) == "");
    CHECK(wrong(guard, who("2"), now) == "network 0");
    first.release();
    second.release();
    third.join();
    CHECK(!third_may);
    // Right ones give their places back, and nobody is refused for them.
    const auto later = now + 10min;
    auto right = guard.reserve(t.of("192.0.2.1", "ben", "right"), later);
    auto other = guard.reserve(t.of("192.0.2.1", "cleo", "right"), later);
    std::thread fourth([&] { fourth_may = static_cast<bool>(guard.reserve(who("4"), later)); });
    right.release();
    other.release();
    fourth.join();
    CHECK(fourth_may);
}

TEST_CASE("E02 H08 lockout: the tables never grow past their bound") {
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
    CHECK(wrong(guard, t.of("192.0.2.1", "a", "1"), now) == "");
    CHECK(guard.may_try(t.of("192.0.2.1", "a", "1"), now));
}

TEST_CASE("keyed digest: parts are kept apart, keys differ") {
    const keyed_digest one, other;
    CHECK(one({"a", "bc"}) == one({"a", "bc"}));
    CHECK(one({"a", "bc"}) != one({"ab", "c"}));
    CHECK(one({"a", "bc"}) != other({"a", "bc"}));
}

TEST_CASE("H08 lockout: a ban of before holds, counts on, and ends when it is lifted") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 2, .wrong_per_account = 0});
    steady_time now{48h};
    const auto who = t.of("192.0.2.1", "anna", "1");
    guard.shut(scope::network, who.networks[0], now + 5min, 3);
    CHECK(!guard.may_try(who, now));
    CHECK(!guard.reserve(who, now));
    CHECK(guard.may_try(t.of("192.0.2.2", "anna", "1"), now));
    now += 5min;
    CHECK(guard.may_try(who, now));
    CHECK(guard.wrong(who, now).empty());
    const auto next = guard.wrong(t.of("192.0.2.1", "anna", "2"), now);
    REQUIRE(next.size() == 1);
    CHECK(next[0].times == 4);
    CHECK(next[0].passwords == 2);
    CHECK(!guard.may_try(who, now));
    guard.lift(scope::network, who.networks[0]);
    CHECK(guard.may_try(who, now));
    CHECK(guard.wrong(t.of("192.0.2.1", "anna", "3"), now).empty());  // it begins from nothing
    const auto again = guard.wrong(t.of("192.0.2.1", "anna", "4"), now);
    REQUIRE(again.size() == 1);
    CHECK(again[0].times == 1);
}

TEST_CASE("lockout: bans are in a row with less than a day between them") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 1, .wrong_per_account = 0});
    steady_time now{48h};
    const auto times = [&] {
        const auto made = guard.wrong(t.of("192.0.2.1", "a", "1"), now);
        return made.empty() ? 0 : made[0].times;
    };
    CHECK(times() == 1);
    CHECK(times() == 0);  // it is banned already
    now += 10min + 24h - 1s;
    CHECK(times() == 2);
    now += 10min + 24h;
    CHECK(times() == 1);
}

TEST_CASE(
    "lockout: whoever is shut out by order is so with a known pair and where nobody else is") {
    const tries t;
    const steady_time now{48h};
    for (const auto ban : {10min, 0min}) {
        lockout guard(lockout_settings{.ban = ban});
        const auto who = t.of("2001:db8:1:2::1", "anna", "1");
        guard.right(who);
        guard.shut_out(who.networks[1], now + 1h);
        CHECK(!guard.may_try(who, now));
        CHECK(!guard.reserve(who, now));
        CHECK(!guard.may_try(t.of("2001:db8:1:3::1", "ben", "1"), now));
        CHECK(guard.may_try(t.of("2001:db8:1:102::1", "ben", "1"), now));
        CHECK(guard.may_try(who, now + 1h));
        guard.let_in(who.networks[1]);
        CHECK(guard.may_try(who, now));
        CHECK(guard.reserve(who, now));
    }
}

TEST_CASE("lockout: a ban says which names were tried, the first five and addresses alone") {
    const tries t;
    lockout guard(lockout_settings{.wrong_per_network = 9, .wrong_per_account = 0});
    const steady_time now{48h};
    std::vector<new_ban> made;
    for (int i = 0; i < 9; ++i) {
        auto who = t.of("192.0.2.1", "user" + std::to_string(i), std::to_string(i));
        if (i != 0) who.name = "user" + std::to_string(i / 2) + "@example.test";
        made = guard.wrong(who, now);
    }
    REQUIRE(made.size() == 1);
    CHECK(made[0].tried == std::vector<std::string>{"user0@example.test", "user1@example.test",
                                                    "user2@example.test", "user3@example.test",
                                                    "user4@example.test"});
}
