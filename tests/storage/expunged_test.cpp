// Expunged messages: how much of them an account may keep, and how they are purged and come back.
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/segment_files.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t no_end = 1'000'000'000;

/// An account with a quota of 10,000 octets.
struct small_account : store_fixture {
    small_account() { bob = {add_account("b@example.test", 10'000), mailbox_id(1)}; }

    void put_and_expunge(std::size_t octets) {
        REQUIRE(append(bob, body_text(++seed, octets), {mail::flags::deleted, {}}).has_value());
        REQUIRE(get(store->mailboxes.expunge(bob, everything())).has_value());
    }
    account_usage kept(const std::string& name = "b@example.test") {
        return get(store->expunged.expunged(name));
    }
    restored_mail restore(const std::string& name = "b@example.test",
                          std::chrono::seconds within = std::chrono::seconds(no_end)) {
        const auto done = get(store->expunged.restore(name, within));
        REQUIRE(done.has_value());
        return *done;
    }
    std::vector<std::string> subjects(mailbox_key box) {
        std::vector<std::string> all;
        for (const auto& message : walk(box)) {
            const auto text = text_of(message);
            all.push_back(text.substr(0, text.find('\r')));
        }
        return all;
    }

    mailbox_key bob;
    std::uint64_t seed = 0;
};

}  // namespace

TEST_CASE("store expunged: an account keeps no more than its quota of them, the latest") {
    small_account at;
    for (int n = 0; n < 50; ++n)
        at.put_and_expunge(3'000);
    CHECK(at.kept().messages == 3);
    CHECK(at.kept().octets == 9'000);
    CHECK(at->keeper.check().blobs == 3);  // the octets of the others are free
    CHECK(at->keeper.figures().live_octets == 3 * segment_files::record_octets(3'000));
    CHECK(at.restore().messages == 3);
    CHECK(at.subjects(at.bob) ==
          std::vector<std::string>{"Subject: 50", "Subject: 49", "Subject: 48"});
}

TEST_CASE("store expunged: the limit is a multiple of the quota, or there is none") {
    small_account at;
    at.close();
    SUBCASE("three times") {
        at.options.expunged_quotas = 3;
        at.reopen();
        for (int n = 0; n < 20; ++n)
            at.put_and_expunge(3'000);
        CHECK(at.kept().messages == 10);
    }
    SUBCASE("none, as it is set") {
        at.options.expunged_quotas = 0;
        at.reopen();
        for (int n = 0; n < 20; ++n)
            at.put_and_expunge(3'000);
        CHECK(at.kept().messages == 20);
    }
    SUBCASE("none, since there is no quota") {
        at.reopen();
        at.bob = at.inbox();
        for (int n = 0; n < 20; ++n)
            at.put_and_expunge(3'000);
        CHECK(at.kept("a@example.test").messages == 20);
    }
}

TEST_CASE("store expunged: many small ones go for a large one, in bounded commits") {
    small_account at;
    for (int n = 0; n < 300; ++n)
        REQUIRE(at.append(at.bob, "0123456789012345678901234567890", {mail::flags::deleted, {}})
                    .has_value());
    REQUIRE(at.get(at->mailboxes.expunge(at.bob, everything())).has_value());
    CHECK(at.kept().octets == 9'300);
    at.put_and_expunge(9'000);
    const auto left = at.kept();
    CHECK(left.messages > 100);  // one commit takes out only so many
    CHECK(left.messages < 300);
    at->keeper.tidy();
    CHECK(at.kept().octets <= 10'000);
    CHECK(at.kept().messages == 33);  // the large one and as many small ones as there is room for
}

TEST_CASE("store expunged: REPLACE, moves to others and removed mailboxes count as EXPUNGE does") {
    small_account at;
    const auto box = at.get(at->mailboxes.create(at.bob.account, "x", mail::special_use::none));
    REQUIRE(box.has_value());
    for (int n = 0; n < 4; ++n) {
        REQUIRE(at.append({at.bob.account, *box}, body_text(1, 2'000)).has_value());
    }
    REQUIRE_FALSE(at.get(at->mailboxes.remove(at.bob.account, "x")));
    at->keeper.tidy();
    CHECK(at.kept().octets == 8'000);
    ++at.time.seconds;
    REQUIRE(at.append(at.bob, body_text(2, 3'000)).has_value());
    for (int n = 0; n < 5; ++n) {
        std::vector<append_request> requests(1);
        requests[0].mailbox = at.bob;
        requests[0].blob = at.staged(body_text(3, 3'000));
        requests[0].summary = "sum";
        const auto last = at.walk(at.bob).back().uid;
        REQUIRE(at.get(at->mailboxes.append_all(std::move(requests),
                                                replaced_message{at.bob, uid(last)}))
                    .has_value());
    }
    CHECK(at.kept().octets == 9'000);
    CHECK(at.kept().messages == 3);
}

TEST_CASE("store expunged: a smaller quota takes effect at the next round") {
    small_account at;
    for (int n = 0; n < 3; ++n)
        at.put_and_expunge(3'000);
    account_change smaller;
    smaller.quota_octets = 4'000;
    REQUIRE_FALSE(at.get(at->directory.change_account(at.bob.account, smaller)));
    CHECK(at->keeper.tidy() == 2);
    CHECK(at.kept().octets == 3'000);
}

TEST_CASE("store expunged: purge frees all of one account for good, and nothing else") {
    small_account at;
    REQUIRE(at.append(at.bob, "stays").has_value());
    for (int n = 0; n < 3; ++n)
        at.put_and_expunge(1'000);
    REQUIRE(at.append(at.inbox(), "other", {mail::flags::deleted, {}}).has_value());
    REQUIRE(at.get(at->mailboxes.expunge(at.inbox(), everything())).has_value());
    CHECK(at.get(at->expunged.purge("b@example.test")).value() == 3);
    CHECK(at.kept().messages == 0);
    CHECK(at.kept().octets == 0);
    CHECK(at.kept("a@example.test").messages == 1);
    CHECK(at.walk(at.bob).size() == 1);
    CHECK(at->keeper.check().blobs == 2);
    CHECK(at.get(at->expunged.purge("b@example.test")).value() == 0);
    CHECK(at.get(at->expunged.purge("nobody@example.test")).value() == 0);
}

TEST_CASE("store expunged: what comes back is as it was, under a new UID") {
    small_account at;
    const auto box = at.make_box("x");
    const std::string summary(9'000, 's');  // in rows of its own
    REQUIRE(at.append(box, "first", {mail::flags::seen | mail::flags::deleted, {"kw"}}, "To: x\r\n",
                      summary)
                .has_value());
    const auto before = at.walk(box).at(0);
    REQUIRE(at.get(at->mailboxes.expunge(box, everything())).has_value());
    const auto gone_at = at.snapshot(box).info.counters.highest_modseq;
    CHECK(at.restore("a@example.test").messages == 1);
    const auto after = at.walk(box).at(0);
    CHECK(after.uid == before.uid + 1);
    CHECK(after.modseq > gone_at.value());
    CHECK(after.flags == (before.flags & ~mail::flags::deleted));
    CHECK(after.blob == before.blob);
    CHECK(after.prefix == before.prefix);
    CHECK(after.summary == summary);
    CHECK(after.internal_date == before.internal_date);
    CHECK(at.text_of(after) == "To: x\r\nfirst");
    CHECK(at.kept("a@example.test").messages == 0);
    CHECK(at.restore("a@example.test").messages == 0);
}

TEST_CASE("store expunged: a mailbox that is gone is replaced by Restored") {
    small_account at;
    const auto box = at.make_box("x");
    REQUIRE(at.append(box, "text", {mail::flags::flagged, {"kw"}}).has_value());
    REQUIRE_FALSE(at.get(at->mailboxes.remove(at.ann, "x")));
    at->keeper.tidy();
    CHECK(at.restore("a@example.test").messages == 1);
    const auto restored = at.get(at->mailboxes.find(at.ann, "Restored"));
    REQUIRE(restored.has_value());
    CHECK(restored->subscribed);
    const auto back = at.walk({at.ann, restored->id});
    REQUIRE(back.size() == 1);
    CHECK(back[0].flags == mail::flags::flagged);  // keywords are another mailbox's numbers
}

TEST_CASE("store expunged: only what went lately comes back, when so much is asked for") {
    small_account at;
    at.put_and_expunge(1'000);
    at.time.seconds += 3'600;
    at.put_and_expunge(1'000);
    CHECK(at.restore("b@example.test", 600s).messages == 1);
    CHECK(at.subjects(at.bob) == std::vector<std::string>{"Subject: 2"});
    CHECK(at.kept().messages == 1);
}

TEST_CASE("store expunged: what the quota has no room for stays expunged") {
    small_account at;
    for (int n = 0; n < 3; ++n)
        at.put_and_expunge(3'000);
    REQUIRE(at.append(at.bob, body_text(9, 5'000)).has_value());
    const auto done = at.restore();
    CHECK(done.messages == 1);
    CHECK(done.left_over_quota == 2);
    CHECK(at.kept().messages == 2);
}

TEST_CASE("store expunged: more messages than one slice come back, each once") {
    small_account at;
    for (int n = 0; n < 1'100; ++n)
        REQUIRE(at.append(at.inbox(), "text", {mail::flags::deleted, {}}).has_value());
    REQUIRE(at.get(at->mailboxes.expunge(at.inbox(), everything())).has_value());
    CHECK(at.restore("a@example.test").messages == 1'100);
    CHECK(at.walk(at.inbox()).size() == 1'100);
    CHECK(at.kept("a@example.test").messages == 0);
}

TEST_CASE(
    "store expunged: a removed account's mail counts, is purged, or comes back to its address") {
    small_account at;
    REQUIRE(at.append(at.bob, body_text(1, 4'000)).has_value());
    for (int n = 0; n < 3; ++n)
        at.put_and_expunge(3'000);
    REQUIRE_FALSE(at.get(at->directory.remove_account(at.bob.account)));
    at->keeper.tidy();
    CHECK(at.kept().octets <= 10'000);  // its quota counts on
    CHECK(at.kept().messages == 3);
    CHECK(at.get(at->expunged.restore("b@example.test", 1h)).error() == errc::no_such_account);
    SUBCASE("purged") {
        CHECK(at.get(at->expunged.purge("b@example.test")).value() == 3);
        CHECK(at->keeper.check().blobs == 0);
    }
    SUBCASE("restored to an account of that name") {
        const auto again = at.add_account("b@example.test");
        CHECK(at.restore().messages == 3);
        const auto restored = at.get(at->mailboxes.find(again, "Restored"));
        REQUIRE(restored.has_value());
        CHECK(restored->counters.messages == 3);
        CHECK(restored->counters.octets == 9'000);
    }
    SUBCASE("purged by time") {
        at.time.seconds += at.options.retention.count() + 1;
        CHECK(at->keeper.tidy() == 3);
    }
    // Nothing of it is left.
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        const read_txn tx(env);
        CHECK_FALSE(tx.get(table::removed, schema::account_key(at.bob.account)));
        CHECK_FALSE(tx.get(table::counters, schema::account_row_key(at.bob.account)));
    }
    at.reopen();
}
