#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <string>
#include <vector>

using namespace hauspost;
using hauspost::test::contains;
using hauspost::test::furnished;

TEST_CASE("admin: a password that another sets meanwhile is not undone by any change") {
    furnished h;
    const std::string requests[] = {
        R"({"command":"account disable","address":"anna@a.example"})",
        R"({"command":"account enable","address":"anna@a.example"})",
        R"({"command":"forward set","address":"anna@a.example","targets":["ben@a.example"],
            "keep_copy":true})",
        R"({"command":"forward clear","address":"anna@a.example"})"};
    for (std::size_t n = 0; n < std::size(requests); ++n) {
        // Once this request has read the account.
        auto& row = h.directory.accounts.at(account_id(1));
        const auto hash = "hash " + std::to_string(n);
        h.directory.before_change = [&row, hash] { row.password_hash = hash; };
        CHECK(h.ask(requests[n]) == R"({"address":"anna@a.example"})");
        CHECK_MESSAGE(row.password_hash == hash, requests[n]);
    }
}

TEST_CASE("admin: two who change the same of an account: the second is told, the first stays") {
    furnished h;
    auto& row = h.directory.accounts.at(account_id(1));
    const auto anna = [&h](const std::string& command, const std::string& rest) {
        return h.ask(R"({"command":")" + command + R"(","address":"anna@a.example")" + rest + "}");
    };
    const std::string told =
        "refused: Somebody else has just changed anna@a.example: look at it, then try again.";
    h.directory.before_change = [&row] { row.password_hash = "other"; };
    CHECK(anna("account password", R"(,"password":"mine now")") == told);
    CHECK(row.password_hash == "other");
    h.directory.before_change = [&row] { row.password_hash = "third"; };
    CHECK(anna("account password", "") == told);
    CHECK(row.password_hash == "third");
    h.directory.before_change = [&row] { row.forwards = {"ben@a.example"}; };
    CHECK(anna("forward set", R"(,"targets":["far@b.example"],"keep_copy":true)") == told);
    CHECK(row.forwards == std::vector<std::string>{"ben@a.example"});
    h.directory.before_change = [&row] { row.forwards = {"new@a.example"}; };
    CHECK(anna("forward clear", "") == told);
    CHECK(row.forwards == std::vector<std::string>{"new@a.example"});
    h.directory.before_change = [&row] { row.note = "his"; };
    CHECK(anna("account set", R"(,"note":"hers","quota_octets":7)") == told);
    CHECK(row.note == "his");
    CHECK(row.quota_octets == 500);
    // Said again by one who has seen it.
    h.directory.before_change = nullptr;
    CHECK(anna("account set", R"(,"note":"hers")") == R"({"address":"anna@a.example"})");
    CHECK(row.note == "hers");
}

TEST_CASE("admin: two who change different things of an account: both are done") {
    furnished h;
    auto& row = h.directory.accounts.at(account_id(1));
    h.directory.before_change = [&row] {
        row.active = false;
        row.display_name = "Anna";
    };
    CHECK(h.ask(R"({"command":"account set","address":"anna@a.example","note":"n"})") ==
          R"({"address":"anna@a.example"})");
    CHECK(row.note == "n");
    CHECK(row.display_name == "Anna");
    CHECK(!row.active);
    // Both want the same.
    h.directory.before_change = [&row] { row.active = true; };
    CHECK(h.ask(R"({"command":"account enable","address":"anna@a.example"})") ==
          R"({"address":"anna@a.example"})");
    h.directory.before_change = [&row] { row.name = "ann@a.example"; };
    CHECK(contains(h.ask(R"({"command":"account disable","address":"anna@a.example"})"),
                   "has just changed"));
    CHECK(row.active);
}

TEST_CASE("admin: what another changes of an alias or a domain meanwhile is not undone") {
    furnished h;
    const auto ask = [&h](const std::string& command, const std::string& rest) {
        return h.ask(R"({"command":")" + command + R"(","address":"office@a.example")" + rest +
                     "}");
    };
    ask("alias add", R"(,"targets":["anna@a.example"])");
    auto& office = h.directory.aliases.at("office@a.example");
    // What another does once this request has read the row.
    const auto change = [&h](auto& row, auto does) {
        h.directory.before_change = [&h, &row, does] {
            does(row);
            row.version = ++h.directory.last_version;
        };
    };
    change(office, [](auto& row) { row.targets.push_back("far@b.example"); });
    ask("alias add", R"(,"targets":["ben@a.example"])");
    CHECK(office.targets ==
          std::vector<std::string>{"anna@a.example", "far@b.example", "ben@a.example"});
    change(office, [](auto& row) { row.enabled = false; });
    ask("alias remove", R"(,"targets":["ben@a.example"])");
    CHECK(!office.enabled);
    change(office, [](auto& row) { row.targets = {"new@a.example"}; });
    ask("alias remove", R"(,"targets":["anna@a.example","far@b.example"])");
    CHECK(office.targets == std::vector<std::string>{"new@a.example"});
    change(office, [](auto& row) { row.targets = {"more@a.example"}; });
    ask("alias enable", "");
    CHECK(office.targets == std::vector<std::string>{"more@a.example"});
    change(office, [](auto& row) { row.targets = {"other@a.example"}; });
    CHECK(contains(ask("alias remove", ""), "has just changed office@a.example"));
    CHECK(office.targets == std::vector<std::string>{"other@a.example"});
    auto& row = h.directory.domains.at("a.example");
    change(row, [](auto& its) { its.catch_all = "anna@a.example"; });
    CHECK(
        contains(h.ask(R"({"command":"catchall set","name":"a.example","target":"ben@a.example"})"),
                 "has just changed a.example"));
    CHECK(row.catch_all == "anna@a.example");
    change(row, [](auto& its) { its.catch_all = "ben@a.example"; });
    CHECK(contains(h.ask(R"({"command":"catchall clear","name":"a.example"})"), "refused"));
    CHECK(row.catch_all == "ben@a.example");
    h.directory.before_change = [&h] { h.directory.domains.erase("a.example"); };
    CHECK(
        contains(h.ask(R"({"command":"catchall set","name":"a.example","target":"ben@a.example"})"),
                 "refused"));
    CHECK(h.directory.domains.empty());
}
