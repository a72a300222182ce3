#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

TEST_CASE("store directory: an account comes with INBOX and the special-use mailboxes") {
    store_fixture at;
    const auto list = at.get(at.store->mailboxes.list(at.ann));
    REQUIRE(list.has_value());
    std::vector<std::string> names;
    for (const auto& box : *list)
        names.push_back(box.name);
    CHECK(names == std::vector<std::string>{"INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"});
    CHECK(list->at(0).id == mailbox_id(1));
    CHECK(list->at(2).use == mail::special_use::drafts);
    CHECK(list->at(2).subscribed);
    CHECK(list->at(0).counters.uid_next == uid(1));
}

TEST_CASE("store directory: an account keeps all its fields and is found by name and id") {
    store_fixture at;
    account wanted;
    wanted.name = "b@example.test";
    wanted.display_name = "Bea";
    wanted.password_hash = "$argon2id$x";
    wanted.quota_octets = 1234;
    wanted.forwards = {"c@example.test", "d@elsewhere.test"};
    wanted.keep_copy = false;
    wanted.note = "a note";
    const auto id = at.get(at->directory.add_account(wanted));
    REQUIRE(id.has_value());
    const auto entry = at.get(at->directory.find_address("b@example.test"));
    REQUIRE(std::holds_alternative<account>(entry));
    const auto found = std::get<account>(entry);
    CHECK(found.id == *id);
    CHECK(found.display_name == "Bea");
    CHECK(found.password_hash == "$argon2id$x");
    CHECK(found.quota_octets == 1234);
    CHECK(found.forwards == wanted.forwards);
    CHECK_FALSE(found.keep_copy);
    CHECK(found.note == "a note");
    CHECK(found.created_at == at.time.seconds);
}

TEST_CASE("store directory: a change of one field leaves what others changed meanwhile") {
    store_fixture at;
    const auto change = [&](auto field, auto value) {
        account_change wanted;
        wanted.*field = value;
        CHECK_FALSE(at.get(at->directory.change_account(at.ann, wanted)));
    };
    change(&account_change::password_hash, "$argon2id$new");
    change(&account_change::active, false);
    change(&account_change::quota_octets, 77);
    change(&account_change::forwards, std::vector<mail_address>{"c@elsewhere.test"});
    change(&account_change::keep_copy, false);
    change(&account_change::display_name, "Ann");
    change(&account_change::note, "a note");
    const auto row = at.get(at->directory.find_account(at.ann));
    REQUIRE(row.has_value());
    CHECK(row->password_hash == "$argon2id$new");
    CHECK_FALSE(row->active);
    CHECK(row->quota_octets == 77);
    CHECK(row->forwards == std::vector<mail_address>{"c@elsewhere.test"});
    CHECK_FALSE(row->keep_copy);
    CHECK(row->display_name == "Ann");
    CHECK(row->note == "a note");
    change(&account_change::forwards, std::vector<mail_address>{});
    CHECK(at.get(at->directory.find_account(at.ann))->forwards.empty());
    CHECK(at.get(at->directory.change_account(account_id(99), account_change())) ==
          errc::no_such_account);
}

TEST_CASE("store directory: of two changes of one field the one that did not see the other waits") {
    store_fixture at;
    const auto seen = *at.get(at->directory.find_account(at.ann));
    const auto change = [&](auto field, auto value) {
        account_change wanted;
        wanted.seen = seen;
        wanted.*field = value;
        return at.get(at->directory.change_account(at.ann, wanted));
    };
    const auto both = [&](auto field, auto first, auto second) {
        CHECK_FALSE(change(field, first));
        CHECK(change(field, second) == errc::changed_meanwhile);
        CHECK_FALSE(change(field, first));  // what is there already
    };
    both(&account_change::password_hash, "one", "other");
    both(&account_change::quota_octets, 77u, 78u);
    both(&account_change::forwards, std::vector<mail_address>{"c@elsewhere.test"},
         std::vector<mail_address>{"d@elsewhere.test"});
    both(&account_change::display_name, "Ann", "Anna");
    both(&account_change::note, "a note", "another");
    CHECK_FALSE(change(&account_change::active, false));
    CHECK_FALSE(change(&account_change::keep_copy, false));
    const auto row = *at.get(at->directory.find_account(at.ann));
    CHECK(row.password_hash == "one");
    CHECK(row.quota_octets == 77);
    CHECK(row.forwards == std::vector<mail_address>{"c@elsewhere.test"});
    CHECK(row.display_name == "Ann");
    CHECK(row.note == "a note");
    CHECK_FALSE(row.active);
    // An account that is called otherwise by now.
    REQUIRE(at.get(at->directory.rename_account("a@example.test", "anna@example.test", false))
                .has_value());
    CHECK(change(&account_change::active, true) == errc::changed_meanwhile);
}

