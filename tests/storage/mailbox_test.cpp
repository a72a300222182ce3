#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

error_code create(store_fixture& at, const std::string& name) {
    const auto made = at.get(at->mailboxes.create(at.ann, name, mail::special_use::none));
    return made ? error_code() : made.error();
}

std::vector<std::string> names(store_fixture& at) {
    std::vector<std::string> all;
    const auto list = at.get(at.store->mailboxes.list(at.ann));
    for (const auto& box : *list)
        if (!box.subscribed) all.push_back(box.selectable ? box.name : "(" + box.name + ")");
    return all;  // without those that came with the account
}

using words = std::vector<std::string>;

std::string deep(std::size_t levels) {
    std::string name = "x";
    for (std::size_t n = 1; n < levels; ++n)
        name += "/x";
    return name;
}

}  // namespace

TEST_CASE("store mailboxes: create makes the parents that are missing") {
    store_fixture at;
    CHECK_FALSE(create(at, "a/b/c"));
    CHECK(names(at) == words{"a", "a/b", "a/b/c"});
    CHECK(create(at, "a/b") == errc::already_exists);
    CHECK(create(at, "inbox") == errc::already_exists);
    CHECK_FALSE(create(at, "inBOX/x"));
    CHECK(at.get(at.store->mailboxes.find(at.ann, "Inbox/x"))->name == "INBOX/x");
    CHECK(at.get(at.store->mailboxes.find(at.ann, "INBOX/X")).error() == errc::no_such_mailbox);
    CHECK(at.get(at->mailboxes.create(account_id(99), "x", mail::special_use::none)).error() ==
          errc::no_such_account);
}

TEST_CASE("store mailboxes: names at the limits are taken, one past is refused") {
    store_fixture at;
    CHECK_FALSE(create(at, std::string(255, 'n')));
    CHECK(create(at, std::string(256, 'n')) == errc::invalid_name);
    CHECK_FALSE(create(at, deep(20)));
    CHECK(create(at, deep(21)) == errc::invalid_name);
    for (const std::string bad : {"", "/a", "a/", "a//b", "a\x01", "a\x7f", "\xff", "\xc3"})
        CHECK(create(at, bad) == errc::invalid_name);
    CHECK_FALSE(create(at, "Entw\xc3\xbcrfe"));
    CHECK(at.get(at.store->mailboxes.find(at.ann, std::string(100'000, 'n'))).error() ==
          errc::no_such_mailbox);
}

TEST_CASE("B17 store mailboxes: the number of mailboxes has a limit that counts missing parents") {
    store_fixture at;
    at.options.max_mailboxes = 10;  // six came with the account
    at.reopen();
    CHECK_FALSE(create(at, "a/b"));
    CHECK(create(at, "c/d/e") == errc::too_many_mailboxes);
    CHECK_FALSE(create(at, "c/d"));
    CHECK(create(at, "f") == errc::too_many_mailboxes);
    CHECK(at.get(at->mailboxes.rename(at.ann, "a/b", "f/g")) == errc::too_many_mailboxes);
    CHECK_FALSE(at.get(at->mailboxes.rename(at.ann, "a/b", "g")));
}

TEST_CASE("B16 store mailboxes: one with children stays as a name that cannot be selected") {
    store_fixture at;
    CHECK_FALSE(create(at, "a/b"));
    const auto box = at.get(at.store->mailboxes.find(at.ann, "a"));
    REQUIRE(at.append({at.ann, box->id}, "old").has_value());
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "a")));
    CHECK(names(at) == words{"(a)", "a/b"});
    CHECK(at.get(at.store->mailboxes.remove(at.ann, "a")) == errc::not_allowed);
    const auto name = at.get(at.store->mailboxes.find(at.ann, "a"));
    CHECK(at.get(at->mailboxes.open({at.ann, name->id})).error() == errc::no_such_mailbox);
    CHECK(at.append({at.ann, name->id}, "x").error() == errc::no_such_mailbox);

    CHECK_FALSE(create(at, "a"));  // RFC 9051 6.3.4: makes it selectable again
    const auto anew = at.get(at.store->mailboxes.find(at.ann, "a"));
    CHECK(anew->counters.messages == 0);
    CHECK(anew->counters.uid_validity != box->counters.uid_validity);
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "a/b")));
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "a")));
    CHECK(names(at).empty());
    CHECK(at->keeper.tidy() == 0);
}

TEST_CASE("B16 store mailboxes: a parent that is only a name goes with its last child") {
    store_fixture at;
    CHECK_FALSE(create(at, "a/b/c"));
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "a")));
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "a/b")));
    CHECK(names(at) == words{"(a)", "(a/b)", "a/b/c"});
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "a/b/c")));
    CHECK(names(at).empty());
}

TEST_CASE("store mailboxes: what cannot be removed is refused") {
    store_fixture at;
    CHECK(at.get(at.store->mailboxes.remove(at.ann, "inbox")) == errc::not_allowed);
    CHECK(at.get(at.store->mailboxes.remove(at.ann, "none")) == errc::no_such_mailbox);
    CHECK(at.get(at.store->mailboxes.remove(at.ann, "")) == errc::no_such_mailbox);
    CHECK(at.get(at.store->mailboxes.remove(account_id(9), "x")) == errc::no_such_account);
}

TEST_CASE("store mailboxes: the messages of a removed mailbox go, its UIDVALIDITY never returns") {
    store_fixture at;
    const auto box = at.make_box("x");
    for (std::uint64_t n = 0; n < 1100; ++n)
        REQUIRE(at.append(box, body_text(n, 100)).has_value());
    const auto before = at.snapshot(box).info.counters.uid_validity;
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "x")));
    CHECK(at.get(at->mailboxes.open(box)).error() == errc::no_such_mailbox);
    CHECK(at.snapshot(at.make_box("x")).info.counters.uid_validity > before);
    at->keeper.tidy();
    CHECK(at.usage(at.ann).messages == 0);
    CHECK(at->keeper.check().blobs == 1100);  // recoverable until the retention time is over
}

