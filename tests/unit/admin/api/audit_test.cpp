// What was done stands in the audit log, by whom, before and after, and never with a secret.
#include "admin/audit.hpp"

#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::admin;
using hauspost::test::contains;
using hauspost::test::furnished;

namespace {

std::vector<storage::audit_entry> entries(furnished& h) {
    return h.get(h.store->audit.list(storage::audit_query()))->entries;
}

storage::audit_entry newest(furnished& h) {
    return entries(h).at(0);
}

caller owner_from(const std::string& address) {
    caller made;
    made.who = storage::audit_actor::owner;
    made.from = address;
    return made;
}

}  // namespace

TEST_CASE("audit: who did what from where, and what is another now") {
    furnished h;
    caller shell;
    shell.from = "uid 1000";
    h.ask(R"({"command":"account set","address":"Anna@A.example","quota_octets":7,"note":"x"})",
          shell);
    auto told = newest(h);
    CHECK(told.who == storage::audit_actor::command_line);
    CHECK(told.from == "uid 1000");
    CHECK(told.command == "account set");
    CHECK(told.subject == "anna@a.example");
    CHECK(told.end == storage::audit_end::done);
    CHECK(told.before == R"({"note":"","quota_octets":500})");
    CHECK(told.after == R"({"note":"x","quota_octets":7})");
    h.ask(R"({"command":"forward set","address":"anna@a.example","targets":["ben@a.example"],)"
          R"("keep_copy":false})",
          owner_from("192.0.2.9"));
    told = newest(h);
    CHECK(told.who == storage::audit_actor::owner);
    CHECK(told.from == "192.0.2.9");
    CHECK(told.before == R"({"forwards":[],"keep_copy":true})");
    CHECK(told.after == R"({"forwards":["ben@a.example"],"keep_copy":false})");
}

TEST_CASE("audit: each kind of change is told with what it changes") {
    furnished h;
    const auto changes = [&h](const std::string& request) {
        const auto said = h.ask(request);
        REQUIRE_MESSAGE(!contains(said, "refused"), said);
        const auto told = newest(h);
        return told.before + " -> " + told.after;
    };
    CHECK(changes(R"({"command":"account disable","address":"ben@a.example"})") ==
          R"({"active":true} -> {"active":false})");
    CHECK(changes(R"({"command":"account enable","address":"ben@a.example"})") ==
          R"({"active":false} -> {"active":true})");
    CHECK(changes(R"({"command":"account freeze","address":"ben@a.example"})") ==
          R"({"sending":"on"} -> {"sending":"frozen"})");
    CHECK(changes(R"({"command":"catchall set","name":"a.example","target":"ben@a.example"})") ==
          R"({"catch_all":""} -> {"catch_all":"ben@a.example"})");
    CHECK(changes(R"({"command":"catchall clear","name":"a.example"})") ==
          R"({"catch_all":"ben@a.example"} -> {"catch_all":""})");
    CHECK(
        changes(R"({"command":"alias add","address":"x@a.example","targets":["ben@a.example"]})") ==
        R"( -> {"targets":["ben@a.example"],"enabled":true})");
    CHECK(changes(R"({"command":"alias remove","address":"x@a.example"})") ==
          R"({"targets":["ben@a.example"],"enabled":true} -> )");
    CHECK(changes(R"({"command":"domain rotate-keys","name":"a.example"})") ==
          R"({"keys":["k1"]} -> {"keys":["k1","k2"]})");
    CHECK(contains(changes(R"({"command":"domain add","name":"b.example"})"),
                   R"( -> {"name":"b.example")"));
    // A password leaves what the command says, and nothing of itself.
    CHECK(changes(
              R"({"command":"account password","address":"ben@a.example","password":"sesame"})") ==
          " -> ");
    CHECK(newest(h).command == "account password");
}

TEST_CASE("audit: what only looks leaves nothing, nor what is refused and changes nothing") {
    furnished h;
    const auto before = entries(h).size();
    for (const char* request :
         {R"({"command":"account list"})", R"({"command":"domain dns","name":"a.example"})",
          R"({"command":"account disable","address":"nobody@a.example"})",
          R"({"command":"account add","address":"anna@a.example"})",
          R"({"command":"account password","address":"anna@a.example","password":"x"})",
          R"({"command":"put-back","x":1})"}) {
        if (contains(request, "put-back")) h.upkeep.is_busy = true;
        h.ask(request);
        CHECK_MESSAGE(entries(h).size() == before, request);
    }
    h.upkeep.is_busy = false;
    h.ask(R"({"command":"put-back"})");
    CHECK(newest(h).command == "put-back");
}