TEST_CASE(
    "store directory: of two catch-alls the second is refused when it did not see the first") {
    store_fixture at;
    const auto seen = *at.get(at->directory.find_domain("example.test"));
    CHECK_FALSE(at.get(at->directory.set_catch_all(seen, "a@example.test")));
    CHECK(at.get(at->directory.set_catch_all(seen, "b@elsewhere.test")) == errc::changed_meanwhile);
    CHECK_FALSE(at.get(at->directory.set_catch_all(seen, "a@example.test")));
    CHECK(at.get(at->directory.find_domain("example.test"))->catch_all == "a@example.test");
    const auto now = *at.get(at->directory.find_domain("example.test"));
    CHECK_FALSE(at.get(at->directory.set_catch_all(now, "")));
}

TEST_CASE("store directory: a hash is renewed only while it is the one that was looked at") {
    store_fixture at;
    account_change wanted;
    wanted.password_hash = "first";
    CHECK_FALSE(at.get(at->directory.change_account(at.ann, wanted)));
    CHECK(at.get(at->directory.renew_password_hash(at.ann, "first", "first again")).value());
    CHECK(at.get(at->directory.find_account(at.ann))->password_hash == "first again");
    CHECK_FALSE(at.get(at->directory.renew_password_hash(at.ann, "first", "late")).value());
    CHECK(at.get(at->directory.find_account(at.ann))->password_hash == "first again");
    CHECK(at.get(at->directory.renew_password_hash(account_id(99), "first", "late")).error() ==
          errc::no_such_account);
}

TEST_CASE("store directory: names that cannot be are refused and nothing is made") {
    store_fixture at;
    const auto refusal = [&](const std::string& name) {
        account wanted;
        wanted.name = name;
        return at.get(at->directory.add_account(wanted)).error();
    };
    CHECK(refusal("a@example.test") == errc::already_exists);
    CHECK(refusal("x@nowhere.test") == errc::no_such_domain);
    CHECK(refusal("") == errc::invalid_name);
    CHECK(refusal("noat") == errc::invalid_name);
    CHECK(refusal("@example.test") == errc::invalid_name);
    CHECK(refusal("x@") == errc::invalid_name);
    CHECK(refusal(std::string(308, 'x') + "@example.test") == errc::invalid_name);  // 321 octets
    CHECK(at.get(at->directory.list_accounts("", 10)).size() == 1);
    // RFC 5321 4.5.3.1: 64 + 1 + 255 is the longest that may come.
    at.add_account(std::string(307, 'x') + "@example.test");
    CHECK(at.get(at->directory.list_accounts("", 10)).size() == 2);
}

