// An account gets another address.
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

using names = std::vector<mail_address>;

/// With a second domain and account b@example.test.
struct two_accounts : store_fixture {
    two_accounts() : bob(add_account("b@example.test")) {
        domain other;
        other.name = "other.test";
        REQUIRE_FALSE(get(store->directory.add_domain(other)));
    }
    result<std::size_t> rename(const std::string& from,
                               const std::string& to,
                               bool keep_alias = true) {
        return get(store->directory.rename_account(from, to, keep_alias));
    }
    void add_alias(const std::string& name, const names& targets) {
        alias made;
        made.name = name;
        made.targets = targets;
        REQUIRE_FALSE(get(store->directory.add_alias(made)));
    }
    void forward(account_id of, const names& targets) {
        account_change wanted;
        wanted.forwards = targets;
        REQUIRE_FALSE(get(store->directory.change_account(of, wanted)));
    }
    names targets(const std::string& name) {
        const auto entry = get(store->directory.find_address(name));
        const auto* found = std::get_if<alias>(&entry);
        return found != nullptr ? found->targets : names();
    }
    account_id owner_of(const std::string& name) {
        const auto entry = get(store->directory.find_address(name));
        const auto* found = std::get_if<account>(&entry);
        if (found == nullptr) return {};
        CHECK(found->name == name);
        return found->id;
    }
    bool is_subscribed(account_id who, const std::string& name) {
        const auto all = *get(store->mailboxes.subscriptions(who));
        return std::find(all.begin(), all.end(), name) != all.end();
    }
    void share(mailbox_key box, const std::string& with) {
        REQUIRE_FALSE(get(store->sharing.change_rights(box, with, mail::change::set, 3)));
    }
    account_id bob;
};

struct listener final : account_listener {
    void on_mail_changed(modseq) noexcept override { ++looked; }
    void on_credentials_changed() noexcept override { ++ended; }
    int looked = 0, ended = 0;
};

}  // namespace

TEST_CASE("store rename: an account keeps its mail, password, quota and forwards") {
    two_accounts at;
    account_change about;
    about.password_hash = "$argon2id$x";
    about.quota_octets = 10'000;
    about.note = "a note";
    about.forwards = names{"far@elsewhere.test"};
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, about)));
    REQUIRE(at.append(at.inbox(), "her mail").has_value());
    CHECK(*at.rename("a@example.test", "ann@other.test") == 0);
    CHECK(at.owner_of("ann@other.test") == at.ann);
    const auto row = *at.get(at->directory.find_account(at.ann));
    CHECK(row.name == "ann@other.test");
    CHECK(row.password_hash == "$argon2id$x");
    CHECK(row.quota_octets == 10'000);
    CHECK(row.note == "a note");
    CHECK(row.forwards == names{"far@elsewhere.test"});
    CHECK(at.text_of(at.inbox(), 1) == "her mail");
    CHECK(at.targets("a@example.test") == names{"ann@other.test"});
    at.reopen();
    CHECK(at.owner_of("ann@other.test") == at.ann);
}

TEST_CASE("store rename: without an alias the old address is free") {
    two_accounts at;
    CHECK(at.rename("a@example.test", "ann@example.test", false).has_value());
    CHECK(std::holds_alternative<std::monostate>(
        at.get(at->directory.find_address("a@example.test"))));
    at.add_account("a@example.test");
}

TEST_CASE("store rename: what led to the old address leads to the new one") {
    two_accounts at;
    at.add_alias("list@example.test", {"x@elsewhere.test", "a@example.test", "b@example.test"});
    at.add_alias("news@example.test", {"a+news@example.test"});
    at.add_alias("both@example.test", {"a@example.test", "ann@other.test"});
    at.add_alias("near@example.test", {"aa@example.test", "a@other.test", "a.a@example.test"});
    at.forward(at.bob, {"a@example.test"});
    at.forward(at.ann, {"a@example.test", "far@elsewhere.test"});  // "and keep a copy"
    const auto other = *at.get(at->directory.find_domain("other.test"));
    REQUIRE_FALSE(at.get(at->directory.set_catch_all(other, "a@example.test")));
    CHECK(*at.rename("a@example.test", "ann@other.test") == 6);
    CHECK(at.targets("list@example.test") ==
          names{"x@elsewhere.test", "ann@other.test", "b@example.test"});
    CHECK(at.targets("news@example.test") == names{"ann+news@other.test"});
    CHECK(at.targets("both@example.test") == names{"ann@other.test"});
    CHECK(at.targets("near@example.test") ==
          names{"aa@example.test", "a@other.test", "a.a@example.test"});
    CHECK(at.get(at->directory.find_account(at.bob))->forwards == names{"ann@other.test"});
    CHECK(at.get(at->directory.find_account(at.ann))->forwards ==
          names{"ann@other.test", "far@elsewhere.test"});
    CHECK(at.get(at->directory.find_domain("other.test"))->catch_all == "ann@other.test");
}

