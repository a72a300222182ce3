// Which messages have been \Recent in no session yet. RFC 3501 2.3.2
#include "storage/lmdb/put_back.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

using uids = std::vector<std::uint32_t>;

struct recent_store : store_fixture {
    uids claim(mailbox_key box) { return numbers(*get(store->mailboxes.claim_recent(box))); }
    std::uint32_t count(mailbox_key box) { return snapshot(box).info.counters.recent; }
    void add(mailbox_key box, int messages, std::uint32_t bits = 0) {
        for (int n = 0; n < messages; ++n)
            REQUIRE(append(box, "text", {bits, {}}).has_value());
    }
};

}  // namespace

TEST_CASE("store recent: each message is claimed once, and no change of mail is made of it") {
    recent_store at;
    CHECK(at.claim(at.inbox()).empty());
    at.add(at.inbox(), 2);
    REQUIRE_FALSE(at.deliver("text", {{at.ann, ""}}));
    CHECK(at.count(at.inbox()) == 3);
    const auto before = at.snapshot(at.inbox()).info.counters.highest_modseq;
    CHECK(at.claim(at.inbox()) == uids{1, 2, 3});
    CHECK(at.claim(at.inbox()).empty());
    CHECK(at.count(at.inbox()) == 0);
    CHECK(at.snapshot(at.inbox()).info.counters.highest_modseq == before);
    at.add(at.inbox(), 1);
    CHECK(at.claim(at.inbox()) == uids{4});
}

TEST_CASE("store recent: a restart keeps what was claimed and what was not") {
    recent_store at;
    const auto box = at.make_box("x");
    at.add(at.inbox(), 1);
    at.add(box, 2);
    CHECK(at.claim(at.inbox()) == uids{1});
    at.add(at.inbox(), 1);
    at.reopen();
    CHECK(at.count(at.inbox()) == 1);
    CHECK(at.claim(at.inbox()) == uids{2});
    CHECK(at.claim(box) == uids{1, 2});
}

TEST_CASE("store recent: what goes unclaimed is not counted any more") {
    recent_store at;
    at.add(at.inbox(), 1, mail::flags::deleted);
    CHECK(at.claim(at.inbox()) == uids{1});
    at.add(at.inbox(), 1, mail::flags::deleted);
    at.add(at.inbox(), 1);
    CHECK(at.count(at.inbox()) == 2);
    REQUIRE(at.get(at->mailboxes.expunge(at.inbox(), everything())).has_value());
    CHECK(at.count(at.inbox()) == 1);
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), everything())).has_value());
    CHECK(at.count(at.inbox()) == 0);
    CHECK(at.claim(at.inbox()).empty());
}

TEST_CASE("store recent: copies and moved messages are so in their new mailbox") {
    recent_store at;
    const auto box = at.make_box("x");
    at.add(at.inbox(), 3);
    CHECK(at.claim(at.inbox()) == uids{1, 2, 3});
    REQUIRE(at.get(at->mailboxes.copy(at.inbox(), only(1), box.mailbox, false)).has_value());
    REQUIRE(at.get(at->mailboxes.copy(at.inbox(), only(2), box.mailbox, true)).has_value());
    CHECK(at.count(at.inbox()) == 0);
    CHECK(at.claim(box) == uids{1, 2});
    REQUIRE(at.get(at->mailboxes.copy(box, only(1), box.mailbox, false)).has_value());
    CHECK(at.claim(box) == uids{3});
}

TEST_CASE("store recent: a new name changes nothing, a new mailbox has nothing") {
    recent_store at;
    const auto box = at.make_box("x");
    at.add(box, 1);
    CHECK(at.claim(box) == uids{1});
    at.add(box, 1);
    REQUIRE_FALSE(at.get(at->mailboxes.rename(at.ann, "x", "y")));
    CHECK(at.claim(box) == uids{2});
    REQUIRE_FALSE(at.get(at->mailboxes.remove(at.ann, "y")));
    CHECK(at.get(at->mailboxes.claim_recent(box)).error() == errc::no_such_mailbox);
    at->keeper.tidy();
    const auto other = at.make_box("y");
    CHECK(at.count(other) == 0);
    CHECK(at.claim(other).empty());
}

TEST_CASE("store recent: in a copy that was put back it stands as it did") {
    recent_store at;
    at.add(at.inbox(), 1);
    CHECK(at.claim(at.inbox()) == uids{1});
    at.add(at.inbox(), 1);
    at->keeper.tell_put_back();
    at.reopen();
    CHECK(at->keeper.put_backs() == 1);
    CHECK(at.count(at.inbox()) == 1);
    CHECK(at.findings().empty());
    const auto claimed = *at.get(at->mailboxes.claim_recent(at.inbox()));
    REQUIRE(claimed.size() == 1);
    CHECK(claimed.front().first == uid(2));
    at.add(at.inbox(), 1);
    const auto later = at.claim(at.inbox());
    REQUIRE(later.size() == 1);
    CHECK(later.front() > claimed.front().last.value());
}
