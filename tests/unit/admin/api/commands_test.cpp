#include "admin/api/commands.hpp"

#include "admin/page.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using hauspost::test::admin_fixture;
using hauspost::test::contains;
using hauspost::test::furnished;

TEST_CASE("admin: a domain is added once, lowered, listed and removed") {
    admin_fixture h;
    CHECK(h.ask(R"({"command":"domain add","name":"A.Example"})") == R"({"name":"a.example"})");
    CHECK(contains(h.ask(R"({"command":"domain add","name":"a.example"})"), "already here"));
    CHECK(
        h.ask(R"({"command":"domain list"})") ==
        R"({"domains":[{"name":"a.example","display":"a.example","catch_all":"","created_at":1000}]})");
    CHECK(h.ask(R"({"command":"domain remove","name":"a.example"})") == R"({"name":"a.example"})");
    CHECK(contains(h.ask(R"({"command":"domain remove","name":"a.example"})"), "no domain"));
}

TEST_CASE("admin: a domain with accounts stays, and the refusal says what to do") {
    furnished h;
    CHECK(
        contains(h.ask(R"({"command":"domain remove","name":"a.example"})"), "remove them first"));
    CHECK(h.directory.domains.size() == 1);
}

TEST_CASE("admin: an account gets the password given, or one that is told once") {
    admin_fixture h;
    h.ask(R"({"command":"domain add","name":"a.example"})");
    CHECK(h.ask(R"({"command":"account add","address":"Anna@A.example","password":"words",
                    "display_name":"Anna B","note":"n","quota_octets":7})") ==
          R"({"address":"anna@a.example"})");
    CHECK(h.account(1).password_hash == "sdrow");
    CHECK(h.account(1).display_name == "Anna B");
    CHECK(h.account(1).quota_octets == 7);
    CHECK(h.account(1).created_at == 1000);
    CHECK(h.ask(R"({"command":"account add","address":"ben@a.example"})") ==
          R"({"address":"ben@a.example","password":"made-up"})");
    CHECK(h.account(2).quota_octets == 500);
}

TEST_CASE("admin: an account is refused with the reason, and nothing is made") {
    furnished h;
    const auto add = [&](const std::string& rest) {
        return h.ask(R"({"command":"account add",)" + rest + "}");
    };
    CHECK(contains(add(R"("address":"carl@b.example")"), "add it with <new domain>"));
    CHECK(contains(add(R"("address":"anna@a.example")"), "already taken"));
    CHECK(contains(add(R"("address":"carl")"), "not a valid address"));
    CHECK(contains(add(R"("address":"carl@a.example","password":"abc")"), "too short"));
    CHECK(contains(add(R"("password":"words")"), "\"address\" is missing"));
    CHECK(contains(add(R"("address":5)"), "\"address\" is missing"));
    CHECK(contains(add(R"("address":"carl@a.example","quota_octets":-1)"), "quota_octets"));
    h.passwords.is_busy = true;
    CHECK(contains(add(R"("address":"carl@a.example","password":"words")"), "try again"));
    CHECK(h.directory.accounts.size() == 2);
}

TEST_CASE("admin: a password is changed, with the other fields as they were") {
    furnished h;
    h.ask(R"({"command":"account disable","address":"anna@a.example"})");
    CHECK(
        h.ask(R"({"command":"account password","address":"anna@a.example","password":"other"})") ==
        R"({"address":"anna@a.example"})");
    CHECK(h.account(1).password_hash == "rehto");
    CHECK(!h.account(1).active);
    CHECK(contains(h.ask(R"({"command":"account password","address":"anna@a.example"})"),
                   R"("password":"made-up")"));
    CHECK(contains(h.ask(R"({"command":"account password","address":"x@a.example"})"),
                   "no account x@a.example"));
}

TEST_CASE("admin: accounts are switched off and on, and removed") {
    furnished h;
    h.ask(R"({"command":"account disable","address":"anna@a.example"})");
    CHECK(!h.account(1).active);
    h.ask(R"({"command":"account enable","address":"ANNA@a.example"})");
    CHECK(h.account(1).active);
    h.ask(R"({"command":"account remove","address":"anna@a.example"})");
    CHECK(h.directory.accounts.size() == 1);
}

