#include "server/delivery/routing.hpp"

#include "server/delivery/directory_lookup.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::delivery;
using smtp::recipient_verdict;

namespace {

class fake_lookup final : public route_lookup {
public:
    std::map<std::string, storage::account> accounts;
    std::map<std::string, storage::alias> aliases;
    std::map<std::string, storage::domain> domains;
    std::map<account_id, std::uint64_t> used;
    std::size_t lookups = 0;
    std::size_t aliases_read = 0;

    fake_lookup() { domain("a.example"); }

    void domain(const std::string& name, const std::string& catch_all = {}) {
        storage::domain made;
        made.name = name;
        made.catch_all = catch_all;
        domains[name] = made;
    }
    storage::account& account(const std::string& name,
                              std::vector<std::string> forwards = {},
                              bool keep_copy = true) {
        storage::account made;
        made.id = account_id(static_cast<std::uint32_t>(accounts.size() + 1));
        made.name = name;
        made.forwards = std::move(forwards);
        made.keep_copy = keep_copy;
        return accounts[name] = made;
    }
    storage::alias& alias(const std::string& name, std::vector<std::string> targets) {
        storage::alias made;
        made.name = name;
        made.targets = std::move(targets);
        return aliases[name] = made;
    }

    awaitable<storage::met_address> find_recipient(
        std::vector<storage::mail_address> names) override {
        ++lookups;
        storage::met_address met;
        const auto in = domains.find(names.front().substr(names.front().rfind('@') + 1));
        if (in == domains.end()) co_return met;
        met.domain = in->second;
        for (const auto& name : names)
            if (stands_at(name, met)) break;
        co_return met;
    }
    awaitable<std::optional<storage::met_address>> first_account(std::string name) override {
        storage::met_address met;
        for (const auto& [address, found] : accounts)
            if (found.active && (name.empty() || address.ends_with('@' + name))) {
                stands_at(address, met);
                co_return met;
            }
        co_return std::nullopt;
    }

private:
    bool stands_at(const std::string& name, storage::met_address& met) {
        if (const auto at = accounts.find(name); at != accounts.end()) {
            met.entry = at->second;
            met.usage.octets = used[at->second.id];
            return true;
        }
        if (!aliases.count(name)) return false;
        ++aliases_read;
        met.entry = aliases[name];
        return true;
    }
};

route find(fake_lookup& lookup,
           const std::string& recipient,
           std::uint64_t octets = 0,
           const routing_settings& settings = {}) {
    route found;
    const auto look = [](fake_lookup& in, std::string name, std::uint64_t size,
                         const routing_settings& with, route& out) -> awaitable<void> {
        out = co_await find_route(in, std::move(name), size, with);
    };
    test::run(look(lookup, recipient, octets, settings, found));
    return found;
}

/// "ann@a.example eve@a.example -> x@b.example", sorted; "-" and the verdict when refused.
std::string targets(const route& found) {
    static const std::map<recipient_verdict, std::string> names{
        {recipient_verdict::no_such_user, "- no_such_user"},
        {recipient_verdict::relay_denied, "- relay_denied"},
        {recipient_verdict::account_disabled, "- account_disabled"},
        {recipient_verdict::over_quota, "- over_quota"},
        {recipient_verdict::loop, "- loop"},
        {recipient_verdict::too_many_targets, "- too_many_targets"},
        {recipient_verdict::too_many_recipients, "- too_many_recipients"}};
    if (found.verdict != recipient_verdict::accepted) {
        CHECK(found.local.empty());
        CHECK(found.remote.empty());
        return names.at(found.verdict);
    }
    std::vector<std::string> local;
    for (const auto& account : found.local)
        local.push_back(account.name);
    auto remote = found.remote;
    std::sort(local.begin(), local.end());
    std::sort(remote.begin(), remote.end());
    std::string out;
    for (const auto& name : local)
        out += (out.empty() ? "" : " ") + name;
    if (!remote.empty()) out += out.empty() ? "->" : " ->";
    for (const auto& name : remote)
        out += " " + name;
    return out;
}

std::string targets(fake_lookup& lookup, const std::string& recipient) {
    return targets(find(lookup, recipient));
}

}  // namespace

