#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

using list = std::vector<std::uint32_t>;
constexpr std::int64_t day = 24 * 3600;

modseq highest(store_fixture& at) {
    return at.snapshot(at.inbox()).info.counters.highest_modseq;
}

/// Appends a message and expunges it.
modseq one_comes_and_goes(store_fixture& at) {
    const auto id = at.append(at.inbox(), "x", {mail::flags::deleted, {}})->uid;
    REQUIRE(at.get(at->mailboxes.expunge(at.inbox(), {{id, id}})).has_value());
    return highest(at);
}

vanished_uids vanished(store_fixture& at, modseq since) {
    return *at.get(at->mailboxes.vanished(at.inbox(), since));
}

}  // namespace

TEST_CASE("store vanished: what is older than the limit is forgotten, and that is known") {
    store_fixture at;
    const auto first = one_comes_and_goes(at);
    at.time.seconds += 60 * day;
    const auto second = one_comes_and_goes(at);
    at->keeper.tidy();
    CHECK(numbers(vanished(at, modseq(0)).ranges) == list{1, 2});
    at.time.seconds += 30 * day;  // 90 days: not yet
    at->keeper.tidy();
    CHECK(vanished(at, modseq(0)).is_complete);
    at.time.seconds += 1;
    at->keeper.tidy();
    CHECK_FALSE(vanished(at, modseq(first.value() - 1)).is_complete);
    CHECK(vanished(at, modseq(first.value() - 1)).ranges.empty());
    CHECK(vanished(at, first).is_complete);
    CHECK(numbers(vanished(at, first).ranges) == list{2});
    CHECK(vanished(at, second).ranges.empty());
    at.reopen();
    CHECK_FALSE(vanished(at, modseq(0)).is_complete);
}

TEST_CASE("store vanished: of more ranges than the limit the oldest are forgotten") {
    store_fixture at;
    at.close();
    at.options.vanished_ranges = 3;
    at.reopen();
    std::vector<modseq> after;
    for (int n = 0; n < 3; ++n)
        after.push_back(one_comes_and_goes(at));
    at->keeper.tidy();
    CHECK(vanished(at, modseq(0)).is_complete);
    after.push_back(one_comes_and_goes(at));
    at->keeper.tidy();
    CHECK_FALSE(vanished(at, modseq(after[0].value() - 1)).is_complete);
    CHECK(numbers(vanished(at, after[0]).ranges) == list{2, 3, 4});
    CHECK(at.findings().empty());
}

TEST_CASE("store vanished: one expunge of many gaps goes as a whole, in slices") {
    store_fixture at;
    at.close();
    at.options.vanished_ranges = 1000;
    at.reopen();
    for (int n = 0; n < 2400; ++n)
        REQUIRE(
            at.append(at.inbox(), "x", {n % 2 == 0 ? mail::flags::deleted : 0u, {}}).has_value());
    const auto before = highest(at);
    REQUIRE(at.get(at->mailboxes.expunge(at.inbox(), everything())).has_value());
    CHECK(vanished(at, before).ranges.size() == 1200);
    at->keeper.tidy();
    const auto now = at.snapshot(at.inbox()).info.counters;
    CHECK(now.vanished_ranges <= 1000);
    CHECK(now.vanished_floor > before);
    CHECK_FALSE(vanished(at, before).is_complete);
    CHECK(vanished(at, now.highest_modseq).is_complete);
}

TEST_CASE("store vanished: forgetting is no change that a session hears of") {
    store_fixture at;
    one_comes_and_goes(at);
    const auto before = highest(at);
    at.time.seconds += 100 * day;
    at->keeper.tidy();
    CHECK(highest(at) == before);
}

TEST_CASE("store vanished: a mailbox that is gone has nothing to tell") {
    store_fixture at;
    CHECK(at.get(at->mailboxes.vanished({at.ann, mailbox_id(99)}, modseq(0))).error() ==
          errc::no_such_mailbox);
}