TEST_CASE("admin: the list of accounts comes in pages that follow each other") {
    furnished h;
    for (int i = 0; i < 1500; ++i) {
        storage::account one;
        one.id = account_id(++h.directory.last_id);
        one.name = "n" + std::to_string(10'000 + i) + "@a.example";
        h.directory.accounts[one.id] = one;
    }
    auto first = admin::api::parse_object(h.ask(R"({"command":"account list"})"));
    REQUIRE(first.has_value());
    CHECK(first->at("accounts").as_array().size() == 1000);
    CHECK(first->at("next") == "n10997@a.example");
    auto second =
        admin::api::parse_object(h.ask(R"({"command":"account list","after":"n10997@a.example"})"));
    REQUIRE(second.has_value());
    CHECK(second->at("accounts").as_array().size() == 502);
    CHECK(!second->contains("next"));
    CHECK(contains(h.ask(R"({"command":"account list"})"),
                   R"({"address":"anna@a.example","display":"anna@a.example","display_name":"",)"
                   R"("active":true,)"
                   R"("has_password":true,"quota_octets":500,"octets":1234,"messages":5,)"
                   R"("forwards":[],"keep_copy":true,"files_sent":true,"note":"",)"
                   R"("created_at":1000,"last_sign_in_at":0,"last_program":""})"));
}

TEST_CASE("admin: an alias grows, shrinks and goes with its last target") {
    furnished h;
    CHECK(
        h.ask(R"({"command":"alias add","address":"office@a.example",
                    "targets":["anna@a.example","Boss@elsewhere.example","anna@a.example"]})") ==
        R"({"address":"office@a.example","warning":"At another server: boss@elsewhere.example. )"
        R"(Mail to other servers waits, since it is not set how to send it; <queue> shows it."})");
    h.ask(R"({"command":"alias add","address":"office@a.example","targets":["ben@a.example"]})");
    CHECK(
        h.ask(R"({"command":"alias list"})") ==
        R"({"aliases":[{"address":"office@a.example","display":"office@a.example","targets":["anna@a.example",)"
        R"("boss@elsewhere.example","ben@a.example"],"enabled":true}]})");
    h.ask(R"({"command":"alias remove","address":"office@a.example",
              "targets":["anna@a.example","ben@a.example"]})");
    CHECK(h.directory.aliases.at("office@a.example").targets ==
          std::vector<std::string>{"boss@elsewhere.example"});
    CHECK(contains(h.ask(R"({"command":"alias remove","address":"office@a.example",
                             "targets":["ben@a.example"]})"),
                   "does not send to"));
    h.ask(R"({"command":"alias remove","address":"office@a.example",
              "targets":["boss@elsewhere.example"]})");
    CHECK(h.directory.aliases.empty());
    CHECK(
        contains(h.ask(R"({"command":"alias remove","address":"office@a.example"})"), "no alias"));
}

TEST_CASE("admin: an alias is refused when it is an account, its own target or has none") {
    furnished h;
    const auto add = [&](const std::string& name, const std::string& targets) {
        return h.ask(R"({"command":"alias add","address":")" + name + R"(","targets":)" + targets +
                     "}");
    };
    CHECK(contains(add("anna@a.example", R"(["ben@a.example"])"), "is an account"));
    CHECK(contains(add("x@a.example", R"(["X@a.example"])"), "itself"));
    CHECK(contains(add("x@a.example", "[]"), "at least one"));
    CHECK(contains(add("x@a.example", R"(["nobody"])"), "not a valid address"));
    CHECK(contains(add("x@b.example", R"(["anna@a.example"])"), "<new domain>"));
    CHECK(contains(add("x@a.example", R"([5])"), "targets"));
    CHECK(h.directory.aliases.empty());
    CHECK(
        contains(add("x@a.example", R"(["later@a.example"])"),
                 R"("warning":"Nobody here has (yet): later@a.example. Mail to it is refused.")"));
    CHECK(!contains(add("y@a.example", R"(["anna+news@a.example"])"), "warning"));
}

