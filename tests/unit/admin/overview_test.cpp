#include "admin/overview.hpp"

#include "storage/traffic_store.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::admin;
using hauspost::test::contains;

namespace {

constexpr std::int64_t day = 86'400;
using kind = admin::alarm::kind;
using level = admin::alarm::level;

struct overview_fixture : test::admin_fixture {
    overview look(std::int64_t since = 0) { return get(look_over(ports, since)); }
    /// The alarm of this kind. none: nullopt
    std::optional<admin::alarm> find(kind what) {
        for (const auto& one : look().alarms)
            if (one.of == what) return one;
        return std::nullopt;
    }
    [[nodiscard]] std::int64_t now() const {
        return std::chrono::system_clock::to_time_t(time.wall().now());
    }
};

}  // namespace

TEST_CASE_FIXTURE(overview_fixture, "overview: a disk with 15 % left warns, with 5 % it is bad") {
    upkeep.figures.disk_octets = 100'000;
    upkeep.figures.free_octets = 15'000;
    CHECK_FALSE(find(kind::disk));
    upkeep.figures.free_octets = 14'999;
    CHECK(find(kind::disk)->how_bad == level::warn);
    CHECK(find(kind::disk)->number == 14'999);
    upkeep.figures.free_octets = 5'000;
    CHECK(find(kind::disk)->how_bad == level::warn);
    upkeep.figures.free_octets = 4'999;
    CHECK(find(kind::disk)->how_bad == level::bad);
    upkeep.figures.free_octets = 90'000;
    upkeep.figures.is_disk_full = true;
    CHECK(find(kind::disk)->how_bad == level::bad);
}

TEST_CASE_FIXTURE(overview_fixture,
                  "overview: a certificate warns three weeks before its end, and one week") {
    CHECK_FALSE(find(kind::certificate));  // not known
    upkeep.figures.certificate_ends_at = now() + 21 * day;
    CHECK_FALSE(find(kind::certificate));
    upkeep.figures.certificate_ends_at = now() + 21 * day - 1;
    CHECK(find(kind::certificate)->how_bad == level::warn);
    CHECK(find(kind::certificate)->number == 20);
    upkeep.figures.certificate_ends_at = now() + 7 * day;
    CHECK(find(kind::certificate)->how_bad == level::warn);
    upkeep.figures.certificate_ends_at = now() + 7 * day - 1;
    CHECK(find(kind::certificate)->how_bad == level::bad);
    upkeep.figures.certificate_ends_at = now() - 5;
    CHECK(find(kind::certificate)->number == 0);
}

TEST_CASE_FIXTURE(overview_fixture,
                  "overview: a mass deletion of the last day warns, with whose mail and by what") {
    CHECK_FALSE(find(kind::mass_deletion));
    CHECK(expunged.deletions_since == now() - day);
    storage::mass_deletion one;
    one.address = "anna@a.example";
    one.messages = 412;
    one.since = now() - 60;
    one.until = now() - 10;
    one.by = storage::trace_actor(storage::trace_door::imap, one.address, "Thunderbird");
    expunged.deletions = {one};
    const auto found = find(kind::mass_deletion);
    REQUIRE(found);
    CHECK(found->how_bad == level::warn);
    CHECK(found->subject == "anna@a.example");
    CHECK(found->other == "Thunderbird");
    CHECK(found->number == 412);
    CHECK(found->since == now() - 60);
    CHECK(found->until == now() - 10);
    const auto said = ask(R"({"command":"overview show","since":0})");
    CHECK(contains(said, R"("id":"mass.delete","level":"warn","text":"412 messages of)"));
    CHECK(contains(said, R"("since":940,"until":990)"));
    // A program that keeps its mail itself deletes what it has fetched; the owner took something back.
    for (const auto by : {storage::trace_door::pop3, storage::trace_door::administrator}) {
        expunged.deletions[0].by.door = by;
        CHECK_FALSE(find(kind::mass_deletion));
    }
}

TEST_CASE_FIXTURE(overview_fixture, "overview: an account with little room, and one without any") {
    CHECK_FALSE(find(kind::account_full));
    looked_over.full = {{account_id(1), "anna@a.example", 949, 1000}};
    CHECK(find(kind::account_full)->how_bad == level::warn);
    CHECK(find(kind::account_full)->subject == "anna@a.example");
    CHECK(find(kind::account_full)->number == 94);
    CHECK(contains(ask(R"({"command":"overview show","since":0})"),
                   R"({"id":"account.full","level":"warn","text":"anna@a.example is 94 % full)"));
    looked_over.full[0].octets = 990;
    CHECK(find(kind::account_full)->how_bad == level::bad);
    looked_over.full[0].octets = 2'000;  // its quota was lowered
    CHECK(find(kind::account_full)->number == 200);
}

TEST_CASE_FIXTURE(overview_fixture,
                  "overview: who sends like a hijacked account, until he may send again") {
    ask(R"({"command":"domain add","name":"a.example"})");
    ask(R"({"command":"account add","address":"anna@a.example","password":"words"})");
    ask(R"({"command":"account add","address":"ben@a.example","password":"words"})");
    ask(R"({"command":"account freeze","address":"ben@a.example"})");
    CHECK_FALSE(find(kind::account_spamming));  // he did that himself
    get(senders.freeze(account_id(1), storage::freeze_reason::unknown_recipients));
    const auto found = find(kind::account_spamming);
    REQUIRE(found);
    CHECK(found->how_bad == level::bad);
    CHECK(found->subject == "anna@a.example");
    CHECK(found->since == 1000);
    const auto said = ask(R"({"command":"overview show","since":0})");
    CHECK(contains(said, R"("id":"account.spamming","level":"bad")"));
    CHECK(contains(said, R"("subject":"anna@a.example","since":1000})"));
    ask(R"({"command":"account unfreeze","address":"anna@a.example"})");
    CHECK_FALSE(find(kind::account_spamming));
    // One that has gone stays frozen, and is nobody's concern.
    get(senders.freeze(account_id(77), storage::freeze_reason::unknown_recipients));
    CHECK_FALSE(find(kind::account_spamming));
}

TEST_CASE_FIXTURE(overview_fixture, "overview: what is bad stands before what is worth knowing") {
    upkeep.figures.free_octets = 0;
    const auto all = look();
    REQUIRE(all.alarms.size() == 2);
    CHECK(all.alarms.front().of == kind::disk);
    CHECK(all.alarms.back().of == kind::no_second_factor);
}

TEST_CASE_FIXTURE(overview_fixture,
                  "overview: figures of the machine may be missing, the rest is there") {
    upkeep.is_busy = true;
    const auto all = look();
    CHECK_FALSE(all.machine.has_value());
    CHECK_FALSE(all.has_domain);
    ask(R"({"command":"domain add","name":"a.example"})");
    ask(R"({"command":"account add","address":"anna@a.example","password":"words"})");
    CHECK(look().has_domain);
    CHECK(look().has_account);
    CHECK(look().last_change->command == "account add");
    CHECK_FALSE(contains(ask(R"({"command":"overview show"})"), "storage"));
}

TEST_CASE_FIXTURE(overview_fixture, "overview: today begins when the one who asks says so") {
    store->traffic.note_sign_in(true);
    ask(R"({"command":"owner setup-link"})");  // some commit takes it along
    CHECK(look(0).today.sign_ins == 1);
    CHECK(look(now() + 3600).today.sign_ins == 0);
    CHECK(look(now() + 3600).hours.size() == 1);
}

TEST_CASE_FIXTURE(
    overview_fixture,
    "setup data: each service that is offered, TLS from the first octet before STARTTLS") {
    ask(R"({"command":"domain add","name":"a.example"})");
    ask(R"({"command":"account add","address":"anna@a.example","password":"words"})");
    ports.published.pop3s_port = 0;
    ports.published.submission_port = 587;
    CHECK(ask(R"({"command":"setup-data show","address":"Anna@a.example"})") ==
          R"({"address":"anna@a.example","services":[)"
          R"({"protocol":"imap","host":"mail.a.example","port":993,"security":"tls"},)"
          R"({"protocol":"smtp","host":"mail.a.example","port":465,"security":"tls"},)"
          R"({"protocol":"smtp","host":"mail.a.example","port":587,"security":"starttls"}]})");
    CHECK(contains(ask(R"({"command":"setup-data show","address":"ben@a.example"})"),
                   "no account ben@a.example"));
}
