// Rights to other people's mailboxes (RFC 4314) in the store.
#include "storage/lmdb/rights_rows.hpp"
#include "store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

constexpr mail::rights_set l = 1, r = 2, s = 4;

struct three_accounts : store_fixture {
    three_accounts() : bob(add_account("b@example.test")), carl(add_account("c@example.test")) {}

    error_code give(mailbox_key box,
                    const std::string& to,
                    mail::rights_set rights,
                    mail::change how = mail::change::set) {
        return get(store->sharing.change_rights(box, to, how, rights));
    }
    mail::rights_set rights(account_id viewer, const std::string& name) {
        const auto found = get(store->sharing.find_shared(viewer, "a@example.test", name));
        return found ? found->rights : 0;
    }
    /// "owner name rights, ..."
    std::string shared_with(account_id viewer) {
        std::string all;
        for (const auto& one : get(store->sharing.list_shared(viewer)).value())
            all +=
                one.owner_address + " " + one.info.name + " " + std::to_string(one.rights) + ", ";
        return all;
    }
    account_id bob, carl;
};

}  // namespace

TEST_CASE("store rights: set, add and remove, for one account and nobody else") {
    three_accounts at;
    const auto box = at.make_box("Team");
    REQUIRE(!at.give(box, "b@example.test", l | r));
    CHECK(at.rights(at.bob, "Team") == (l | r));
    CHECK(at.rights(at.carl, "Team") == 0);
    CHECK(at.shared_with(at.bob) == "a@example.test Team 3, ");
    CHECK(at.shared_with(at.carl).empty());
    REQUIRE(!at.give(box, "b@example.test", s, mail::change::add));
    CHECK(at.rights(at.bob, "Team") == (l | r | s));
    REQUIRE(!at.give(box, "b@example.test", r, mail::change::remove));
    CHECK(at.rights(at.bob, "Team") == (l | s));
    at.reopen();
    CHECK(at.get(at->sharing.grants(box)).value() == std::vector<grant>{{"b@example.test", l | s}});
    REQUIRE(!at.give(box, "b@example.test", mail::rights::all, mail::change::remove));
    CHECK(at.get(at->sharing.grants(box)).value().empty());
    CHECK(at.shared_with(at.bob).empty());
}

TEST_CASE("store rights: anyone is every account of the owner's domain") {
    three_accounts at;
    REQUIRE(!at.get(at->directory.add_domain({"other.test", "", 0})));
    const auto stranger = at.add_account("s@other.test");
    const auto box = at.make_box("Team");
    REQUIRE(!at.give(box, anyone, l));
    REQUIRE(!at.give(box, "b@example.test", r));
    CHECK(at.rights(at.bob, "Team") == (l | r));
    CHECK(at.rights(at.carl, "Team") == l);
    CHECK(at.rights(stranger, "Team") == 0);
    CHECK(at.shared_with(at.bob) == "a@example.test Team 3, ");
    CHECK(at.shared_with(at.carl) == "a@example.test Team 1, ");
    CHECK(at.shared_with(stranger).empty());
    CHECK(at.shared_with(at.ann).empty());
    // By name an account of another domain may have them.
    REQUIRE(!at.give(box, "s@other.test", r));
    CHECK(at.rights(stranger, "Team") == r);
}

TEST_CASE("store rights: the owner, unknown accounts and aliases get none") {
    three_accounts at;
    const auto box = at.make_box("Team");
    REQUIRE(!at.get(at->directory.add_alias({"alias@example.test", {"b@example.test"}, true})));
    CHECK(at.give(box, "a@example.test", l) == errc::not_allowed);
    CHECK(at.give(box, "x@example.test", l) == errc::no_such_account);
    CHECK(at.give(box, "alias@example.test", l) == errc::no_such_account);
    CHECK(at.give({at.ann, mailbox_id(99)}, "b@example.test", l) == errc::no_such_mailbox);
    CHECK(!at.get(at->sharing.find_shared(at.ann, "a@example.test", "Team")));
}

TEST_CASE(
    "store rights: a new mailbox takes those of its parent, RENAME keeps, DELETE removes them") {
    three_accounts at;
    const auto box = at.make_box("Team");
    REQUIRE(!at.give(box, "b@example.test", l | r));
    at.make_box("Team/2026/May");
    CHECK(at.rights(at.bob, "Team/2026") == (l | r));
    CHECK(at.rights(at.bob, "Team/2026/May") == (l | r));
    REQUIRE(!at.get(at->mailboxes.rename(at.ann, "Team/2026", "Mine")));
    CHECK(at.rights(at.bob, "Mine/May") == (l | r));
    REQUIRE(!at.get(at->mailboxes.remove(at.ann, "Mine/May")));
    at.make_box("Away");
    REQUIRE(!at.get(at->mailboxes.rename(at.ann, "Mine", "Away/Mine")));
    CHECK(at.shared_with(at.bob) == "a@example.test Away/Mine 3, a@example.test Team 3, ");
    REQUIRE(!at.get(at->mailboxes.remove(at.ann, "Team")));
    at.make_box("Team");
    CHECK(at.rights(at.bob, "Team") == 0);
    at->keeper.tidy();
    CHECK(at.findings().empty());
}

TEST_CASE("store rights: an account's rights go with it, as owner and as guest") {
    three_accounts at;
    REQUIRE(!at.give(at.inbox(), "b@example.test", l));
    REQUIRE(!at.give({at.bob, mailbox_id(1)}, "a@example.test", l));
    REQUIRE(!at.give({at.bob, mailbox_id(1)}, anyone, l));
    REQUIRE(!at.get(at->directory.remove_account(at.bob)));
    CHECK(at.shared_with(at.ann).empty());
    CHECK(at.shared_with(at.carl).empty());
    CHECK(at.get(at->sharing.grants(at.inbox())).value().empty());
    at->keeper.tidy();
    CHECK(at.findings().empty());
    // A new account of that name gets none of them.
    CHECK(at.shared_with(at.add_account("b@example.test")).empty());
}