TEST_CASE("admin: an alias takes the limit of targets, not one more") {
    furnished h;
    const auto add = [&](int from, int to) {
        std::string targets;
        for (int i = from; i < to; ++i)
            targets += (targets.empty() ? "\"t" : ",\"t") + std::to_string(i) + "@b.example\"";
        return h.ask(R"({"command":"alias add","address":"all@a.example","targets":[)" + targets +
                     "]}");
    };
    CHECK(!contains(add(0, 1000), "refused"));
    CHECK(contains(add(0, 1001), "At most 1000"));
    CHECK(contains(add(1000, 1001), "At most 1000"));
    CHECK(h.directory.aliases.at("all@a.example").targets.size() == 1000);
}

TEST_CASE("admin: a forward is set and cleared, with and without a copy") {
    furnished h;
    CHECK(
        h.ask(R"({"command":"forward set","address":"anna@a.example",
                    "targets":["ben@a.example","far@b.example"],"keep_copy":false})") ==
        R"({"address":"anna@a.example","warning":"At another server: far@b.example. )"
        R"(Mail to other servers waits, since it is not set how to send it; <queue> shows it."})");
    CHECK(h.account(1).forwards == std::vector<std::string>{"ben@a.example", "far@b.example"});
    CHECK(!h.account(1).keep_copy);
    CHECK(
        h.ask(R"({"command":"forward list"})") ==
        R"({"forwards":[{"address":"anna@a.example","display":"anna@a.example","forwards":["ben@a.example","far@b.example"],)"
        R"("keep_copy":false}]})");
    h.ask(R"({"command":"forward clear","address":"anna@a.example"})");
    CHECK(h.account(1).forwards.empty());
    CHECK(h.account(1).keep_copy);
    CHECK(contains(h.ask(R"({"command":"forward set","address":"anna@a.example",
                             "targets":["anna@a.example"],"keep_copy":true})"),
                   "itself"));
}

TEST_CASE("admin: a catch-all leads somewhere that exists, and a second way is told") {
    furnished h;
    CHECK(h.ask(R"({"command":"catchall set","name":"a.example","target":"ben@a.example"})") ==
          R"({"name":"a.example","catch_all":"ben@a.example"})");
    CHECK(contains(h.ask(R"({"command":"catchall set","name":"a.example",
                             "target":"nobody@a.example"})"),
                   "no account or alias"));
    CHECK(h.directory.domains.at("a.example").catch_all == "ben@a.example");
    h.ask(R"({"command":"account add","address":"catchall@a.example"})");
    CHECK(contains(h.ask(R"({"command":"catchall set","name":"a.example",
                             "target":"far@b.example"})"),
                   "At another server: far@b.example. Mail to other servers waits, since it is not "
                   "set how to send it; <queue> shows it. The account catchall@a.example exists as "
                   "well; the domain's setting wins over it."));
    h.ask(R"({"command":"catchall clear","name":"a.example"})");
    CHECK(h.directory.domains.at("a.example").catch_all.empty());
}

TEST_CASE("admin: what goes or is switched off says what still leads there") {
    furnished h;
    h.ask(R"({"command":"alias add","address":"office@a.example",
              "targets":["anna@a.example","sub@a.example"]})");
    h.ask(R"({"command":"alias add","address":"sub@a.example","targets":["anna+sub@a.example"]})");
    h.ask(R"({"command":"forward set","address":"ben@a.example","targets":["anna@a.example"],
              "keep_copy":true})");
    h.ask(R"({"command":"domain add","name":"b.example"})");
    h.ask(R"({"command":"catchall set","name":"b.example","target":"anna@a.example"})");
    const auto ways =
        "from: alias office@a.example, alias sub@a.example, forward of ben@a.example, catch-all "
        "of b.example.";
    CHECK(contains(h.ask(R"({"command":"account disable","address":"anna@a.example"})"), ways));
    CHECK(!contains(h.ask(R"({"command":"account enable","address":"anna@a.example"})"), "from:"));
    CHECK(contains(h.ask(R"({"command":"account remove","address":"anna@a.example"})"), ways));
    CHECK(contains(h.ask(R"({"command":"alias remove","address":"sub@a.example"})"),
                   "from: alias office@a.example."));
    CHECK(!contains(h.ask(R"({"command":"account remove","address":"ben@a.example"})"), "warning"));
}

