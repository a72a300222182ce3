#include "server/delivery/routing.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::delivery;
using smtp::recipient_verdict;

namespace {

/// a.example with an account ann@ that forwards to out@b.example, an alias list@, a catch-all.
class small_lookup final : public route_lookup {
public:
    awaitable<storage::met_address> find_recipient(
        std::vector<storage::mail_address> names) override {
        storage::met_address met;
        if (!names.front().ends_with("@a.example")) co_return met;
        met.domain = domain;
        for (const auto& name : names) {
            if (name == ann.name) met.entry = ann;
            if (name == list.name) met.entry = list;
            if (name == caught.name && has_catchall_account) met.entry = caught;
            if (!std::holds_alternative<std::monostate>(met.entry)) {
                met.suspended = suspended[name];
                co_return met;
            }
        }
        met.suspended = suspended["@a.example"];
        co_return met;
    }
    awaitable<std::optional<storage::met_address>> first_account(std::string) override {
        co_return std::nullopt;
    }

    small_lookup() {
        ann.id = account_id(1);
        ann.name = "ann@a.example";
        ann.forwards = {"out@b.example"};
        ann.keep_copy = false;
        caught.id = account_id(2);
        caught.name = "catchall@a.example";
        list.name = "list@a.example";
        list.targets = {"out@b.example", "two@b.example"};
        domain.name = "a.example";
        domain.catch_all = "all@b.example";
    }
    storage::account ann, caught;
    storage::alias list;
    storage::domain domain;
    bool has_catchall_account = false;
    std::map<std::string, std::vector<std::string>> suspended;
};

route find(small_lookup& lookup, const std::string& recipient) {
    route found;
    const auto look = [](small_lookup& in, std::string name, route& out) -> awaitable<void> {
        const routing_settings settings;
        out = co_await find_route(in, std::move(name), 0, settings);
    };
    test::run(look(lookup, recipient, found));
    return found;
}

}  // namespace

TEST_CASE("routing: each target elsewhere has who leads to it") {
    small_lookup at;
    CHECK(find(at, "ann@a.example").remote_by == std::vector<std::string>{"ann@a.example"});
    CHECK(find(at, "list@a.example").remote_by ==
          std::vector<std::string>{"list@a.example", "list@a.example"});
    CHECK(find(at, "nobody@a.example").remote_by == std::vector<std::string>{"@a.example"});
    at.list.targets = {"ann@a.example", "two@b.example"};
    const auto found = find(at, "list@a.example");
    REQUIRE(found.remote.size() == found.remote_by.size());
    for (std::size_t n = 0; n < found.remote.size(); ++n)
        CHECK(found.remote_by[n] ==
              (found.remote[n] == "two@b.example" ? "list@a.example" : "ann@a.example"));
}

TEST_CASE("routing: mail stays in the account when all its forwards are suspended") {
    small_lookup at;
    at.suspended["ann@a.example"] = {"out@b.example"};
    const auto found = find(at, "ann@a.example");
    CHECK(found.verdict == recipient_verdict::accepted);
    REQUIRE(found.local.size() == 1);
    CHECK(found.local[0].name == "ann@a.example");
    CHECK(found.remote.empty());
    REQUIRE(found.lost.size() == 1);
    CHECK(found.lost[0].is_suspended);
}

TEST_CASE("routing: one forward that is left is enough, and no copy stays") {
    small_lookup at;
    at.ann.forwards.push_back("two@b.example");
    at.suspended["ann@a.example"] = {"out@b.example"};
    const auto found = find(at, "ann@a.example");
    CHECK(found.local.empty());
    CHECK(found.remote == std::vector<std::string>{"two@b.example"});
}

TEST_CASE("routing: an alias leads to those that are left, and to nobody without any") {
    small_lookup at;
    at.suspended["list@a.example"] = {"out@b.example"};
    CHECK(find(at, "list@a.example").remote == std::vector<std::string>{"two@b.example"});
    at.suspended["list@a.example"].push_back("two@b.example");
    const auto found = find(at, "list@a.example");
    CHECK(found.verdict == recipient_verdict::no_such_user);
    CHECK(found.remote.empty());
    CHECK(found.remote_by.empty());
}

TEST_CASE("routing: behind a suspended catch-all stands the account catchall, else nobody") {
    small_lookup at;
    at.suspended["@a.example"] = {"all@b.example"};
    CHECK(find(at, "nobody@a.example").verdict == recipient_verdict::no_such_user);
    at.has_catchall_account = true;
    CHECK(find(at, "nobody@a.example").local.at(0).name == "catchall@a.example");
}