TEST_CASE("store directory: aliases are made, changed, listed and removed") {
    store_fixture at;
    using names = std::vector<mail_address>;
    alias wanted{"info@example.test", {"a@example.test", "x@elsewhere.test"}, true};
    CHECK_FALSE(at.get(at->directory.add_alias(wanted)));
    const auto there = [&at] {
        return std::get<alias>(at.get(at->directory.find_address("info@example.test")));
    };
    // Targets of one who did not see those of another are added to them.
    wanted.targets = {"b@example.test", "a@example.test"};
    wanted.enabled = false;
    CHECK_FALSE(at.get(at->directory.add_alias(wanted)));
    CHECK(there().targets == names{"a@example.test", "x@elsewhere.test", "b@example.test"});
    CHECK(there().enabled);
    CHECK_FALSE(at.get(at->directory.enable_alias("info@example.test", false)));
    CHECK_FALSE(there().enabled);
    CHECK(there().targets.size() == 3);
    CHECK(*at.get(at->directory.remove_targets("info@example.test",
                                               {"x@elsewhere.test", "no@such.test"})) ==
          names{"a@example.test", "b@example.test"});
    CHECK_FALSE(there().enabled);
    CHECK(at.get(at->directory.enable_alias("a@example.test", true)) == errc::no_such_address);
    CHECK(at.get(at->directory.remove_targets("none@example.test", {})).error() ==
          errc::no_such_address);

    wanted.targets = {"a@example.test"};
    while (wanted.targets.size() < max_targets)
        wanted.targets.push_back(std::to_string(wanted.targets.size()) + "@elsewhere.test");
    CHECK(at.get(at->directory.add_alias(wanted)) ==
          errc::too_many_targets);  // with b@ there is one more
    CHECK(there().targets.size() == 2);
    CHECK(at.get(at->directory.remove_targets("info@example.test", there().targets))->empty());
    CHECK(at.get(at->directory.list_aliases("", 10)).empty());
    CHECK_FALSE(at.get(at->directory.add_alias(wanted)));
    wanted.targets = {"a@example.test"};

    wanted.name = "a@example.test";
    CHECK(at.get(at->directory.add_alias(wanted)) == errc::already_exists);
    wanted.name = "a@nowhere.test";
    CHECK(at.get(at->directory.add_alias(wanted)) == errc::no_such_domain);
    wanted.name = "none@example.test";
    wanted.targets.clear();
    CHECK(at.get(at->directory.add_alias(wanted)) == errc::invalid_name);

    CHECK(at.get(at->directory.list_aliases("", 10)).size() == 1);
    CHECK(at.get(at->directory.list_aliases("info@example.test", 10)).empty());
    auto seen = there();
    seen.name = "a@example.test";
    CHECK(at.get(at->directory.remove_alias(seen)) == errc::no_such_address);
    seen = there();
    CHECK_FALSE(at.get(at->directory.enable_alias("info@example.test", false)));
    // Who removes it has not seen that.
    CHECK(at.get(at->directory.remove_alias(seen)) == errc::changed_meanwhile);
    CHECK_FALSE(at.get(at->directory.remove_alias(there())));
    CHECK(at.get(at->directory.remove_alias(seen)) == errc::no_such_address);
    CHECK(std::holds_alternative<std::monostate>(
        at.get(at->directory.find_address("info@example.test"))));
    CHECK(std::holds_alternative<std::monostate>(at.get(at->directory.find_address(""))));
    CHECK(std::holds_alternative<std::monostate>(
        at.get(at->directory.find_address(std::string(100'000, 'x')))));
}

TEST_CASE("store directory: a row's version changes with it, and none ever comes again") {
    store_fixture at;
    std::set<std::uint64_t> all;
    const auto is_new = [&all](std::uint64_t version) { return all.insert(version).second; };
    const auto account_version = [&at] {
        return at.get(at->directory.find_account(at.ann))->version;
    };
    CHECK(is_new(account_version()));
    account_change change;
    change.note = "new";
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, change)));
    CHECK(is_new(account_version()));
    REQUIRE(at.get(at->directory.renew_password_hash(at.ann, "", "hash")).value());
    CHECK(is_new(account_version()));
    alias wanted;
    wanted.name = "info@example.test";
    wanted.targets = {"a@example.test"};
    const auto there = [&at] {
        return std::get<alias>(at.get(at->directory.find_address("info@example.test")));
    };
    for (int n = 0; n < 2; ++n) {  // made, and made anew
        REQUIRE_FALSE(at.get(at->directory.add_alias(wanted)));
        CHECK(is_new(there().version));
        REQUIRE_FALSE(at.get(at->directory.enable_alias(wanted.name, false)));
        CHECK(is_new(there().version));
        REQUIRE_FALSE(at.get(at->directory.remove_alias(there())));
    }
    auto domain_row = *at.get(at->directory.find_domain("example.test"));
    CHECK(is_new(domain_row.version));
    REQUIRE_FALSE(at.get(at->directory.set_catch_all(domain_row, "a@example.test")));
    CHECK(is_new(at.get(at->directory.find_domain("example.test"))->version));
    const auto before = account_version();
    at.reopen();
    CHECK(account_version() == before);
}

TEST_CASE("store directory: one look-up gives what mail to an address meets") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 100'000);
    REQUIRE(at.append({bob, mailbox_id(1)}, "text").has_value());
    alias list;
    list.name = "list@example.test";
    list.targets = {"x@else.test"};
    REQUIRE_FALSE(at.get(at->directory.add_alias(list)));
    const auto meet = [&at](std::vector<mail_address> names) {
        return at.get(at->directory.find_recipient(std::move(names)));
    };
    const auto exact = meet({"b@example.test"});
    CHECK(exact.domain->name == "example.test");
    CHECK(std::get<account>(exact.entry).id == bob);
    CHECK(exact.usage.octets == 4);
    // The first name at which something stands.
    CHECK(std::get<alias>(meet({"list+x@example.test", "list@example.test"}).entry).name ==
          "list@example.test");
    CHECK(std::get<alias>(meet({"list@example.test", "b@example.test"}).entry).name ==
          "list@example.test");
    const auto nobody = meet({"c@example.test", "d@example.test"});
    CHECK(nobody.domain);
    CHECK(std::holds_alternative<std::monostate>(nobody.entry));
    CHECK_FALSE(meet({"b@else.test"}).domain);
    CHECK_FALSE(meet({""}).domain);
}

TEST_CASE("store directory: the first account of a domain is one that can log in") {
    store_fixture at;
    domain other;
    other.name = "other.test";
    REQUIRE_FALSE(at.get(at->directory.add_domain(other)));
    const auto first = [&at](const std::string& of) {
        const auto found = at.get(at->directory.first_account(of));
        return found ? found->name : std::string("none");
    };
    CHECK(first("other.test") == "none");
    at.add_account("z@other.test");
    const auto b = at.add_account("b@other.test");
    CHECK(first("other.test") == "b@other.test");
    CHECK(first("") == "a@example.test");
    account_change off;
    off.active = false;
    REQUIRE_FALSE(at.get(at->directory.change_account(b, off)));
    CHECK(first("other.test") == "z@other.test");
}

TEST_CASE("store directory: lists go on after a name and stop at the limit") {
    store_fixture at;
    for (const char* name : {"d@example.test", "c@example.test", "b@example.test"})
        at.add_account(name);
    const auto first = at.get(at->directory.list_accounts("", 2));
    REQUIRE(first.size() == 2);
    CHECK(first[1].name == "b@example.test");
    const auto rest = at.get(at->directory.list_accounts(first[1].name, 10));
    REQUIRE(rest.size() == 2);
    CHECK(rest[0].name == "c@example.test");
}

TEST_CASE("store directory: a domain with addresses cannot be removed") {
    store_fixture at;
    CHECK(at.get(at->directory.remove_domain("example.test")) == errc::still_in_use);
    CHECK(at.get(at->directory.remove_domain("nowhere.test")) == errc::no_such_domain);
    CHECK(at.get(at->directory.remove_domain("")) == errc::no_such_domain);
    domain other;
    other.name =
        "b\xc3\xbc"
        "cher.test";
    other.catch_all = "a@example.test";
    CHECK_FALSE(at.get(at->directory.add_domain(other)));
    CHECK(at.get(at->directory.add_domain(other)) == errc::already_exists);
    const auto found = at.get(at->directory.find_domain(other.name));
    REQUIRE(found.has_value());
    CHECK(found->catch_all == "a@example.test");
    CHECK(at.get(at->directory.list_domains()).size() == 2);
    CHECK_FALSE(at.get(at->directory.set_catch_all(*found, "")));
    CHECK(at.get(at->directory.find_domain(other.name))->catch_all.empty());
    CHECK_FALSE(at.get(at->directory.remove_domain(other.name)));
    CHECK_FALSE(at.get(at->directory.find_domain(other.name)).has_value());
    // A catch-all that somebody sets meanwhile does not bring it back.
    CHECK(at.get(at->directory.set_catch_all(other, "a@example.test")) == errc::no_such_domain);
    CHECK_FALSE(at.get(at->directory.find_domain(other.name)).has_value());
    other.name = std::string(256, 'x');
    CHECK(at.get(at->directory.add_domain(other)) == errc::invalid_name);
    other.name.pop_back();
    CHECK_FALSE(at.get(at->directory.add_domain(other)));
}

TEST_CASE("store directory: a removed account leaves nothing but mail that waits for its end") {
    store_fixture at;
    at.options.retention = std::chrono::hours(1);
    at.reopen();
    REQUIRE(at.append(at.inbox(), body_text(1, 500)).has_value());
    REQUIRE(at.append(at.make_box("x"), body_text(2, 500)).has_value());
    CHECK_FALSE(at.get(at->directory.remove_account(at.ann)));
    CHECK(at.get(at->directory.remove_account(at.ann)) == errc::no_such_account);
    CHECK(at.append(at.inbox(), "late").error() == errc::no_such_mailbox);
    CHECK(at.deliver("late", {{at.ann, ""}}) == errc::no_such_account);
    CHECK(at->keeper.tidy() == 0);
    CHECK(at.findings().empty());
    CHECK(at->keeper.check().messages == 0);
    CHECK(at->keeper.check().blobs == 2);
    at.time.seconds += 3601;
    CHECK(at->keeper.tidy() == 2);
    const auto left = at->keeper.check();
    CHECK(left.blobs == 0);
    CHECK(left.mailboxes == 0);
    CHECK(at.usage(at.ann).messages == 0);
}

TEST_CASE("store directory: an account made anew never repeats a UIDVALIDITY (I09)") {
    store_fixture at;
    for (int n = 0; n < 20; ++n)
        at.make_box("box" + std::to_string(n));
    const auto last = at.get(at.store->mailboxes.find(at.ann, "box19"))->counters.uid_validity;
    CHECK_FALSE(at.get(at->directory.remove_account(at.ann)));
    at.time.seconds -= 1000;  // and the clock goes back
    at.ann = at.add_account("a@example.test");
    CHECK(at.snapshot(at.inbox()).info.counters.uid_validity > last);
}