TEST_CASE("admin: a domain that goes says who still sends mail there") {
    furnished h;
    h.ask(R"({"command":"domain add","name":"b.example"})");
    h.ask(R"({"command":"alias add","address":"office@a.example","targets":["x@b.example"]})");
    h.ask(R"({"command":"alias add","address":"x@b.example","targets":["anna@a.example"]})");
    h.ask(R"({"command":"alias remove","address":"x@b.example"})");
    CHECK(contains(h.ask(R"({"command":"domain remove","name":"b.example"})"),
                   "to addresses of b.example from: alias office@a.example."));
}

TEST_CASE("admin: deleted mail is purged and restored by address, whoever has it") {
    admin_fixture h;
    CHECK(h.ask(R"({"command":"account purge","address":"Gone@a.example"})") ==
          R"({"address":"gone@a.example","messages":7})");
    CHECK(h.expunged.asked == "purge gone@a.example");
    h.expunged.asked.clear();
    CHECK(h.ask(R"({"command":"account restore","address":"a@a.example","within_seconds":60})") ==
          R"({"address":"a@a.example","messages":3,"left_over_quota":2})");
    CHECK(h.expunged.asked == "restore a@a.example 60");
    h.expunged.is_unknown = true;
    CHECK(contains(h.ask(R"({"command":"account restore","address":"a@a.example"})"),
                   "There is no account a@a.example"));
    CHECK(contains(h.ask(R"({"command":"account purge","address":"typo@a.example"})"),
                   "There is no account typo@a.example"));
    CHECK(contains(h.ask(R"({"command":"account purge","address":"nonsense"})"), "refused"));
    CHECK(contains(
        h.ask(R"({"command":"account restore","address":"a@a.example","within_seconds":"x"})"),
        "within_seconds"));
}

TEST_CASE("admin: quota, name and note change one by one, and nothing else does") {
    furnished h;
    h.ask(R"({"command":"forward set","address":"anna@a.example","targets":["far@b.example"],
              "keep_copy":false})");
    const auto set = [&](const std::string& rest) {
        return h.ask(R"({"command":"account set","address":"anna@a.example",)" + rest + "}");
    };
    CHECK(set(R"("quota_octets":7)") == R"({"address":"anna@a.example"})");
    CHECK(set(R"("display_name":"J\u00fcrgen")") == R"({"address":"anna@a.example"})");
    CHECK(set(R"("note":"n")") == R"({"address":"anna@a.example"})");
    CHECK(h.account(1).quota_octets == 7);
    CHECK(h.account(1).display_name == "J\xc3\xbcrgen");
    CHECK(h.account(1).note == "n");
    CHECK(set(R"("quota_octets":0,"note":"")") == R"({"address":"anna@a.example"})");
    CHECK(h.account(1).quota_octets == 0);
    CHECK(h.account(1).note.empty());
    CHECK(h.account(1).display_name == "J\xc3\xbcrgen");
    CHECK(h.account(1).password_hash == "sdrow");
    CHECK(h.account(1).forwards == std::vector<std::string>{"far@b.example"});
    CHECK(!h.account(1).keep_copy);
    CHECK(contains(set(R"("display_name":"a\u001b[2J")"), "control characters"));
    CHECK(contains(set(R"("note":")" + std::string(201, 'x') + "\""), "200 octets"));
    CHECK(contains(set(R"("quota_octets":"x")"), "quota_octets"));
}

TEST_CASE("admin: an account is shown with what leads to it") {
    furnished h;
    h.ask(R"({"command":"alias add","address":"sales@a.example","targets":["anna@a.example"]})");
    const auto said = h.ask(R"({"command":"account show","address":"ANNA@a.example"})");
    CHECK(contains(said, R"("address":"anna@a.example")"));
    CHECK(contains(said, R"("quota_octets":500)"));
    CHECK(contains(said, R"("reached_from":["alias sales@a.example"])"));
    CHECK(contains(h.ask(R"({"command":"account show","address":"x@a.example"})"), "no account"));
}

