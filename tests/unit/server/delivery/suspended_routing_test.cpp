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

/// "alias list@a.example > x@b.example y@b.example", a line each.
std::string told(small_lookup& lookup, const std::string& recipient) {
    using kind = mail::route_step::kind;
    static const std::map<kind, std::string> words{{kind::sub_address, "sub_address"},
                                                   {kind::catch_all, "catch_all"},
                                                   {kind::owner, "owner"},
                                                   {kind::last_resort, "last_resort"},
                                                   {kind::alias, "alias"},
                                                   {kind::forward, "forward"},
                                                   {kind::forward_only, "forward_only"},
                                                   {kind::kept, "kept"},
                                                   {kind::other_domain, "other_domain"},
                                                   {kind::nobody, "nobody"},
                                                   {kind::disabled, "disabled"},
                                                   {kind::full, "full"},
                                                   {kind::suspended, "suspended"},
                                                   {kind::loop, "loop"},
                                                   {kind::too_deep, "too_deep"},
                                                   {kind::too_many_targets, "too_many_targets"},
                                                   {kind::relay_denied, "relay_denied"}};
    route_log log;
    const auto look = [](small_lookup& in, std::string name, route_log& to) -> awaitable<void> {
        const routing_settings settings;
        (void)co_await find_route(in, std::move(name), 0, settings, &to);
    };
    test::run(look(lookup, recipient, log));
    std::string text;
    for (const auto& one : log.steps) {
        text += words.at(one.what) + ' ' + one.name;
        if (!one.targets.empty()) text += " >";
        for (const auto& target : one.targets)
            text += ' ' + target;
        text += '\n';
    }
    return text;
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

TEST_CASE("routing tells its way: forwards, aliases, what is behind them") {
    small_lookup at;
    CHECK(told(at, "ann@a.example") ==
          "forward_only ann@a.example > out@b.example\n"
          "other_domain out@b.example\n");
    at.ann.keep_copy = true;
    CHECK(told(at, "ann+shop@a.example") ==
          "sub_address ann+shop@a.example > ann@a.example\n"
          "forward ann@a.example > out@b.example\n"
          "kept ann@a.example\n"
          "other_domain out@b.example\n");
    at.list.targets = {"ann@a.example", "gone@a.example"};
    at.domain.catch_all.clear();
    CHECK(told(at, "list@a.example") ==
          "alias list@a.example > ann@a.example gone@a.example\n"
          "forward ann@a.example > out@b.example\n"
          "kept ann@a.example\n"
          "nobody gone@a.example\n"
          "other_domain out@b.example\n");
}

TEST_CASE("routing tells its way: both kinds of catch-all") {
    small_lookup at;
    CHECK(told(at, "typo@a.example") ==
          "catch_all typo@a.example > all@b.example\n"
          "other_domain all@b.example\n");
    at.domain.catch_all.clear();
    CHECK(told(at, "typo@a.example") == "nobody typo@a.example\n");
    at.has_catchall_account = true;
    at.caught.forwards = {"ann@a.example"};
    at.caught.keep_copy = false;
    CHECK(told(at, "typo@a.example") ==
          "catch_all typo@a.example > catchall@a.example\n"
          "forward_only catchall@a.example > ann@a.example\n"
          "forward_only ann@a.example > out@b.example\n"
          "other_domain out@b.example\n");
}

TEST_CASE("routing tells its way: who gets nothing, and why") {
    small_lookup at;
    at.suspended["ann@a.example"] = {"out@b.example"};
    CHECK(told(at, "ann@a.example") ==
          "forward_only ann@a.example > out@b.example\n"
          "suspended out@b.example\n"
          "kept ann@a.example\n");
    at.suspended.clear();
    at.ann.forwards = {"list@a.example"};
    at.list.targets = {"ann@a.example"};
    CHECK(told(at, "ann@a.example") ==
          "forward_only ann@a.example > list@a.example\n"
          "alias list@a.example > ann@a.example\n"
          "loop ann@a.example\n");
    at.ann.active = false;
    CHECK(told(at, "ann@a.example") == "disabled ann@a.example\n");
}

TEST_CASE("routing tells its way: a long one is cut and counted") {
    small_lookup at;
    at.list.targets.clear();
    for (std::size_t n = 0; n < route_log::max_steps + 20; ++n)
        at.list.targets.push_back("t" + std::to_string(n) + "@b.example");
    route_log log;
    const auto look = [](small_lookup& in, route_log& to) -> awaitable<void> {
        const routing_settings settings;
        (void)co_await find_route(in, "list@a.example", 0, settings, &to);
    };
    test::run(look(at, log));
    REQUIRE(log.steps.size() == route_log::max_steps);
    CHECK(log.steps.front().targets.size() == route_log::max_targets);
    CHECK(log.steps.front().targets_left_out == route_log::max_steps);
    CHECK(log.steps_left_out == 21);
}