TEST_CASE("routing: exact account before alias before sub-address before catch-all") {
    fake_lookup lookup;
    lookup.domain("a.example", "all@a.example");
    lookup.account("all@a.example");
    lookup.account("ann@a.example");
    lookup.account("ann+x@a.example");
    lookup.alias("info@a.example", {"ann@a.example"});
    lookup.alias("ann+y@a.example", {"all@a.example"});
    CHECK(targets(lookup, "ann@a.example") == "ann@a.example");
    CHECK(targets(lookup, "ann+x@a.example") == "ann+x@a.example");
    CHECK(targets(lookup, "ann+y@a.example") == "all@a.example");
    CHECK(targets(lookup, "ann+z@a.example") == "ann@a.example");
    CHECK(targets(lookup, "ann+z+x@a.example") == "ann@a.example");
    CHECK(targets(lookup, "info+z@a.example") == "ann@a.example");
    CHECK(targets(lookup, "nobody+z@a.example") == "all@a.example");
    CHECK(targets(lookup, "+z@a.example") == "all@a.example");
    CHECK(targets(lookup, "nobody@a.example") == "all@a.example");
}

TEST_CASE("routing: unknown users and foreign domains are refused") {
    fake_lookup lookup;
    lookup.account("ann@a.example");
    CHECK(targets(lookup, "nobody@a.example") == "- no_such_user");
    CHECK(targets(lookup, "ann@b.example") == "- relay_denied");
    CHECK(targets(lookup, "ann@sub.a.example") == "- relay_denied");
    CHECK(targets(lookup, "u@b.example@a.example") == "- no_such_user");
    CHECK(targets(lookup, "ann@[192.0.2.1]") == "- relay_denied");
}

TEST_CASE("routing: who may send to everybody reaches foreign domains, but no address literal") {
    fake_lookup lookup;
    lookup.account("ann@a.example", {"out@c.example"});
    routing_settings settings;
    settings.may_relay = true;
    const auto to = [&](const std::string& recipient) {
        return targets(find(lookup, recipient, 0, settings));
    };
    CHECK(to("ann@b.example") == "-> ann@b.example");
    CHECK(to("ann@a.example") == "ann@a.example -> out@c.example");
    CHECK(to("nobody@a.example") == "- no_such_user");
    CHECK(to("ann@[192.0.2.1]") == "- relay_denied");
    CHECK(to("ann@[ipv6:::1]") == "- relay_denied");
}

TEST_CASE("routing: the domain's catch-all wins over an account named catchall") {
    fake_lookup lookup;
    lookup.account("catchall@a.example", {"sammler@a.example", "x@b.example"}, false);
    lookup.account("sammler@a.example");
    CHECK(targets(lookup, "typo@a.example") == "sammler@a.example -> x@b.example");
    lookup.domain("a.example", "elsewhere@b.example");
    CHECK(targets(lookup, "typo@a.example") == "-> elsewhere@b.example");
    CHECK(targets(lookup, "sammler@a.example") == "sammler@a.example");
}

TEST_CASE("routing: a catch-all that points to nobody refuses as if there were none") {
    fake_lookup lookup;
    lookup.domain("a.example", "gone@a.example");
    CHECK(targets(lookup, "typo@a.example") == "- no_such_user");
    CHECK(targets(lookup, "gone@a.example") == "- no_such_user");
    // Two domains that catch all for each other.
    lookup.domain("a.example", "x@b.example");
    lookup.domain("b.example", "y@a.example");
    CHECK(targets(lookup, "typo@a.example") == "- loop");
}

TEST_CASE("routing: forwards apply with and without a copy, each target once") {
    fake_lookup lookup;
    lookup.account("ann@a.example", {"bob@a.example", "x@b.example"}, true);
    lookup.account("bob@a.example", {"x@b.example", "cid@a.example"}, false);
    lookup.account("cid@a.example");
    CHECK(targets(lookup, "ann@a.example") == "ann@a.example cid@a.example -> x@b.example");
    CHECK(targets(lookup, "bob@a.example") == "cid@a.example -> x@b.example");
    lookup.alias("all@a.example",
                 {"ann@a.example", "bob@a.example", "cid@a.example", "x@b.example"});
    const auto found = find(lookup, "all@a.example");
    CHECK(targets(found) == "ann@a.example cid@a.example -> x@b.example");
    CHECK_FALSE(found.is_loop_cut);
}