TEST_CASE("admin: an account is frozen and let go again, and shows since when and why") {
    furnished h;
    h.senders.hour = {0, 12, 40, 7, 3};
    const std::string show = R"({"command":"account show","address":"anna@a.example"})";
    CHECK(contains(h.ask(show), R"("sending":"on","sent_messages":12,"sent_recipients":40)"
                                R"(,"sent_to_new":7,"sent_to_unknown":3)"));
    CHECK(h.ask(R"({"command":"account freeze","address":"ANNA@a.example"})") ==
          R"({"address":"anna@a.example"})");
    CHECK(contains(h.ask(show), R"("sending":"frozen","frozen_at":1000,)"
                                R"("frozen_because":"an administrator did it")"));
    CHECK(h.ask(R"({"command":"account unfreeze","address":"anna@a.example"})") ==
          R"({"address":"anna@a.example","released":1})");
    CHECK(contains(h.ask(show), R"("sending":"on")"));
    CHECK(contains(h.ask(R"({"command":"account freeze","address":"x@a.example"})"), "no account"));
}

TEST_CASE("admin: an alias is switched off and on with its targets") {
    furnished h;
    h.ask(R"({"command":"alias add","address":"sales@a.example","targets":["anna@a.example"]})");
    h.ask(R"({"command":"alias disable","address":"sales@a.example"})");
    CHECK(!h.directory.aliases.at("sales@a.example").enabled);
    CHECK(h.directory.aliases.at("sales@a.example").targets.size() == 1);
    h.ask(R"({"command":"alias enable","address":"sales@a.example"})");
    CHECK(h.directory.aliases.at("sales@a.example").enabled);
    CHECK(contains(h.ask(R"({"command":"alias enable","address":"x@a.example"})"), "no alias"));
}

TEST_CASE("admin: lists show what holds the filter, in any case and any script") {
    furnished h;
    h.ask(R"({"command":"account set","address":"anna@a.example","display_name":"\u00dcnal"})");
    const auto accounts = [&](const std::string& filter) {
        return h.ask(R"({"command":"account list","filter":")" + filter + "\"}");
    };
    CHECK(contains(accounts("ANNA"), "anna@a.example"));
    CHECK(!contains(accounts("ANNA"), "ben@a.example"));
    CHECK(contains(accounts("\u00fcnal"), "anna@a.example"));
    CHECK(accounts("nobody") == R"({"accounts":[]})");
    h.ask(R"({"command":"alias add","address":"sales@a.example","targets":["anna@a.example"]})");
    CHECK(contains(h.ask(R"({"command":"alias list","filter":"anna"})"), "sales@a.example"));
    CHECK(h.ask(R"({"command":"alias list","filter":"ben"})") == R"({"aliases":[]})");
    CHECK(h.ask(R"({"command":"domain list","filter":"zzz"})") == R"({"domains":[]})");
}

TEST_CASE("admin: a search goes on over pages in which nothing fits") {
    furnished h;
    for (int i = 0; i < 3500; ++i) {
        storage::account one;
        one.id = account_id(++h.directory.last_id);
        one.name = "n" + std::to_string(10'000 + i) + "@a.example";
        h.directory.accounts[one.id] = one;
    }
    const auto found = h.ask(R"({"command":"account list","filter":"n13499"})");
    CHECK(contains(found, R"({"accounts":[{"address":"n13499@a.example")"));
    CHECK(contains(found, R"("octets":1234,"messages":5,)"));
    CHECK_FALSE(contains(found, "next"));
    CHECK(h.ask(R"({"command":"account list","filter":"zzz"})") == R"({"accounts":[]})");
    CHECK(contains(h.ask(R"({"command":"account list","filter":"n10000"})"),
                   R"("next":"n10997@a.example")"));
}

TEST_CASE("admin: a page of long entries ends early and says what comes next") {
    furnished h;
    for (int i = 0; i < 30; ++i) {
        storage::alias one;
        one.name = "list" + std::to_string(10 + i) + "@a.example";
        for (int n = 0; n < 1000; ++n)
            one.targets.push_back(std::string(200, 'x') + std::to_string(n) + "@b.example");
        h.directory.aliases[one.name] = one;
    }
    std::size_t seen = 0;
    std::size_t pages = 0;
    std::string after;
    do {
        const auto text = h.ask(R"({"command":"alias list","after":")" + after + "\"}");
        CHECK(text.size() < admin::api::max_answer_octets);
        const auto page = admin::api::parse_object(text);
        REQUIRE(page.has_value());
        seen += page->at("aliases").as_array().size();
        after = page->contains("next") ? std::string(page->at("next").as_string()) : "";
        REQUIRE(++pages < 40);
    } while (!after.empty());
    CHECK(seen == 30);
    CHECK(pages > 1);
}