TEST_CASE("store rename: a detail goes along only where it means the account") {
    two_accounts at;
    at.add_alias("a+own@example.test", {"b@example.test"});
    at.add_alias("ann+taken@example.test", {"b@example.test"});
    at.add_alias("list@example.test", {"a+own@example.test", "a+taken@example.test",
                                       "a+" + std::string(61, 'x') + "@example.test"});
    CHECK(*at.rename("a@example.test", "ann@example.test") == 2);
    CHECK(at.targets("list@example.test") == names{"a+own@example.test", "ann@example.test"});
    at.add_alias("more@example.test", {"b+x@example.test"});
    CHECK(*at.rename("b@example.test", "b+c@example.test", false) == 3);  // the first two above
    CHECK(at.targets("more@example.test") == names{"b+c@example.test"});
}

TEST_CASE("store rename: it can be taken back, and an alias made before it is no obstacle") {
    two_accounts at;
    REQUIRE(at.rename("a@example.test", "ann@example.test").has_value());
    REQUIRE(at.rename("ann@example.test", "a@example.test").has_value());
    CHECK(at.owner_of("a@example.test") == at.ann);
    CHECK(at.targets("ann@example.test") == names{"a@example.test"});
    at.add_alias("ann@example.test", {"b@example.test"});
    CHECK(at.rename("a@example.test", "ann@example.test").error() == errc::already_exists);
    CHECK(at.targets("ann@example.test").size() == 2);
}

TEST_CASE("store rename: what cannot be is refused and nothing is changed") {
    two_accounts at;
    at.add_alias("list@example.test", {"a@example.test"});
    CHECK(at.rename("a@example.test", "b@example.test").error() == errc::already_exists);
    CHECK(at.rename("a@example.test", "a@example.test").error() == errc::already_exists);
    CHECK(at.rename("a@example.test", "a@nowhere.test").error() == errc::no_such_domain);
    CHECK(at.rename("a@example.test", "noat").error() == errc::invalid_name);
    CHECK(at.rename("list@example.test", "x@example.test").error() == errc::no_such_account);
    CHECK(at.rename("none@example.test", "x@example.test").error() == errc::no_such_account);
    CHECK(at.rename(std::string(10'000, 'x'), "x@example.test").error() == errc::no_such_account);
    CHECK(at.owner_of("a@example.test") == at.ann);
    CHECK(at.targets("list@example.test") == names{"a@example.test"});
}

TEST_CASE("store rename: mailboxes that are shared are found and subscribed by the new address") {
    two_accounts at;
    const auto carl = at.add_account("c@example.test");
    const auto dora = at.add_account("d@other.test");
    const auto team = at.make_box("Team");
    at.share(team, "b@example.test");
    at.share(at.inbox(), "anyone");
    for (const auto who : {at.bob, carl}) {
        REQUIRE(!at.get(at->mailboxes.set_subscribed(who, "Shared/a@example.test/Team", true)));
        REQUIRE(!at.get(at->mailboxes.set_subscribed(who, "Shared/a@example.test", true)));
        REQUIRE(
            !at.get(at->mailboxes.set_subscribed(who, "Shared/a@example.testament/Team", true)));
    }
    REQUIRE(at.rename("a@example.test", "ann@other.test").has_value());
    for (const auto who : {at.bob, carl}) {
        CHECK(at.is_subscribed(who, "Shared/ann@other.test/Team"));
        CHECK(at.is_subscribed(who, "Shared/ann@other.test"));
        CHECK(at.is_subscribed(who, "Shared/a@example.testament/Team"));
        CHECK_FALSE(at.is_subscribed(who, "Shared/a@example.test/Team"));
    }
    CHECK(at.get(at->sharing.find_shared(at.bob, "ann@other.test", "Team")).has_value());
    // Anyone is everybody of the domain that the account has now.
    CHECK(at.get(at->sharing.list_shared(carl))->empty());
    CHECK(at.get(at->sharing.list_shared(dora))->size() == 1);
    // What others gave to it stays.
    at.share({at.bob, mailbox_id(1)}, "ann@other.test");
    REQUIRE(at.rename("ann@other.test", "a@example.test", false).has_value());
    CHECK(at.get(at->sharing.grants({at.bob, mailbox_id(1)})).value() ==
          std::vector<grant>{{"a@example.test", 3}});
}

TEST_CASE("store rename: RFC 9051 2.3.1.1 who gets another's old address repeats no UIDVALIDITY") {
    two_accounts at;  // both accounts were made in the same second
    const auto validity_of = [&at](account_id of) {
        return at.snapshot({of, mailbox_id(1)}).info.counters.uid_validity;
    };
    CHECK(validity_of(at.ann) != validity_of(at.bob));
    for (int n = 0; n < 200; ++n)
        at.make_box("box" + std::to_string(n));
    const auto last = at.get(at.store->mailboxes.find(at.ann, "box199"))->counters.uid_validity;
    REQUIRE(at.rename("a@example.test", "ann@example.test", false).has_value());
    const auto other = at.add_account("a@example.test");
    CHECK(validity_of(other) > last);
}

TEST_CASE("store rename: the account's sessions end, those of who sees its mailboxes look again") {
    two_accounts at;
    at.share(at.make_box("Team"), "b@example.test");
    at.io.poll();
    listener ann, bob;
    const auto a = at->changes.subscribe(at.ann, at.io.get_executor(), ann);
    const auto b = at->changes.subscribe(at.bob, at.io.get_executor(), bob);
    REQUIRE(at.rename("a@example.test", "ann@example.test").has_value());
    run_until(at.io, [&] { return ann.ended > 0 && bob.looked > 0; });
    CHECK(bob.ended == 0);
}
