// Expunged messages: how they are listed and looked for, and as which deletions.
#include "tests/storage/restore_fixture.hpp"

#include <algorithm>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

TEST_CASE("store deletions: the latest comes first, with all that a list shows") {
    restore_fixture at;
    const auto work = at.make_box("Work");
    at.put_and_expunge(at.inbox(), 1, "first");
    at.time.seconds += 100;
    at.put_and_expunge(work, 1, "second");
    const auto page = at.find();
    REQUIRE(page.entries.size() == 2);
    const auto& latest = page.entries.front();
    CHECK(latest.heading.subject == "second1");
    CHECK(latest.heading.from_name == "J\xc3\xbcrgen");
    CHECK(latest.heading.from_address == "j@else.test");
    CHECK(latest.mailbox == "Work");
    CHECK_FALSE(latest.is_gone);
    CHECK(latest.place.at == at.time.seconds);
    CHECK(latest.octets > 20);
    CHECK(latest.by.door == trace_door::imap);
    CHECK(latest.by.program == "Thunderbird");
    CHECK(latest.by.user == ann_name);
    CHECK(page.entries.back().heading.subject == "first1");
    CHECK_FALSE(page.next);
    CHECK(std::count(page.mailboxes.begin(), page.mailboxes.end(), "Work") == 1);
    CHECK(std::count(page.mailboxes.begin(), page.mailboxes.end(), "INBOX") == 1);
    expunged_query nobody;
    nobody.address = "nobody@example.test";
    CHECK(at.find(nobody).entries.empty());
}

TEST_CASE("store deletions: of copies of one message each says who deleted it") {
    restore_fixture at;
    const mailbox_key bob{at.add_account("b@example.test"), mailbox_id(1)};
    REQUIRE_FALSE(at.deliver("to both", {{at.ann, ""}, {bob.account, ""}}));
    const trace_actor other(trace_door::pop3, "b@example.test", "fetchmail");
    at.expunge_all(at.inbox());
    REQUIRE(at.get(at->mailboxes.remove_messages(bob, everything(), other)).has_value());
    expunged_query query;
    CHECK(at.find(query).entries.at(0).by.program == "Thunderbird");
    query.address = "b@example.test";
    CHECK(at.find(query).entries.at(0).by.program == "fetchmail");
}

TEST_CASE("store deletions: pages follow one another, each message once") {
    restore_fixture at;
    strings all;
    for (int n = 0; n < 25; ++n) {
        at.put_and_expunge(at.inbox(), 3, std::to_string(n) + "-");
        if (n % 2 == 0) at.time.seconds += 7;
    }
    expunged_query query;
    query.most = 10;
    std::vector<expunged_place> places;
    int pages = 0;
    for (bool more = true; more; ++pages) {
        const auto page = at.find(query);
        for (const auto& one : page.entries)
            places.push_back(one.place);
        CHECK(page.entries.size() <= 10);
        CHECK(page.mailboxes.empty() == (pages > 0));
        query.before = page.next;
        more = page.next.has_value();
    }
    CHECK(pages == 8);
    CHECK(places.size() == 75);
    CHECK(std::is_sorted(places.rbegin(), places.rend()));
    CHECK(std::adjacent_find(places.begin(), places.end()) == places.end());
}

TEST_CASE("store deletions: a filter lets through what fits all of it") {
    restore_fixture at;
    const auto work = at.make_box("Work");
    at.put_and_expunge(at.inbox(), 2, "Offer ");
    at.time.seconds += 1000;
    at.put_and_expunge(work, 2, "Bill ");
    expunged_query query;
    SUBCASE("a mailbox") {
        query.wanted.mailbox = "Work";
        CHECK(at.told(query) == strings{"Bill 2", "Bill 1"});
        query.wanted.mailbox = "inbox";
        CHECK(at.told(query) == strings{"Offer 2", "Offer 1"});
        query.wanted.mailbox = "Nowhere";
        CHECK(at.told(query).empty());
    }
    SUBCASE("a mailbox, by its number") {
        query.wanted.box = work.mailbox;
        CHECK(at.told(query) == strings{"Bill 2", "Bill 1"});
    }
    SUBCASE("a subject, in any case") {
        query.wanted.subject = "offer";
        CHECK(at.told(query) == strings{"Offer 2", "Offer 1"});
    }
    SUBCASE("a sender, by name or address") {
        query.wanted.from = "j@ELSE";
        CHECK(at.told(query).size() == 4);
        query.wanted.from = "rgen";
        CHECK(at.told(query).size() == 4);
        query.wanted.from = "bill";
        CHECK(at.told(query).empty());
    }
    SUBCASE("either of them") {
        query.wanted.text = "bill 1";
        CHECK(at.told(query) == strings{"Bill 1"});
        query.wanted.text = "else.test";
        CHECK(at.told(query).size() == 4);
    }
    SUBCASE("a time") {
        query.wanted.since = at.time.seconds;
        CHECK(at.told(query) == strings{"Bill 2", "Bill 1"});
        query.wanted.since = 0;
        query.wanted.until = at.time.seconds - 1;
        CHECK(at.told(query) == strings{"Offer 2", "Offer 1"});
    }
    SUBCASE("both a mailbox and a text") {
        query.wanted.mailbox = "Work";
        query.wanted.subject = "offer";
        CHECK(at.told(query).empty());
    }
    SUBCASE("one message's copies") {
        query.wanted.blob = at.find().entries.front().blob;
        CHECK(at.told(query) == strings{"Bill 2"});
    }
}