TEST_CASE("routing: A21 a loop of forwards is cut and reported, mail is kept where it can be") {
    fake_lookup lookup;
    lookup.account("ann@a.example", {"bob@a.example"}, true);
    lookup.account("bob@a.example", {"ann@a.example"}, false);
    auto found = find(lookup, "ann@a.example");
    CHECK(targets(found) == "ann@a.example");
    CHECK(found.is_loop_cut);
    lookup.account("ann@a.example", {"bob@a.example"}, false);
    found = find(lookup, "ann@a.example");
    CHECK(targets(found) == "- loop");
    lookup.alias("x@a.example", {"y@a.example", "eve@a.example"});
    lookup.alias("y@a.example", {"x@a.example"});
    lookup.account("eve@a.example");
    found = find(lookup, "x@a.example");
    CHECK(targets(found) == "eve@a.example");
    CHECK(found.is_loop_cut);
    // By another name of itself.
    lookup.account("eve@a.example", {"eve+copy@a.example"}, true);
    found = find(lookup, "eve@a.example");
    CHECK(targets(found) == "eve@a.example");
    CHECK(found.is_loop_cut);
}

TEST_CASE("routing: a forward to oneself keeps a copy and is no loop") {
    fake_lookup lookup;
    lookup.account("ann@a.example", {"ann@a.example", "x@b.example"}, false);
    const auto found = find(lookup, "ann@a.example");
    CHECK(targets(found) == "ann@a.example -> x@b.example");
    CHECK_FALSE(found.is_loop_cut);
}

TEST_CASE("routing: A21 a chain is followed to its limit and not one step further") {
    fake_lookup lookup;
    const auto chain = [&lookup](std::size_t links) {
        lookup.aliases.clear();
        for (std::size_t i = 0; i < links; ++i)
            lookup.alias("a" + std::to_string(i) + "@a.example",
                         {"a" + std::to_string(i + 1) + "@a.example"});
        lookup.alias("a" + std::to_string(links - 1) + "@a.example", {"ann@a.example"});
        return targets(lookup, "a0@a.example");
    };
    lookup.account("ann@a.example");
    CHECK(chain(20) == "ann@a.example");
    CHECK(chain(21) == "- loop");
}

TEST_CASE("routing: A21 aliases that multiply stay bounded") {
    fake_lookup lookup;
    for (int i = 0; i < 19; ++i) {
        std::vector<std::string> next;
        for (int k = 0; k < 100; ++k)
            next.push_back("a" + std::to_string(i + 1) + "." + std::to_string(k) + "@a.example");
        for (int k = 0; k < 100; ++k)
            lookup.alias("a" + std::to_string(i) + "." + std::to_string(k) + "@a.example", next);
    }
    find(lookup, "a0.0@a.example");
    CHECK(lookup.lookups < 5000);
}

TEST_CASE("routing: disabled accounts and aliases refuse, others of the same alias still get it") {
    fake_lookup lookup;
    lookup.account("off@a.example", {"x@b.example"}).active = false;
    lookup.account("ann@a.example");
    lookup.alias("dead@a.example", {"ann@a.example"}).enabled = false;
    lookup.alias("both@a.example", {"off@a.example", "ann@a.example", "gone@a.example"});
    CHECK(targets(lookup, "off@a.example") == "- account_disabled");
    CHECK(targets(lookup, "dead@a.example") == "- account_disabled");
    const auto found = find(lookup, "both@a.example");
    CHECK(targets(found) == "ann@a.example");
    REQUIRE(found.lost.size() == 2);
    CHECK(found.lost[0].name == "off@a.example");
    CHECK(found.lost[0].why == recipient_verdict::account_disabled);
    CHECK(found.lost[1].name == "gone@a.example");
    CHECK(found.lost[1].why == recipient_verdict::no_such_user);
}