TEST_CASE("store rights: B17 a mailbox has a limited list of rights") {
    three_accounts at;
    const auto box = at.make_box("Team");
    for (std::size_t n = 0; n < max_grants; ++n) {
        const auto name = "n" + std::to_string(n) + "@example.test";
        at.add_account(name);
        REQUIRE(!at.give(box, name, l));
    }
    CHECK(at.give(box, "b@example.test", l) == errc::too_many_grants);
    CHECK(!at.give(box, "n0@example.test", r, mail::change::add));
    CHECK(!at.give(box, "n0@example.test", mail::rights::all, mail::change::remove));
    CHECK(!at.give(box, "b@example.test", l));
}

TEST_CASE("store rights: B17 nobody is told of more shared mailboxes than the limit") {
    three_accounts at;
    const auto share = [&](account_id owner, std::size_t mailboxes) {
        const auto top =
            at.get(at->mailboxes.create(owner, "Team", mail::special_use::none)).value();
        REQUIRE(!at.give({owner, top}, "b@example.test", l));
        for (std::size_t n = 1; n < mailboxes; ++n)
            REQUIRE(at.get(at->mailboxes.create(owner, "Team/" + std::to_string(n),
                                                mail::special_use::none))
                        .has_value());
    };
    const auto dora = at.add_account("d@example.test");
    const auto rest = max_shared_mailboxes - 2 * max_grants_to_one + 1;
    share(at.carl, max_grants_to_one);
    share(dora, max_grants_to_one);
    share(at.add_account("e@example.test"), rest);
    CHECK(at.get(at->sharing.list_shared(at.bob)).value().size() == max_shared_mailboxes);
}

TEST_CASE("store rights: B17 one account cannot fill the list of another") {
    three_accounts at;
    const auto box = at.make_box("Team");
    REQUIRE(!at.give(box, "b@example.test", l));
    for (std::size_t n = 1; n < max_grants_to_one; ++n)
        at.make_box("Team/" + std::to_string(n));
    const auto make = [&](const std::string& name) {
        return at.get(at->mailboxes.create(box.account, name, mail::special_use::none));
    };
    CHECK(make("Team/more").error() == errc::too_many_grants);
    CHECK(make("Team/1/deep/more").error() == errc::too_many_grants);
    CHECK(make("Alone").has_value());
    CHECK(at.give(at.inbox(), "b@example.test", l) == errc::too_many_grants);
    CHECK(!at.give(at.inbox(), "c@example.test", l));
    CHECK(at.get(at->sharing.list_shared(at.bob)).value().size() == max_grants_to_one);
    // What is taken back may be given again.
    REQUIRE(!at.get(at->mailboxes.remove(box.account, "Team/1")));
    CHECK(make("Team/more").has_value());
    CHECK(at.findings().empty());
}

TEST_CASE("store rights: B17 the rights that one account gives are limited in all") {
    three_accounts at;
    std::vector<std::string> names;
    for (std::size_t n = 0; n < max_grants; ++n) {
        names.push_back("n" + std::to_string(n) + "@example.test");
        at.add_account(names.back());
    }
    const auto top = at.make_box("Team");
    for (const auto& name : names)
        REQUIRE(!at.give(top, name, l));
    for (std::size_t n = 1; n < max_owner_grants / max_grants; ++n)
        at.make_box("Team/" + std::to_string(n));
    CHECK(at.get(at->mailboxes.create(top.account, "Team/more", mail::special_use::none)).error() ==
          errc::too_many_grants);
    CHECK(at.give(at.inbox(), "b@example.test", l) == errc::too_many_grants);
    CHECK(!at.give(top, names[0], l | r));  // no new one
}

TEST_CASE("store rights: the list holds what was given to this account and to no other") {
    three_accounts at;
    for (unsigned n = 0; n < 200; ++n) {
        const auto name = "n" + std::to_string(n) + "@example.test";
        const mailbox_key box{at.add_account(name), mailbox_id(1)};
        REQUIRE(!at.give(box, n % 50 == 0 ? "b@example.test" : "c@example.test", l));
    }
    CHECK(at.shared_with(at.bob) ==
          "n0@example.test INBOX 1, n100@example.test INBOX 1, n150@example.test INBOX 1, "
          "n50@example.test INBOX 1, ");
}

TEST_CASE("store rights: names of shared mailboxes and what is known of them come in two steps") {
    three_accounts at;
    REQUIRE(!at.give(at.make_box("Team"), "b@example.test", l | r));
    const auto may = at.make_box("Team/May");
    at.make_box("Team/Old");
    const auto all = at.get(at->sharing.shared_names(at.bob)).value();
    REQUIRE(all.size() == 3);
    CHECK(all[1].name == "Team/May");
    CHECK(all[1].owner_address == "a@example.test");
    CHECK(all[1].mailbox == may);
    // Meanwhile: the names stay as they were asked for; what went, or is not for him now, is not
    // told.
    REQUIRE(!at.get(at->mailboxes.rename(may.account, "Team", "Club")));
    REQUIRE(!at.get(at->mailboxes.remove(may.account, "Club/Old")));
    const auto known = at.get(at->sharing.describe_shared(at.bob, all)).value();
    REQUIRE(known.size() == 2);
    CHECK(known[0].info.name == "Team");
    CHECK(known[1].info.name == "Team/May");
    CHECK(known[1].rights == (l | r));
    REQUIRE(!at.give(may, "b@example.test", 0));
    CHECK(at.get(at->sharing.describe_shared(at.bob, all)).value().size() == 1);
}