TEST_CASE("store deletions: what went in one go is one row when it is much") {
    restore_fixture at;
    const auto work = at.make_box("Work");
    at.put_and_expunge(at.inbox(), 3, "few ");
    at.time.seconds += 1000;
    at.put_and_expunge(work, 12, "old ");
    at.time.seconds += 30;  // of the same deletion
    at.put_and_expunge(work, 13, "new ");
    at.put_and_expunge(at.inbox(), 1, "alone ");
    expunged_query query;
    query.group_of = 10;
    const auto page = at.find(query);
    REQUIRE(page.entries.size() == 5);
    const auto& group = page.entries.front();
    CHECK(group.messages == 25);
    CHECK(group.mailbox == "Work");
    CHECK(group.place.at - group.since == 30);
    CHECK(group.octets > 25 * 20);
    CHECK(group.heading.subject == "new 13");
    CHECK(at.told(query) == strings{"new 13 25", "alone 1", "few 3", "few 2", "few 1"});
    SUBCASE("which is brought back alone") {
        restore_request request;
        request.wanted.mailbox = "Work";
        request.wanted.since = group.since;
        request.wanted.until = group.place.at;
        CHECK(at.bring_back(request).messages == 25);
        CHECK(at.told(query).size() == 4);
    }
    SUBCASE("or an earlier one, without what went later") {
        restore_request request;
        request.wanted.until = page.entries.back().place.at;
        CHECK(at.bring_back(request).messages == 3);
        CHECK(at.told(query) == strings{"new 13 25", "alone 1"});
    }
    SUBCASE("pages end between deletions") {
        query.most = 1;
        const auto first = at.find(query);
        CHECK(first.entries.size() == 2);  // those that went together
        query.before = first.next;
        CHECK(at.told(query) == strings{"few 3", "few 2", "few 1"});
        CHECK_FALSE(at.find(query).next);
    }
    SUBCASE("a pause of a minute, or ten minutes, end one") {
        at.time.seconds += 61;
        at.put_and_expunge(work, 10, "later ");
        CHECK(at.told(query).front() == "later 10 10");
        for (int n = 0; n < 15; ++n) {
            at.time.seconds += 50;
            at.put_and_expunge(work, 10, "on ");
        }
        CHECK(at.told(query).front() == "on 10 130");
    }
}

TEST_CASE("store deletions: mail of the account comes before that of removed ones, on all pages") {
    restore_fixture at;
    const auto old = at.add_account("b@example.test");
    at.put({old, mailbox_id(1)}, "old");
    REQUIRE_FALSE(at.get(at->directory.remove_account(old)));
    at->keeper.tidy();
    const auto now = at.add_account("b@example.test");
    at.put_and_expunge({now, mailbox_id(1)}, 1, "new ");
    expunged_query query;
    query.address = "b@example.test";
    query.most = 1;
    const auto first = at.find(query);
    REQUIRE(first.entries.size() == 1);
    CHECK(first.entries[0].heading.subject == "new 1");
    query.before = first.next;
    CHECK(at.told(query) == strings{"old"});
    CHECK_FALSE(at.find(query).next);
}

TEST_CASE("store deletions: large deletions are found, with who made them") {
    restore_fixture at;
    const mailbox_key bob{at.add_account("b@example.test"), mailbox_id(1)};
    const auto found = [&](std::int64_t since = 0) {
        at.time.seconds += 60;  // it may be a minute old
        return at.get(at->expunged.mass_deletions(since)).value();
    };
    CHECK(found().empty());
    const auto begun = at.time.seconds.load();
    at.put_and_expunge(at.inbox(), 60);
    at.time.seconds += 30;
    at.put_and_expunge(at.make_box("Work"), 41);
    at.put_and_expunge(bob, 19);  // all that he had, but few
    const auto all = found();
    REQUIRE(all.size() == 1);
    CHECK(all[0].address == ann_name);
    CHECK(all[0].messages == 101);
    CHECK(all[0].since == begun);
    CHECK(all[0].until == begun + 30);
    CHECK(all[0].by.program == "Thunderbird");
    CHECK(found(begun + 31).empty());
    SUBCASE("a fifth of an account is much") {
        at.time.seconds += 700;
        for (int n = 0; n < 70; ++n)
            at.put(bob, "stays");
        at.put(bob, "goes");
        for (int n = 0; n < 19; ++n)
            at.put(bob, "goes");
        const auto messages = at.walk(bob);
        REQUIRE(at.get(at->mailboxes.remove_messages(
                           bob, only(messages.at(70).uid, messages.back().uid)))
                    .has_value());
        const auto later = found(begun + 31);
        REQUIRE(later.size() == 1);
        CHECK(later[0].address == "b@example.test");
        CHECK(later[0].messages == 20);
    }
    SUBCASE("what was brought back is none any more") {
        CHECK(at.bring_back().messages == 101);
        CHECK(at.get(at->expunged.mass_deletions(0))->empty());  // at once
    }
    SUBCASE("a removed account is told of elsewhere") {
        REQUIRE_FALSE(at.get(at->directory.remove_account(at.ann)));
        at->keeper.tidy();
        CHECK(found().empty());
    }
}

TEST_CASE("store deletions: places are written and read") {
    expunged_place place;
    place.account = account_id(7);
    place.at = 1'700'000'000;
    place.mailbox = mailbox_id(3);
    place.uid = uid(4294967295u);
    CHECK(to_text(place) == "7.1700000000.3.4294967295");
    CHECK(parse_expunged_place(to_text(place)) == place);
    for (const auto* text : {"", "7", "7.1.2", "7.1.2.3.4", "7.1.2.x", "-7.1.2.3", "7.1.2.-3",
                             "4294967296.1.2.3", "7.1.2.3 ", " 7.1.2.3"})
        CHECK_FALSE(parse_expunged_place(text).has_value());
}
