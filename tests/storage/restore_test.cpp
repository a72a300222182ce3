// Expunged messages: which of them are brought back, and where.
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/gone_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "tests/storage/restore_fixture.hpp"

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

restore_request only_in(const std::string& mailbox) {
    restore_request request;
    request.wanted.mailbox = mailbox;
    return request;
}

}  // namespace

TEST_CASE("store restore: messages come back as they were, in their order, with their keywords") {
    restore_fixture at;
    const auto work = at.make_box("Work");
    at.put(work, "one", {mail::flags::seen | mail::flags::deleted, {"$A"}});
    at.put(work, "two", {mail::flags::flagged, {"$B"}});
    at.put(work, "three");
    const auto before = at.walk(work);
    at.expunge_all(work);
    const auto done = at.bring_back();
    CHECK(done.messages == 3);
    REQUIRE(done.mailboxes.size() == 1);
    CHECK(done.mailboxes[0].name == "Work");
    CHECK_FALSE(done.mailboxes[0].is_made);
    CHECK(numbers(done.mailboxes[0].uids) == std::vector<std::uint32_t>{4, 5, 6});
    const auto after = at.walk(work);
    REQUIRE(after.size() == 3);
    for (std::size_t n = 0; n < 3; ++n) {
        CHECK(after[n].flags == (before[n].flags & ~mail::flags::deleted));
        CHECK(after[n].summary == before[n].summary);
        CHECK(after[n].internal_date == before[n].internal_date);
    }
    CHECK(at.find().entries.empty());
    CHECK(at.bring_back().messages == 0);
}

TEST_CASE(
    "store restore: a mailbox that is gone is made again, by its name and with its keywords") {
    restore_fixture at;
    const auto box = at.get(at->mailboxes.create(at.ann, "Work/Offers", mail::special_use::none));
    REQUIRE(box.has_value());
    at.put({at.ann, *box}, "one", {mail::flags::seen, {"$A", "$B"}});
    at.remove_box("Work/Offers");
    CHECK(at.find().entries.front().mailbox == "Work/Offers");
    CHECK(at.find().entries.front().is_gone);
    SUBCASE("as it was") {
        const auto done = at.bring_back(only_in("Work/Offers"));
        CHECK(done.messages == 1);
        CHECK(done.mailboxes.at(0).is_made);
        const auto again = at.box_named("Work/Offers");
        REQUIRE(again);
        CHECK(again->subscribed);
        const mailbox_key key{at.ann, again->id};
        CHECK(at.subjects(key) == strings{"one"});
        CHECK(at.get(at->mailboxes.keywords(key)).value() == strings{"$A", "$B"});
        CHECK(at.walk(key).front().flags == (mail::flags::seen | 3u << mail::flags::first_keyword));
    }
    SUBCASE("in one that has the name by now, with keywords of its own") {
        const auto other = at.make_box("Work/Offers");
        at.put(other, "of later", {0, {"$C"}});
        const auto done = at.bring_back();
        CHECK_FALSE(done.mailboxes.at(0).is_made);
        CHECK(at.subjects(other) == strings{"of later", "one"});
        CHECK(at.get(at->mailboxes.keywords(other)).value() == strings{"$C", "$A", "$B"});
        CHECK(at.walk(other).back().flags ==
              (mail::flags::seen | 6u << mail::flags::first_keyword));
    }
    SUBCASE("while it is still being emptied") {
        const auto second = at.make_box("Slow");
        at.put_and_expunge(second, 1, "slow");
        REQUIRE_FALSE(at.get(at->mailboxes.remove(at.ann, "Slow")));
        CHECK(at.bring_back(only_in("Slow")).messages == 1);
        CHECK(at.box_named("Slow")->counters.messages == 1);
        at->keeper.tidy();
        CHECK(at.box_named("Slow")->counters.messages == 1);
    }
    SUBCASE("for as long as its messages are kept") {
        at.time.seconds += at.options.retention.count() + 1;
        at->keeper.tidy();
        CHECK(at.find().entries.empty());
        at.close();
        {
            environment env(at.options.data_dir / "meta", at.options.map_octets);
            CHECK(read_txn(env).count(table::gone_mailbox) == 0);
        }
        at.reopen();
    }
}

TEST_CASE("store restore: names of mailboxes that are made and removed all day are bounded") {
    restore_fixture at;
    const auto lost = at.make_box("lost");
    at.put_and_expunge(lost, 1, "lost");
    at.remove_box("lost");
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        write_txn tx(env);
        schema::gone_mailbox row;
        row.gone_at = at.time.seconds;
        row.name = "many";
        for (std::uint32_t n = 1; n < max_gone_mailboxes; ++n)
            tx.put(table::gone_mailbox,
                   schema::mailbox_row_key({at.ann, mailbox_id(1'000'000 + n)}),
                   schema::encode(row));
        tx.commit();
    }
    at.reopen();
    const auto other = at.make_box("other");
    at.put_and_expunge(other, 1, "other");
    at.remove_box("other");
    CHECK(at.bring_back(only_in("other")).messages == 1);
    const auto done = at.bring_back();
    REQUIRE(done.mailboxes.size() == 1);
    CHECK(done.mailboxes[0].name == "Restored");  // nobody knows its name any more
}