TEST_CASE("admin: an account that is a catch-all by its name is told and listed as one") {
    furnished h;
    CHECK(contains(h.ask(R"({"command":"account add","address":"catchall@a.example"})"),
                   "gets all mail of its domain"));
    CHECK(contains(h.ask(R"({"command":"domain list"})"), R"("catch_all":"catchall@a.example")"));
    h.ask(R"({"command":"catchall set","name":"a.example","target":"ben@a.example"})");
    CHECK(contains(h.ask(R"({"command":"domain list"})"), R"("catch_all":"ben@a.example")"));
}

TEST_CASE("admin: the store is checked and told to be an older copy, one piece of work at a time") {
    admin_fixture h;
    CHECK(h.ask(R"({"command":"check"})") ==
          R"({"sound":false,"findings":["row 5 is odd"],"accounts":1,"mailboxes":0,"messages":0,)"
          R"("blobs":0,"octets":0})");
    CHECK(h.ask(R"({"command":"put-back"})") == "{}");
    CHECK(h.upkeep.was_put_back);
    h.upkeep.is_busy = true;
    CHECK(contains(h.ask(R"({"command":"check"})"), "refused: A check is running"));
    CHECK(contains(h.ask(R"({"command":"put-back"})"), "refused: A check is running"));
}

TEST_CASE("admin: an unknown command and what is no object are refused") {
    admin_fixture h;
    CHECK(contains(h.ask(R"({"command":"account explode"})"), "does not know"));
    CHECK(contains(h.ask(R"({})"), "does not know"));
    CHECK(!admin::api::parse_object("[]"));
    CHECK(!admin::api::parse_object("{"));
    CHECK(!admin::api::parse_object(""));
    CHECK(!admin::api::parse_object("{} {}"));
    CHECK(!admin::api::parse_object("{\"a\":" + std::string(1000, '[') + std::string(1000, ']') +
                                    "}"));
    CHECK(admin::api::parse_object("{\"a\":[1]}").has_value());
}

TEST_CASE("admin: an account gets another address and keeps the rest") {
    furnished h;
    h.ask(R"({"command":"domain add","name":"m\u00fcller.example"})");
    CHECK(h.ask(R"({"command":"account rename","address":"Anna@a.example",
                    "new_address":"Ann@M\u00fcller.example","keep_alias":true})") ==
          R"({"address":"ann@xn--mller-kva.example","old_address":"anna@a.example",)"
          R"("kept_as_alias":true,"changed_targets":2})");
    CHECK(h.account(1).name == "ann@xn--mller-kva.example");
    CHECK(h.account(1).password_hash == "sdrow");
    CHECK(h.directory.aliases.contains("anna@a.example"));
    CHECK(contains(h.ask(R"({"command":"account rename","address":"ben@a.example",
                             "new_address":"catchall@a.example","keep_alias":false})"),
                   "as a catch-all does"));
    CHECK(!h.directory.aliases.contains("ben@a.example"));
}

TEST_CASE("admin: an account gets no address that is taken, wrong, or of elsewhere") {
    furnished h;
    const auto rename = [&h](const std::string& from, const std::string& to) {
        return h.ask(R"({"command":"account rename","address":")" + from + R"(","new_address":")" +
                     to + R"(","keep_alias":true})");
    };
    CHECK(contains(rename("anna@a.example", "ben@a.example"), "ben@a.example is already taken"));
    CHECK(contains(rename("anna@a.example", "ANNA@a.example"), "address already"));
    CHECK(contains(rename("anna@a.example", "anna@b.example"), "<new domain>"));
    CHECK(contains(rename("anna@a.example", "anna"), "not a valid address"));
    CHECK(contains(rename("x@a.example", "y@a.example"), "no account x@a.example"));
    h.ask(R"({"command":"alias add","address":"office@a.example","targets":["ben@a.example"]})");
    CHECK(contains(rename("office@a.example", "y@a.example"), "is an alias"));
    CHECK(contains(rename("anna@a.example", "office@a.example"), "already taken"));
    h.directory.before_change = [&h] { h.directory.accounts.erase(account_id(1)); };
    CHECK(contains(rename("anna@a.example", "y@a.example"), "no account anna@a.example"));
    CHECK(h.account(2).name == "ben@a.example");
}