TEST_CASE("routing: who has no room behind an alias or forward makes the mail come again") {
    fake_lookup lookup;
    lookup.account("ann@a.example");
    auto& full = lookup.account("full@a.example");
    full.quota_octets = 100;
    lookup.used[full.id] = 100;
    lookup.alias("all@a.example", {"ann@a.example", "full@a.example", "x@b.example"});
    auto found = find(lookup, "all@a.example");
    CHECK(targets(found) == "- over_quota");
    CHECK(found.full == "full@a.example");
    lookup.account("eve@a.example", {"full@a.example"}, true);
    CHECK(targets(lookup, "eve@a.example") == "- over_quota");
    lookup.domain("a.example", "all@a.example");
    CHECK(targets(lookup, "typo@a.example") == "- over_quota");
    // Its own copy, while the forward could go out.
    full.forwards = {"x@b.example"};
    CHECK(targets(lookup, "full@a.example") == "- over_quota");
    // Any room is enough for a message of any size: a list must not wait for one of its members.
    lookup.used[full.id] = 99;
    CHECK(targets(find(lookup, "all@a.example", 1000)) ==
          "ann@a.example full@a.example -> x@b.example");
    CHECK(targets(find(lookup, "full@a.example", 1000)) == "- over_quota");
}

TEST_CASE("routing: an alias with as many targets as may be reaches all, with one more nobody") {
    fake_lookup lookup;
    routing_settings ten;
    ten.max_targets = 10;
    std::vector<std::string> names;
    for (int i = 0; i < 10; ++i) {
        names.push_back("u" + std::to_string(i) + "@a.example");
        lookup.account(names.back());
    }
    lookup.alias("list@a.example", names);
    CHECK(find(lookup, "list@a.example", 0, ten).local.size() == 10);
    lookup.account("u10@a.example");
    names.push_back("u10@a.example");
    lookup.alias("list@a.example", names);
    CHECK(targets(find(lookup, "list@a.example", 0, ten)) == "- too_many_targets");
}

TEST_CASE(
    "routing: sub-addresses of a list are one walk in a message, so is what a catch-all gets") {
    fake_lookup lookup;
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i) {
        names.push_back("u" + std::to_string(i) + "@a.example");
        lookup.account(names.back());
    }
    lookup.alias("list@a.example", names);
    lookup.domain("a.example", "list@a.example");
    const routing_settings settings;
    message_routes routes(lookup, settings);
    const auto ask = [&routes](const std::string& name) {
        message_routes::found got;
        const auto look = [](message_routes& in, std::string who,
                             message_routes::found& out) -> awaitable<void> {
            out = co_await in.find(std::move(who), 0);
        };
        test::run(look(routes, name, got));
        return got;
    };
    const auto first = ask("list+0@a.example");
    CHECK(first.to.local.size() == 1000);
    lookup.lookups = lookup.aliases_read = 0;
    for (int i = 1; i < 500; ++i) {
        const auto other = ask("list+" + std::to_string(i) + "@a.example");
        CHECK(other.is_known);
        CHECK(other.to.verdict == recipient_verdict::accepted);
        CHECK(ask("typo" + std::to_string(i) + "@a.example").is_known);
    }
    // Two for each sub-address and typo at most, and the list of a thousand names is not read
    // again.
    CHECK(lookup.lookups < 2000);
    CHECK(lookup.aliases_read == 0);
}

TEST_CASE("routing: the recipients of one message lead to so many addresses and not to more") {
    fake_lookup lookup;
    routing_settings settings;
    settings.max_targets_of_message = 6;
    for (int i = 0; i < 4; ++i) {
        const auto n = std::to_string(i);
        lookup.account("ann" + n + "@a.example");
        lookup.account("bob" + n + "@a.example");
        lookup.alias("list" + n + "@a.example",
                     {"ann" + n + "@a.example", "bob" + n + "@a.example"});
    }
    const auto asked = [&lookup](const routing_settings& with) {
        message_routes routes(lookup, with);
        std::string got;
        const auto look = [](message_routes& in, std::string& out) -> awaitable<void> {
            for (int i = 0; i < 4; ++i) {
                std::string name = "list" + std::to_string(i) + "@a.example";
                const auto found = co_await in.find(std::move(name), 0);
                out += targets(found.to) + "; ";
            }
        };
        test::run(look(routes, got));
        return got;
    };
    CHECK(asked(settings) ==
          "ann0@a.example bob0@a.example; ann1@a.example bob1@a.example; "
          "- too_many_recipients; - too_many_recipients; ");
    settings.max_targets_of_message = 0;
    CHECK(asked(settings).find("too_many") == std::string::npos);
}