TEST_CASE("audit: what broke off is there, and says that nobody knows") {
    furnished h;
    h.directory.before_change = [] { throw storage::fault("the disk is gone"); };
    CHECK_THROWS(h.ask(R"({"command":"account disable","address":"anna@a.example"})"));
    CHECK(newest(h).command == "account disable");
    CHECK(newest(h).end == storage::audit_end::unknown);
    CHECK(contains(h.ask(R"({"command":"audit list"})"), R"("end":"unknown")"));
}

TEST_CASE("audit: G11 no password, link, key or code stands in the log") {
    furnished h;
    std::string secrets;
    const auto ask = [&](const std::string& request, caller who) {
        const auto said = h.ask(request, std::move(who));
        REQUIRE_MESSAGE(!contains(said, "refused"), said);
        return said;
    };
    const auto link = ask(R"({"command":"owner setup-link"})", {});
    const auto setup_secret = link.substr(link.find('#') + 1, 64);
    ask(R"({"command":"owner password","password":"sesame-1"})", {});
    ask(R"({"command":"owner password","password":"sesame-2","present_password":"sesame-1"})",
        owner_from("192.0.2.1"));
    const std::string id(h.opened.value().id.reveal());
    ask(R"({"command":"account password","address":"anna@a.example","password":"sesame-3"})", {});
    const auto begun = ask(R"({"command":"owner totp-begin"})", {});
    const auto key = begun.substr(begun.find(":\"") + 2, 32);
    const auto codes = ask(R"({"command":"owner totp-enable","code":"424242"})", {});
    const auto code = codes.substr(codes.find("[\"") + 2, 19);
    std::string all;
    for (const auto& one : entries(h))
        all += one.command + one.subject + one.from + one.reason + one.before + one.after + "\n";
    for (const auto& hidden : {setup_secret, id, key, code, std::string("sesame"),
                               std::string("emases"), std::string("424242")}) {
        CHECK(hidden.size() >= 6);
        CHECK_FALSE(contains(all, hidden));
    }
    CHECK(contains(all, R"({"second_factor":false,"recovery_codes":0})"));
    CHECK(contains(all, R"({"second_factor":true,"recovery_codes":8})"));
}

TEST_CASE("audit: the list is asked for by word, subject and time, and goes on page by page") {
    furnished h;
    for (int n = 0; n < 5; ++n) {
        h.time.move_wall(std::chrono::hours(1));
        h.ask(R"({"command":"account set","address":"ben@a.example","note":"number )" +
              std::to_string(n) + "\"}");
    }
    CHECK(contains(h.ask(R"({"command":"audit list","filter":"NUMBER 3"})"), "number 3"));
    CHECK_FALSE(contains(h.ask(R"({"command":"audit list","subject":"anna@a.example"})"), "ben@"));
    CHECK(contains(h.ask(R"({"command":"audit list","subject":"Anna@A.EXAMPLE"})"), "account add"));
    const auto recent = h.ask(R"({"command":"audit list","since":"90m"})");
    CHECK(contains(recent, "number 4"));
    CHECK_FALSE(contains(recent, R"("after":{"note":"number 2"})"));
    audit_request wanted;
    wanted.limit = 2;
    std::size_t seen = 0, pages = 0;
    do {
        const auto page = h.get(list_audit(h.ports, wanted));
        REQUIRE(page.has_value());
        seen += page->entries.size();
        wanted.after = page->more;
        REQUIRE(++pages < 10);
    } while (!wanted.after.empty());
    CHECK(seen == 8);
    CHECK(contains(h.ask(R"({"command":"audit list","since":"tomorrow"})"), "is not a time"));
    for (const char* wrong : {"x", "1", "1-", "-1", "1-2x", "99999999999999999999-1"})
        CHECK(contains(h.ask(R"({"command":"audit list","after":")" + std::string(wrong) + "\"}"),
                       "is not a place in this list"));
}

TEST_CASE("audit: a change that is too long for an entry is told in part") {
    furnished h;
    std::string targets;
    for (int n = 0; n < 300; ++n)
        targets += std::string(n == 0 ? "" : ",") + "\"" + std::string(50, 'x') +
                   std::to_string(n) + "@b.example\"";
    h.ask(R"({"command":"forward set","address":"anna@a.example","keep_copy":true,"targets":[)" +
          targets + "]}");
    const auto told = newest(h);
    CHECK(told.end == storage::audit_end::done);
    CHECK(contains(told.after, "and 296 more"));
    h.ask(R"({"command":"account set","address":"anna@a.example","note":")" +
          std::string(200, 'n') + "\"}");
    CHECK(contains(newest(h).after, "nnn..."));
}
