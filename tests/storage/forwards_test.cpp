// Forwards whose targets are refused: counted, suspended, resumed, and forgotten with the forward.
#include "storage/forward_store.hpp"
#include "store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

constexpr std::int64_t hour = 60 * 60, week = 7 * 24 * hour;

/// ann@ forwards to out@b.example, list@ and the catch-all do as well.
struct forward_fixture : store_fixture {
    forward_fixture() {
        domain ours;
        ours.name = "c.example";
        REQUIRE_FALSE(get(store().directory.add_domain(ours)));
        account wanted;
        wanted.name = "ann@c.example";
        wanted.forwards = {"out@b.example", "two@b.example"};
        ann = get(store().directory.add_account(wanted)).value();
        alias list;
        list.name = "list@c.example";
        list.targets = {"out@b.example"};
        REQUIRE_FALSE(get(store().directory.add_alias(list)));
        set_catch_all("out@b.example");
    }
    [[nodiscard]] const ports& store() { return **this; }
    void set_catch_all(const std::string& target) {
        const auto row = get(store().directory.find_domain("c.example")).value();
        REQUIRE_FALSE(get(store().directory.set_catch_all(row, target)));
    }
    result<forward_state> refuse(const std::string& by,
                                 std::int64_t now,
                                 const std::string& target = "out@b.example") {
        return get(store().forwards.note_refusal({by, target}, "550 nobody", now, now - week));
    }
    std::uint32_t refusals(const std::string& by, std::int64_t now) {
        return refuse(by, now).value().refusals;
    }
    void suspend(const std::string& by) {
        REQUIRE(refuse(by, 1000).has_value());
        REQUIRE_FALSE(get(store().forwards.suspend({by, "out@b.example"}, 2000)));
    }
    std::vector<std::string> suspended(std::vector<std::string> names) {
        return get(store().directory.find_recipient(std::move(names))).suspended;
    }
    std::size_t rows() { return get(store().forwards.list("")).size(); }

    account_id ann;
};

const std::vector<std::string> out{"out@b.example"};

}  // namespace

TEST_CASE("store forwards: refusals count when they are an hour apart, within the time given") {
    forward_fixture at;
    CHECK(at.refusals("ann@c.example", 10 * hour) == 1);
    CHECK(at.refusals("ann@c.example", 11 * hour - 1) == 1);
    CHECK(at.refusals("ann@c.example", 11 * hour) == 2);
    CHECK(at.refusals("ann@c.example", 12 * hour) == 3);
    CHECK(at.refusals("list@c.example", 12 * hour) == 1);
    at.reopen();
    CHECK(at.refusals("ann@c.example", 13 * hour) == 4);
    const auto late = at.refuse("ann@c.example", 11 * hour + week).value();
    CHECK(late.refusals == 1);
    CHECK(late.since == 11 * hour + week);
    CHECK(late.reply == "550 nobody");
    CHECK(at.findings().empty());
}

TEST_CASE("store forwards: what is delivered forgets them, but wakes nothing that is suspended") {
    forward_fixture at;
    CHECK(at.refusals("ann@c.example", hour) == 1);
    REQUIRE_FALSE(at.get(at->forwards.note_delivery({"ann@c.example", "out@b.example"})));
    CHECK(at.rows() == 0);
    at.suspend("ann@c.example");
    REQUIRE_FALSE(at.get(at->forwards.note_delivery({"ann@c.example", "out@b.example"})));
    CHECK(at.suspended({"ann@c.example"}) == out);
    // Mail that was on its way counts on, and ends nothing a second time.
    CHECK(at.refuse("ann@c.example", 3 * week).value().suspended_at == 2000);
}

TEST_CASE("store forwards: routing learns of it, for accounts, aliases and catch-alls") {
    forward_fixture at;
    CHECK(at.suspended({"ann@c.example"}).empty());
    at.suspend("ann@c.example");
    CHECK(at.suspended({"ann+x@c.example", "ann@c.example"}) == out);
    CHECK(at.suspended({"list@c.example"}).empty());
    CHECK(at.suspended({"nobody@c.example"}).empty());
    at.suspend("list@c.example");
    CHECK(at.suspended({"list@c.example"}) == out);
    at.suspend("@c.example");
    CHECK(at.suspended({"nobody@c.example"}) == out);
    CHECK(at.findings().empty());
    REQUIRE_FALSE(at.get(at->forwards.resume({"list@c.example", "out@b.example"})));
    CHECK(at.suspended({"list@c.example"}).empty());
    CHECK(at.get(at->forwards.resume({"list@c.example", "out@b.example"})) ==
          errc::no_such_address);
    CHECK(at.rows() == 2);
}

TEST_CASE("store forwards: who does not lead there has no row, and loses it with the target") {
    forward_fixture at;
    CHECK(at.refuse("ann@c.example", 1, "other@b.example").error() == errc::no_such_address);
    CHECK(at.refuse("nobody@c.example", 1).error() == errc::no_such_address);
    CHECK(at.refuse("", 1).error() == errc::no_such_address);
    CHECK(at.get(at->forwards.suspend({"ann@c.example", "two@b.example"}, 1)) ==
          errc::no_such_address);
    for (const std::string by : {"ann@c.example", "list@c.example", "@c.example"})
        at.suspend(by);
    account_change other;
    other.display_name = "Ann";
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, other)));
    CHECK(at.suspended({"ann@c.example"}) == out);  // another field
    other.forwards = {"two@b.example"};
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, other)));
    CHECK(at.rows() == 2);
    at.set_catch_all("two@b.example");
    CHECK(at.rows() == 1);
    REQUIRE(at.get(at->directory.remove_targets("list@c.example", out)).has_value());
    CHECK(at.rows() == 0);
    CHECK(at.findings().empty());
}

TEST_CASE("store forwards: an account that goes or gets another name takes its rows along") {
    forward_fixture at;
    at.suspend("ann@c.example");
    REQUIRE(
        at.get(at->directory.rename_account("ann@c.example", "anna@c.example", false)).has_value());
    CHECK(at.rows() == 0);
    CHECK(at.findings().empty());
    at.suspend("anna@c.example");
    REQUIRE_FALSE(at.get(at->directory.remove_account(at.ann)));
    CHECK(at.rows() == 0);
    CHECK(at.findings().empty());
}