TEST_CASE("store restore: a mailbox that is named gets all of it, once it is made") {
    restore_fixture at;
    const auto work = at.make_box("Work");
    at.put(work, "one", {0, {"$A"}});
    at.expunge_all(work);
    at.time.seconds += 5;
    at.put_and_expunge(at.inbox(), 1, "two");
    restore_request request;
    request.mailbox = "Restored 30 Nov";
    const auto done = at.bring_back(request);
    REQUIRE(done.mailboxes.size() == 1);
    CHECK(done.mailboxes[0].is_made);
    CHECK(done.mailboxes[0].name == "Restored 30 Nov");
    const mailbox_key key{at.ann, done.mailboxes[0].id};
    CHECK(at.subjects(key) == strings{"one", "two1"});
    CHECK(at.get(at->mailboxes.keywords(key)).value() == strings{"$A"});
    request.mailbox = "a//b";
    at.put_and_expunge(at.inbox(), 1, "three");
    CHECK(at.refused(request) == errc::invalid_name);
    CHECK(at.find().entries.size() == 1);
}

TEST_CASE("store restore: chosen messages alone come back, and of this address alone") {
    restore_fixture at;
    const mailbox_key bob{at.add_account("b@example.test"), mailbox_id(1)};
    at.put_and_expunge(at.inbox(), 4, "ann ");
    at.put_and_expunge(bob, 1, "bob ");
    expunged_query of_bob;
    of_bob.address = "b@example.test";
    const auto all = at.find().entries;
    restore_request request;
    request.places = {all.at(0).place, all.at(2).place, all.at(2).place,
                      at.find(of_bob).entries.at(0).place};
    CHECK(at.bring_back(request).messages == 2);
    CHECK(at.subjects(at.inbox()) == strings{"ann 2", "ann 4"});
    CHECK(at.find(of_bob).entries.size() == 1);
    CHECK(at.bring_back(request).messages == 0);  // they are back already
}

TEST_CASE("store restore: into another account that is there") {
    restore_fixture at;
    const mailbox_key bob{at.add_account("b@example.test"), mailbox_id(1)};
    const auto work = at.make_box("Work");
    at.put_and_expunge(work, 2, "ann ");
    restore_request request;
    request.into = "b@example.test";
    const auto done = at.bring_back(request);
    CHECK(done.messages == 2);
    CHECK(at.box_named("Work", bob.account)->counters.messages == 2);
    CHECK(at.usage(bob.account).messages == 2);
    CHECK(at.find().entries.empty());
    request.into = "nobody@example.test";
    CHECK(at.refused(request) == errc::no_such_account);
}