TEST_CASE("B16 store mailboxes: rename takes the tree below with it and keeps UIDs") {
    store_fixture at;
    CHECK_FALSE(create(at, "a/b/c"));
    CHECK_FALSE(create(at, "ab"));
    const auto c = at.get(at.store->mailboxes.find(at.ann, "a/b/c"));
    REQUIRE(at.append({at.ann, c->id}, "text").has_value());
    CHECK_FALSE(at.get(at->mailboxes.rename(at.ann, "a", "n/m")));
    CHECK(names(at) == words{"ab", "n", "n/m", "n/m/b", "n/m/b/c"});
    const auto moved = at.get(at.store->mailboxes.find(at.ann, "n/m/b/c"));
    CHECK(moved->id == c->id);
    CHECK(moved->counters.messages == 1);
    CHECK(moved->counters.uid_validity == c->counters.uid_validity);

    CHECK(at.get(at->mailboxes.rename(at.ann, "none", "x")) == errc::no_such_mailbox);
    CHECK(at.get(at->mailboxes.rename(at.ann, "n", "ab")) == errc::already_exists);
    CHECK(at.get(at->mailboxes.rename(at.ann, "n", "n/m/z")) == errc::not_allowed);
    CHECK(at.get(at->mailboxes.rename(at.ann, "n", "x//y")) == errc::invalid_name);
    CHECK(at.get(at->mailboxes.rename(at.ann, "n", "INBOX")) == errc::already_exists);
    CHECK(at.get(at->mailboxes.rename(at.ann, "n", std::string(250, 'x'))) == errc::invalid_name);
    CHECK(names(at) == words{"ab", "n", "n/m", "n/m/b", "n/m/b/c"});
}

TEST_CASE("B16 store mailboxes: renaming INBOX moves its messages and leaves it empty") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "one", {mail::flags::seen, {"kw"}}).has_value());
    REQUIRE(at.append(at.inbox(), "two").has_value());
    CHECK_FALSE(at.get(at->mailboxes.rename(at.ann, "INBOX", "old/mail")));
    CHECK(names(at) == words{"old", "old/mail"});
    const auto old = at.get(at.store->mailboxes.find(at.ann, "old/mail"));
    CHECK(old->counters.messages == 2);
    CHECK(at.text_of({at.ann, old->id}, 1) == "one");
    CHECK(at.snapshot({at.ann, old->id}).keywords == words{"kw"});
    const auto inbox = at.snapshot(at.inbox());
    CHECK(inbox.info.counters.messages == 0);
    CHECK(inbox.info.counters.uid_next == uid(3));
    CHECK(at.get(at->mailboxes.rename(at.ann, "INBOX", "old")) == errc::already_exists);
}

TEST_CASE("B17 store mailboxes: subscriptions are names of their own and have a limit") {
    store_fixture at;
    at.options.max_mailboxes = 8;  // six came with the account
    at.reopen();
    const auto subscribe = [&](const std::string& name, bool on) {
        return at.get(at->mailboxes.set_subscribed(at.ann, name, on));
    };
    CHECK_FALSE(subscribe("no/such", true));
    CHECK_FALSE(subscribe("no/such", true));
    CHECK_FALSE(subscribe("inbox", false));
    CHECK(*at.get(at->mailboxes.subscriptions(at.ann)) ==
          words{"Archive", "Drafts", "Junk", "Sent", "Trash", "no/such"});
    CHECK_FALSE(subscribe("seven", true));
    CHECK_FALSE(subscribe("eight", true));
    CHECK(subscribe("nine", true) == errc::too_many_mailboxes);
    CHECK_FALSE(subscribe("eight", true));
    CHECK(subscribe("bad//name", true) == errc::invalid_name);
    CHECK_FALSE(subscribe("not there", false));
    CHECK(at.get(at->mailboxes.set_subscribed(account_id(9), "x", true)) == errc::no_such_account);
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "Junk")));
    CHECK(at.get(at->mailboxes.subscriptions(at.ann))->size() ==
          8);  // RFC 9051 6.3.7: stays subscribed
}

TEST_CASE("store mailboxes: names and what is known of them come in two steps") {
    store_fixture at;
    CHECK_FALSE(create(at, "b/c"));
    CHECK_FALSE(create(at, "a"));
    const auto all = at.get(at.store->mailboxes.names(at.ann)).value();
    words seen;
    for (const auto& one : all)
        seen.push_back(one.name);
    CHECK(seen == words{"INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash", "a", "b", "b/c"});
    // Meanwhile: the names stay as they were asked for, what went is left out.
    CHECK_FALSE(at.get(at->mailboxes.rename(at.ann, "b", "d")));
    CHECK_FALSE(at.get(at->mailboxes.remove(at.ann, "a")));
    const auto last = std::span(all).subspan(6);
    const auto known = at.get(at.store->mailboxes.describe(at.ann, last)).value();
    REQUIRE(known.size() == 2);
    CHECK(known[0].name == "b");
    CHECK(known[1].name == "b/c");
    CHECK(known[1].id == at.get(at.store->mailboxes.find(at.ann, "d/c"))->id);
    CHECK(at.get(at.store->mailboxes.names(account_id(99))).error() == errc::no_such_account);
    CHECK(at.get(at.store->mailboxes.describe(account_id(99), last)).error() ==
          errc::no_such_account);
}