TEST_CASE("admin: domains are said in U-labels, and found by either spelling") {
    admin_fixture h;
    h.ask(R"({"command":"domain add","name":"xn--mller-kva.example"})");
    h.ask(R"({"command":"account add","address":"ann@m\u00fcller.example","password":"words"})");
    h.ask(R"({"command":"alias add","address":"info@m\u00fcller.example",
              "targets":["ann@m\u00fcller.example"]})");
    const std::string u = "m\xc3\xbcller.example", a = "xn--mller-kva.example";
    const auto list = [&h](const std::string& what, const std::string& filter) {
        return h.ask(R"({"command":")" + what + R"( list","filter":")" + filter + R"("})");
    };
    for (const auto& filter : {u, a, "@" + u, "@" + a, std::string("M\xc3\x9cLL")}) {
        CHECK_MESSAGE(contains(list("domain", filter[0] == '@' ? filter.substr(1) : filter), a),
                      filter);
        CHECK_MESSAGE(contains(list("account", filter), "\"display\":\"ann@" + u + "\""), filter);
        CHECK_MESSAGE(contains(list("alias", filter), "\"display\":\"info@" + u + "\""), filter);
    }
    CHECK(list("account", "m\xc3\xa4ller") == R"({"accounts":[]})");
    CHECK(contains(h.ask(R"({"command":"account show","address":"x@xn--mller-kva.example"})"),
                   "no account x@" + u));
    CHECK(contains(h.ask(R"({"command":"account remove","address":"ann@xn--mller-kva.example"})"),
                   "Mail still goes on to ann@" + u + " from: alias info@" + u));
}

TEST_CASE("admin: of addresses elsewhere it is said that they wait only where nothing is sent") {
    admin_fixture h;
    h.ports.sends_mail = true;
    h.ask(R"({"command":"domain add","name":"a.example"})");
    const auto said =
        h.ask(R"({"command":"alias add","address":"x@a.example","targets":["far@b.example"]})");
    CHECK(contains(said, "At another server: far@b.example."));
    CHECK(!contains(said, "waits"));
}

TEST_CASE_FIXTURE(furnished, "account show: who signed in last, by each protocol") {
    CHECK(contains(ask(R"({"command":"account show","address":"anna@a.example"})"),
                   R"("last_sign_in_at":0,"last_program":"")"));
    storage::last_sign_in last;
    last.at = 900;
    last.seen.door = storage::trace_door::imap;
    last.seen.address = "192.0.2.1";
    last.seen.program = "Mutt 2.2";
    last.seen.is_encrypted = true;
    sign_ins.all[account_id(1)].push_back(last);
    last.at = 800;
    last.seen.door = storage::trace_door::submission;
    last.seen.program.clear();
    last.seen.is_encrypted = false;
    sign_ins.all[account_id(1)].push_back(last);
    const auto shown = ask(R"({"command":"account show","address":"anna@a.example"})");
    CHECK(contains(shown, R"("last_sign_in_at":900,"last_program":"Mutt 2.2")"));
    CHECK(contains(shown, R"("sign_ins":[{"protocol":"imap","at":900,"address":"192.0.2.1",)"
                          R"("encrypted":true,"program":"Mutt 2.2"},{"protocol":"submission",)"
                          R"("at":800,"address":"192.0.2.1","encrypted":false,"program":""}])"));
    const auto all = ask(R"({"command":"account list"})");
    CHECK(contains(all, R"("last_sign_in_at":900)"));
    CHECK(contains(all, R"("last_sign_in_at":0)"));
}