TEST_CASE("store restore: what the quota has no room for stays, and is counted") {
    restore_fixture at;
    const mailbox_key bob{at.add_account("b@example.test", 10'000), mailbox_id(1)};
    for (std::uint64_t n = 1; n <= 3; ++n)
        REQUIRE(at.append(bob, body_text(n, 3'000), {mail::flags::deleted, {}}).has_value());
    REQUIRE(at.get(at->mailboxes.expunge(bob, everything())).has_value());
    REQUIRE(at.append(bob, body_text(9, 5'000)).has_value());
    restore_request request;
    request.address = "b@example.test";
    const auto done = at.bring_back(request);
    CHECK(done.messages == 1);
    CHECK(done.left_over_quota == 2);
    CHECK(done.left_octets == 6'000);
    CHECK(at.get(at->expunged.expunged("b@example.test")).messages == 2);
    SUBCASE("nothing is made for what has no room") {
        request.mailbox = "Restored";
        CHECK(at.bring_back(request).messages == 0);
        CHECK_FALSE(at.box_named("Restored", bob.account));
    }
}

TEST_CASE("store restore: more than a slice comes back in its order, each message once") {
    restore_fixture at;
    for (int n = 1; n <= 1'100; ++n)
        REQUIRE(at.append(at.inbox(), "text", {mail::flags::deleted, {}}, "", std::to_string(n))
                    .has_value());
    REQUIRE(at.get(at->mailboxes.expunge(at.inbox(), everything())).has_value());
    const auto done = at.bring_back();
    CHECK(done.messages == 1'100);
    REQUIRE(done.mailboxes.size() == 1);
    CHECK(done.mailboxes[0].messages == 1'100);
    CHECK(done.mailboxes[0].uids.size() == 1);
    const auto back = at.walk(at.inbox());
    REQUIRE(back.size() == 1'100);
    for (std::size_t n = 0; n < back.size(); ++n)
        REQUIRE(back[n].summary == std::to_string(n + 1));
    CHECK(at.undo(done) == 1'100);
    CHECK(at.walk(at.inbox()).empty());
}

TEST_CASE("store restore: it can be taken back, and what came meanwhile stays") {
    restore_fixture at;
    const auto work = at.make_box("Work");
    at.put_and_expunge(work, 2, "gone ");
    at.remove_box("Work");
    const auto done = at.bring_back();
    const mailbox_key again{at.ann, at.box_named("Work")->id};
    SUBCASE("with the mailbox that it made") {
        at.time.seconds += 10;
        CHECK(at.undo(done) == 2);
        at->keeper.tidy();
        CHECK_FALSE(at.box_named("Work"));
        CHECK(at.find().entries.size() == 2);
        CHECK(at.find().entries.front().by.door == trace_door::administrator);
        CHECK(at.bring_back().messages == 2);
    }
    SUBCASE("but not one in which something else is, or was") {
        at.put(again, "new");
        CHECK(at.undo(done) == 2);
        CHECK(at.subjects(again) == strings{"new"});
    }
    SUBCASE("and not what came at another time") {
        auto other = done;
        other.since = other.until = done.since - 1;
        CHECK(at.undo(other) == 0);
        CHECK(at.subjects(again).size() == 2);
    }
}

TEST_CASE("store restore: a removed account's mail is listed, and comes back with its mailboxes") {
    restore_fixture at;
    account wanted;
    wanted.name = "b@example.test";
    wanted.display_name = "Bob";
    wanted.note = "left in May";
    wanted.quota_octets = 1'000'000;
    wanted.forwards = {"x@else.test"};
    wanted.keep_copy = false;
    wanted.files_sent = false;
    wanted.password_hash = "hash";
    const auto bob = at.get(at->directory.add_account(wanted)).value();
    const auto work = at.get(at->mailboxes.create(bob, "Work", mail::special_use::none)).value();
    at.put({bob, mailbox_id(1)}, "before");
    at.expunge_all({bob, mailbox_id(1)});
    at.time.seconds += 100;
    at.put({bob, mailbox_id(1)}, "one", {mail::flags::seen, {}});
    at.put({bob, work}, "two", {0, {"$A"}});
    const auto removed_at = at.time.seconds.load();
    REQUIRE_FALSE(at.get(at->directory.remove_account(bob)));
    at.time.seconds += 5;
    at->keeper.tidy();
    const auto removed = at.get(at->expunged.removed_accounts()).value();
    REQUIRE(removed.size() == 1);
    CHECK(removed[0].id == bob);
    CHECK(removed[0].name == "b@example.test");
    CHECK(removed[0].display_name == "Bob");
    CHECK(removed[0].note == "left in May");
    CHECK(removed[0].quota_octets == 1'000'000);
    CHECK(removed[0].forwards == strings{"x@else.test"});
    CHECK_FALSE(removed[0].keep_copy);
    CHECK_FALSE(removed[0].files_sent);
    CHECK(removed[0].removed_at == removed_at);
    CHECK(removed[0].messages == 2);
    CHECK_FALSE(removed[0].is_going);
    expunged_query query;
    query.address = "b@example.test";
    CHECK(at.told(query).size() == 3);
    restore_request request;
    request.address = "b@example.test";
    CHECK(at.refused(request) == errc::no_such_account);
    request.wanted.account = bob;
    request.wanted.since = removed_at;
    const auto again = at.add_account("b@example.test");
    CHECK(at.bring_back(request).messages == 2);
    CHECK(at.subjects({again, mailbox_id(1)}) == strings{"one"});
    const auto box = at.box_named("Work", again);
    REQUIRE(box);
    CHECK(at.subjects({again, box->id}) == strings{"two"});
    CHECK(at.get(at->mailboxes.keywords({again, box->id})).value() == strings{"$A"});
    CHECK(at.told(query) == strings{"before"});  // what he had deleted himself is still deleted
    CHECK(at.get(at->expunged.removed_accounts())->empty());
    CHECK(at.get(at->expunged.purge("b@example.test")).value() == 1);
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        const read_txn tx(env);
        CHECK(tx.count(table::removed) == 0);
        CHECK(tx.count(table::gone_mailbox) == 0);
    }
    at.reopen();
}

TEST_CASE("store restore: of a removed account nothing is left when all of its mail is back") {
    restore_fixture at;
    const auto bob = at.add_account("b@example.test");
    at.put({bob, mailbox_id(1)}, "one");
    REQUIRE_FALSE(at.get(at->directory.remove_account(bob)));
    at->keeper.tidy();
    restore_request request;
    request.address = "b@example.test";
    request.into = ann_name;
    CHECK(at.bring_back(request).messages == 1);
    CHECK(at.get(at->expunged.removed_accounts())->empty());
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        const read_txn tx(env);
        CHECK(tx.count(table::removed) == 0);
        CHECK(tx.count(table::gone_mailbox) == 0);
        CHECK_FALSE(tx.get(table::counters, schema::account_row_key(bob)));
    }
    at.reopen();
}

TEST_CASE("store restore: what went at several times comes back in the order in which it came") {
    restore_fixture at;
    const auto work = at.make_box("Work");
    for (const auto* subject : {"a", "b", "c"})
        at.put(work, subject);
    for (const auto id : {3u, 1u, 2u}) {
        REQUIRE(at.get(at->mailboxes.remove_messages(work, only(id))).has_value());
        at.time.seconds += 100;
    }
    CHECK(at.bring_back().messages == 3);
    CHECK(at.subjects(work) == strings{"a", "b", "c"});
}