TEST_CASE("routing: A20 an account takes what fits and refuses one octet more") {
    fake_lookup lookup;
    auto& ann = lookup.account("ann@a.example");
    ann.quota_octets = 100;
    lookup.used[ann.id] = 90;
    CHECK(targets(find(lookup, "ann@a.example", 10)) == "ann@a.example");
    CHECK(targets(find(lookup, "ann@a.example", 11)) == "- over_quota");
    lookup.used[ann.id] = 100;
    CHECK(targets(find(lookup, "ann@a.example", 0)) == "- over_quota");
    lookup.used[ann.id] = 200;
    CHECK(targets(find(lookup, "ann@a.example", 0)) == "- over_quota");
    ann.forwards = {"x@b.example"};
    ann.keep_copy = false;
    CHECK(targets(find(lookup, "ann@a.example", 0)) == "-> x@b.example");
}

TEST_CASE("routing: postmaster and abuse reach somebody in every domain, RFC 5321 4.5.1") {
    fake_lookup lookup;
    routing_settings with_owner;
    with_owner.owner_mailbox = "boss@a.example";
    for (const auto* local : {"postmaster", "abuse"}) {
        const std::string name = std::string(local) + "@a.example";
        fake_lookup own;
        CHECK(targets(own, name) == "- no_such_user");
        own.account("zoe@a.example");
        own.account("ann@a.example");
        own.account("boss@a.example");
        CHECK(targets(own, name) == "ann@a.example");
        CHECK(targets(own, std::string(local) + "x@a.example") == "- no_such_user");
        own.domain("a.example", "zoe@a.example");
        CHECK(targets(own, name) == "zoe@a.example");
        CHECK(targets(find(own, name, 0, with_owner)) == "boss@a.example");
        own.alias(name, {"x@b.example"});
        CHECK(targets(find(own, name, 0, with_owner)) == "-> x@b.example");
    }
    lookup.account("ann@a.example");
    with_owner.owner_mailbox = "boss@elsewhere.example";
    CHECK(targets(find(lookup, "postmaster@a.example", 0, with_owner)) ==
          "-> boss@elsewhere.example");
}

TEST_CASE("routing: RFC 5321 4.5.1 postmaster arrives where all that should take it is dead") {
    routing_settings settings;
    settings.owner_mailbox = "boss@a.example";
    const auto arrives = [&settings](fake_lookup& in) {
        return targets(find(in, "postmaster@a.example", 0, settings));
    };
    fake_lookup at;
    at.account("aaron@a.example").active = false;
    at.account("ann@a.example");
    at.account("zoe@a.example");
    CHECK(arrives(at) == "ann@a.example");  // the owner is gone
    at.account("boss@a.example").active = false;
    CHECK(arrives(at) == "ann@a.example");
    at.domain("a.example", "gone@a.example");
    at.accounts.erase("boss@a.example");
    const auto found = find(at, "postmaster@a.example");
    CHECK(targets(found) == "ann@a.example");
    REQUIRE(found.lost.size() == 1);  // the owner hears of it
    CHECK(found.lost[0].name == "gone@a.example");
    CHECK(targets(at, "typo@a.example") == "- no_such_user");
    at.alias("postmaster@a.example", {"ann@a.example"}).enabled = false;
    CHECK(arrives(at) == "ann@a.example");
    CHECK(find(at, "postmaster@a.example").lost.empty());
    at.alias("postmaster@a.example", {"gone@a.example"});
    CHECK(arrives(at) == "ann@a.example");
    at.alias("postmaster@a.example", {"far@b.example"});
    CHECK(arrives(at) == "-> far@b.example");
}

TEST_CASE("routing: postmaster of a domain without anybody arrives at somebody of another") {
    fake_lookup at;
    at.domain("b.example");
    at.account("off@a.example").active = false;
    at.account("bob@b.example");
    CHECK(targets(at, "postmaster@a.example") == "bob@b.example");
    at.accounts["bob@b.example"].active = false;
    CHECK(targets(at, "postmaster@a.example") == "- no_such_user");
    CHECK(targets(at, "postmaster@foreign.example") == "- relay_denied");
}

TEST_CASE("routing: who takes the postmaster's mail keeps it, wherever his own goes on to") {
    fake_lookup at;
    auto& ann = at.account("ann@a.example", {"gone@a.example"}, false);
    CHECK(targets(at, "postmaster@a.example") == "ann@a.example");
    ann.quota_octets = 100;
    at.used[ann.id] = 100;
    CHECK(targets(at, "postmaster@a.example") == "- over_quota");  // there may be room later
}

