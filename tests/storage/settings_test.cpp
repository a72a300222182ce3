// What the owner has set, in the store.
#include "storage/expunged_store.hpp"
#include "storage/setting_store.hpp"
#include "storage/store_keeper.hpp"
#include "storage/trace_store.hpp"
#include "store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

TEST_CASE("settings: a value stays over a start, and goes") {
    store_fixture at;
    CHECK(at.get(at->settings.list()).empty());
    CHECK_FALSE(at.get(at->settings.put("b.text", "M\xc3\xbcller", 0)));
    CHECK_FALSE(at.get(at->settings.put("a.days", "14d", 0)));
    at.reopen();
    auto rows = at.get(at->settings.list());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].name == "a.days");
    CHECK(rows[0].value == "14d");
    CHECK(rows[0].version != 0);
    CHECK(rows[1].value == "M\xc3\xbcller");
    CHECK(at->keeper.check().findings.empty());
    CHECK_FALSE(at.get(at->settings.remove("a.days", rows[0].version)));
    CHECK(at.get(at->settings.list()).size() == 1);
}

TEST_CASE("settings: who decided on another value than that which is there is refused") {
    store_fixture at;
    CHECK(at.get(at->settings.put("a.days", "1d", 7)) == errc::changed_meanwhile);
    CHECK_FALSE(at.get(at->settings.put("a.days", "1d", 0)));
    const auto first = at.get(at->settings.list()).front().version;
    CHECK(at.get(at->settings.put("a.days", "2d", 0)) == errc::changed_meanwhile);
    CHECK_FALSE(at.get(at->settings.put("a.days", "2d", first)));
    CHECK(at.get(at->settings.put("a.days", "3d", first)) == errc::changed_meanwhile);
    CHECK(at.get(at->settings.remove("a.days", first)) == errc::changed_meanwhile);
    CHECK(at.get(at->settings.list()).front().value == "2d");
}

TEST_CASE("settings: names and values have bounds") {
    store_fixture at;
    CHECK(at.get(at->settings.put("", "1", 0)) == errc::invalid_name);
    CHECK(at.get(at->settings.put(std::string(101, 'a'), "1", 0)) == errc::invalid_name);
    CHECK(at.get(at->settings.put("a", std::string(1001, '1'), 0)) == errc::invalid_name);
    CHECK_FALSE(at.get(at->settings.put(std::string(100, 'a'), std::string(1000, '1'), 0)));
    CHECK_FALSE(at.get(at->settings.remove("", 0)));
}

TEST_CASE("settings: for how long mail and trace are kept changes while the store is open") {
    store_fixture at;
    CHECK(at->expunged.retention() == at.options.retention);
    CHECK(at->trace.is_on());
    CHECK_FALSE(at->trace.keeps_subjects());
    at->keeper.keep({std::chrono::hours(1), 0, true});
    CHECK(at->expunged.retention() == std::chrono::hours(1));
    CHECK_FALSE(at->trace.is_on());
    CHECK(at->trace.keeps_subjects());
}

TEST_CASE("settings: deleted mail stays for the time that is set now, not at the start") {
    store_fixture at;
    at.options.retention = std::chrono::seconds(100);
    at.reopen();
    REQUIRE(at.append(at.inbox(), body_text(1, 100), {}, "", body_text(1, 5000)).has_value());
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), everything())).has_value());
    at->keeper.keep({std::chrono::seconds(500), 30, false});
    at.time.seconds += 499;
    CHECK(at->keeper.tidy() == 0);
    at.time.seconds += 1;
    CHECK(at->keeper.tidy() == 1);
}
