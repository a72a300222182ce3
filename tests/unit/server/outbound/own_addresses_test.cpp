#include "server/outbound/own_addresses.hpp"

#include "base/address.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::outbound;

namespace {

/// The domains a.example and b.example, the accounts ann, bob (both a.example) and catch@a.example.
struct directory {
    directory() {
        for (const auto* name : {"a.example", "b.example"})
            names.domains[name].name = name;
        for (const auto* name : {"ann@a.example", "bob@a.example", "catch@a.example"})
            add(name);
    }
    account_id add(const std::string& name) {
        const account_id id(static_cast<std::uint32_t>(names.accounts.size() + 1));
        names.accounts[id].id = id;
        names.accounts[id].name = name;
        return id;
    }
    void add_alias(const std::string& name, std::vector<std::string> targets) {
        names.aliases[name].name = name;
        names.aliases[name].targets = std::move(targets);
    }
    bool may(account_id user, const std::string& from) {
        bool answer = false;
        const auto ask = [](own_addresses& rules, account_id who, std::string as,
                            bool& out) -> awaitable<void> {
            smtp::mailbox_address sender;
            sender.local_part = address::local_part_of(as);
            sender.domain = address::domain_of(as);
            out = co_await rules.may_send_as(who, std::move(sender));
        };
        own_addresses rules(names);
        test::run(ask(rules, user, from, answer));
        return answer;
    }

    test::memory_directory names;
    const account_id ann{1}, bob{2}, catching{3};
};

}  // namespace

TEST_CASE_FIXTURE(directory, "own addresses: the login itself, in any spelling, with any detail") {
    for (const auto* from : {"ann@a.example", "ANN@A.Example", "ann+news@a.example"})
        CHECK_MESSAGE(may(ann, from), from);
    for (const auto* from : {"bob@a.example", "bob+ann@a.example", "ann@b.example",
                             "ann@elsewhere.example", "nobody@a.example", "@a.example"})
        CHECK_FALSE_MESSAGE(may(ann, from), from);
}

TEST_CASE_FIXTURE(directory, "own addresses: aliases that lead to the account, by others too") {
    add_alias("info@a.example", {"ann@a.example", "out@elsewhere.example"});
    add_alias("sales@b.example", {"info@a.example"});
    add_alias("round@a.example", {"again@a.example"});
    add_alias("again@a.example", {"round@a.example"});
    CHECK(may(ann, "info@a.example"));
    CHECK(may(ann, "info+x@a.example"));
    CHECK(may(ann, "sales@b.example"));
    CHECK_FALSE(may(bob, "info@a.example"));
    CHECK_FALSE(may(ann, "round@a.example"));
    CHECK_FALSE(may(ann, "out@elsewhere.example"));
    names.aliases["info@a.example"].enabled = false;
    CHECK_FALSE(may(ann, "info@a.example"));
    CHECK_FALSE(may(ann, "sales@b.example"));
}

TEST_CASE_FIXTURE(directory, "own addresses: a forward gives nobody the name of who forwards") {
    names.accounts[bob].forwards = {"ann@a.example"};
    names.accounts[bob].keep_copy = false;
    CHECK_FALSE(may(ann, "bob@a.example"));
    CHECK(may(bob, "bob@a.example"));
}

TEST_CASE_FIXTURE(directory, "own addresses: who has the catch-all has what nobody else has") {
    CHECK_FALSE(may(catching, "anything@a.example"));
    names.domains["a.example"].catch_all = "catch@a.example";
    CHECK(may(catching, "anything@a.example"));
    CHECK_FALSE(may(catching, "anything@b.example"));
    CHECK_FALSE(may(catching, "ann@a.example"));
    CHECK_FALSE(may(catching, "ann+x@a.example"));
    CHECK_FALSE(may(ann, "anything@a.example"));
    add_alias("info@a.example", {"bob@a.example"});
    CHECK_FALSE(may(catching, "info@a.example"));
    // By its name alone, as mail comes to it.
    const auto by_name = add("catchall@b.example");
    CHECK(may(by_name, "anything@b.example"));
    CHECK_FALSE(may(by_name, "anything@a.example"));
}

TEST_CASE_FIXTURE(directory, "own addresses: a net of aliases is not walked without end") {
    for (int i = 0; i < 3000; ++i)
        add_alias("a" + std::to_string(i) + "@a.example",
                  {"a" + std::to_string(i + 1) + "@a.example"});
    add_alias("a3000@a.example", {"ann@a.example"});
    CHECK_FALSE(may(ann, "a0@a.example"));
    CHECK(may(ann, "a2500@a.example"));
}