TEST_CASE("routing: in one message the postmaster has a way of its own out of a dead end") {
    fake_lookup at;
    at.domain("a.example", "gone@a.example");
    at.account("ann@a.example");
    using names = std::vector<std::string>;
    const auto asked = [&at](names recipients) {
        const routing_settings settings;
        message_routes routes(at, settings);
        std::string got;
        const auto look = [](message_routes& in, names all, std::string& out) -> awaitable<void> {
            for (auto& name : all) {
                const auto found = co_await in.find(std::move(name), 0);
                out += found.is_known && found.to.verdict == recipient_verdict::accepted
                           ? "known; "
                           : targets(found.to) + "; ";
            }
        };
        test::run(look(routes, std::move(recipients), got));
        return got;
    };
    CHECK(asked({"postmaster@a.example", "typo@a.example", "postmaster@a.example"}) ==
          "ann@a.example; - no_such_user; known; ");
    CHECK(asked({"typo@a.example", "postmaster@a.example", "typo@a.example"}) ==
          "- no_such_user; ann@a.example; - no_such_user; ");
}

TEST_CASE("routing: the walk for postmaster is remembered for some seconds, found or not") {
    test::memory_directory directory;
    steady_time now;
    directory_lookup lookup(directory, [&now] { return now; });
    const auto first = [&lookup] {
        std::string found;
        const auto look = [](directory_lookup& in, std::string& out) -> awaitable<void> {
            const auto met = co_await in.first_account("z.example");
            if (met) out = std::get<storage::account>(met->entry).name;
        };
        test::run(look(lookup, found));
        return found;
    };
    directory.domains["z.example"].name = "z.example";
    const auto add = [&directory](std::uint32_t id, const std::string& name) {
        storage::account made;
        made.id = account_id(id);
        made.name = name;
        directory.accounts[made.id] = made;
    };
    for (std::uint32_t id = 1; id <= 1000; ++id)
        add(id, "u" + std::to_string(id) + "@a.example");
    CHECK(first().empty());
    add(2000, "yan@z.example");
    now += directory_lookup::memory_age - std::chrono::nanoseconds(1);
    CHECK(first().empty());
    now += std::chrono::nanoseconds(1);
    CHECK(first() == "yan@z.example");
    add(2001, "ann@z.example");
    CHECK(first() == "yan@z.example");
    directory.accounts.erase(account_id(2000));  // one that went is not remembered
    CHECK(first() == "ann@z.example");
    add(2002, "bea@z.example");
    directory.accounts.at(account_id(2001)).active = false;  // nor one that was switched off
    CHECK(first() == "bea@z.example");
}

TEST_CASE("routing: the first account of all is not taken for that of a domain") {
    test::memory_directory directory;
    directory_lookup lookup(directory);
    storage::account made;
    made.id = account_id(1);
    made.name = "ann@a.example";
    directory.accounts[made.id] = made;
    directory.domains["a.example"].name = "a.example";
    std::string said;
    const auto look = [](directory_lookup& in, std::string& out) -> awaitable<void> {
        for (int i = 0; i < 2; ++i) {
            const auto of_all = co_await in.first_account("");
            out += of_all ? std::get<storage::account>(of_all->entry).name : "none";
            const auto of_domain = co_await in.first_account("b.example");
            out += of_domain ? " some" : " none";
            const auto domain = co_await in.first_domain();
            out += ' ' + domain + "; ";
        }
    };
    test::run(look(lookup, said));
    CHECK(said == "ann@a.example none a.example; ann@a.example none a.example; ");
}

TEST_CASE("routing: addresses are compared in one form") {
    smtp::mailbox_address given;
    given.local_part = "Ann.B";
    given.domain = "xn--mller-kva.example";
    CHECK(canonical_address(given) == "ann.b@xn--mller-kva.example");
    given.domain = "M\xc3\x9cLLER.example";
    CHECK(canonical_address(given) == "ann.b@xn--mller-kva.example");
    given.domain = "[192.0.2.1]";
    CHECK(canonical_address(given) == "ann.b@[192.0.2.1]");
    given.domain = "";
    CHECK(canonical_address(given).empty());
}
