// What the owner's overview asks of the directory: accounts with little room, records that were right.
#include "storage/directory_store.hpp"
#include "storage/overview_store.hpp"
#include "storage/sender_store.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

struct full_fixture : store_fixture {
    /// An account with so many octets of mail.
    account_id filled(const std::string& name, std::uint64_t quota, std::size_t octets) {
        const auto id = add_account(name, quota);
        if (octets != 0) REQUIRE_FALSE(deliver(std::string(octets, 'x'), {{id, ""}}));
        return id;
    }
    std::string names() {
        std::string all;
        const auto found = get(store->overview.troubles());
        for (const auto& one : found.nearly_full)
            all += (all.empty() ? "" : " ") + one.name.substr(0, one.name.find('@'));
        return all;
    }
    void set_quota(account_id id, std::uint64_t octets) {
        account_change wanted;
        wanted.quota_octets = octets;
        REQUIRE_FALSE(get(store->directory.change_account(id, wanted)));
    }
};

}  // namespace

TEST_CASE_FIXTURE(full_fixture, "store overview: accounts with little room, the fullest first") {
    filled("b@example.test", 1000, 899);
    const auto c = filled("c@example.test", 1000, 900);
    filled("d@example.test", 1000, 999);
    filled("e@example.test", 0, 5000);
    filled("f@example.test", 1000, 0);
    CHECK(names() == "d c");
    const auto troubles = get(store->overview.troubles());
    const auto& first = troubles.nearly_full.front();
    CHECK(first.octets == 999);
    CHECK(first.quota_octets == 1000);
    // Who has more room is none any more at once; who has become one is seen within a minute.
    set_quota(c, 2000);
    CHECK(names() == "d");
    filled("g@example.test", 1000, 950);
    CHECK(names() == "d");
    time.seconds += 60;
    CHECK(names() == "d g");
    // A clock that was set back is no reason to know nothing new for long.
    filled("h@example.test", 1000, 960);
    time.seconds -= 3600;
    CHECK(names() == "d h g");
    const auto d = std::get<account>(get(store->directory.find_address("d@example.test"))).id;
    REQUIRE_FALSE(get(store->directory.remove_account(d)));
    CHECK(names() == "h g");
}

TEST_CASE_FIXTURE(full_fixture, "store overview: of many full accounts the fullest ten") {
    for (std::size_t n = 0; n < 15; ++n)
        filled("u" + std::to_string(n) + "@example.test", 1000, 920 + n);
    CHECK(names() == "u14 u13 u12 u11 u10 u9 u8 u7 u6 u5");
}

TEST_CASE("store overview: when records were right is kept, and forgotten with the domain") {
    store_fixture at;
    domain other;
    other.name = "other.test";
    REQUIRE_FALSE(at.get(at->directory.add_domain(other)));
    const auto when = [&at](const std::string& name, std::vector<std::string> records) {
        return at.get(at->overview.records_right(name, std::move(records)));
    };
    const std::string lengthy = std::string(600, 'a') + ". TXT";
    CHECK(when("other.test", {"x MX", lengthy}) == std::vector<std::int64_t>{0, 0});
    REQUIRE_FALSE(at.get(at->overview.note_records_right("other.test", {"x MX", lengthy})));
    REQUIRE_FALSE(at.get(at->overview.note_records_right("example.test", {"x MX"})));
    const auto begin = at.time.seconds.load();
    at.time.seconds += 100;
    REQUIRE_FALSE(at.get(at->overview.note_records_right("other.test", {"x MX"})));
    at.reopen();
    CHECK(when("other.test", {lengthy, "x MX", "y MX"}) ==
          std::vector<std::int64_t>{begin, begin + 100, 0});
    REQUIRE_FALSE(at.get(at->directory.remove_domain("other.test")));
    CHECK(when("other.test", {"x MX", lengthy}) == std::vector<std::int64_t>{0, 0});
    CHECK(when("example.test", {"x MX"}) == std::vector<std::int64_t>{begin});
    CHECK(at.get(at->overview.note_records_right("other.test", {"x MX"})) == errc::no_such_domain);
}

TEST_CASE_FIXTURE(full_fixture, "store overview: who is frozen for what he sent, until he is not") {
    const auto bob = add_account("b@example.test");
    const auto carl = add_account("c@example.test");
    const auto hijacked = [this] {
        time.seconds += 60;
        return get(store->overview.troubles()).hijacked;
    };
    CHECK(hijacked().empty());
    REQUIRE_FALSE(get(store->senders.freeze(bob, freeze_reason::by_operator)));
    CHECK(hijacked().empty());  // that was the owner himself
    for (const auto one : {ann, carl})
        REQUIRE_FALSE(get(store->senders.freeze(one, freeze_reason::unknown_recipients)));
    CHECK(hijacked() == std::vector{ann, carl});
    // At once, whenever all were looked at.
    REQUIRE(get(store->senders.unfreeze(ann)).has_value());
    REQUIRE_FALSE(get(store->directory.remove_account(carl)));
    time.seconds -= 30;
    CHECK(get(store->overview.troubles()).hijacked.empty());
    CHECK(hijacked().empty());
}
