#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

namespace hauspost::storage::test {
namespace {

constexpr std::uint32_t many = 2'500;  // more than two slices of the writer

void fill(store_fixture& at, mailbox_key box) {
    for (std::uint32_t i = 0; i < many; ++i)
        REQUIRE(at.append(box, "0123456789").has_value());
}

}  // namespace

TEST_CASE("store copy: one user's large COPY held the writer: it goes in slices, and whole") {
    store_fixture at;
    const auto archive = at.make_box("Archive/2026");
    fill(at, at.inbox());
    const auto copied =
        at.get(at->mailboxes.copy(at.inbox(), everything(), archive.mailbox, false));
    REQUIRE(copied.has_value());
    CHECK(copied->from.size() == many);
    CHECK(copied->to.size() == many);
    CHECK(at.snapshot(archive).info.counters.messages == many);
    const auto moved = at.get(at->mailboxes.copy(at.inbox(), everything(), archive.mailbox, true));
    REQUIRE(moved.has_value());
    CHECK(moved->to.size() == many);
    CHECK(moved->to.front().value() == many + 1);
    CHECK(at.snapshot(at.inbox()).info.counters.messages == 0);
    CHECK(at.snapshot(archive).info.counters.messages == 2 * many);
}

TEST_CASE("store copy: a move within its own mailbox ends, each message once under a new UID") {
    store_fixture at;
    fill(at, at.inbox());
    const auto moved =
        at.get(at->mailboxes.copy(at.inbox(), everything(), at.inbox().mailbox, true));
    REQUIRE(moved.has_value());
    CHECK(moved->to.size() == many);
    CHECK(at.snapshot(at.inbox()).info.counters.messages == many);
}

TEST_CASE("store copy: refused in a later slice, the destination is as it was (RFC 9051 6.4.7)") {
    store_fixture at;
    const auto small = at.add_account("small@example.test", 10 * (many + 1'500));
    const mailbox_key inbox{small, mailbox_id(1)};
    fill(at, inbox);
    const auto copied = at.get(at->mailboxes.copy(inbox, everything(), mailbox_id(2), false));
    REQUIRE(copied.has_error());
    CHECK(copied.error() == errc::over_quota);
    CHECK(at.snapshot({small, mailbox_id(2)}).info.counters.messages == 0);
    CHECK(at.snapshot(inbox).info.counters.messages == many);
}

TEST_CASE("store rename: B16 a large INBOX held the writer: it goes in slices, as a move does") {
    store_fixture at;
    fill(at, at.inbox());
    REQUIRE(!at.get(at->mailboxes.rename(at.ann, "INBOX", "Old")));
    const mailbox_key old{at.ann, at.get(at.store->mailboxes.find(at.ann, "Old"))->id};
    CHECK(at.snapshot(at.inbox()).info.counters.messages == 0);
    CHECK(at.snapshot(old).info.counters.messages == many);
    const auto seen = at.walk(old);
    REQUIRE(seen.size() == many);
    // Each slice is a change of its own.
    CHECK(seen.front().modseq < seen[many / 2].modseq);
    CHECK(seen[many / 2].modseq < seen.back().modseq);
}

}  // namespace hauspost::storage::test
