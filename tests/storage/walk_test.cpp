#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

/// UIDs that a walk visits whose slices the visitor ends after so many messages.
std::vector<std::uint32_t> walk_in_batches(store_fixture& at,
                                           mailbox_key box,
                                           const mail::uid_ranges& ranges,
                                           std::size_t batch) {
    std::vector<std::uint32_t> seen;
    const auto rows = at->mailboxes.walk(box, ranges, walk_detail::flags_only);
    while (!rows->is_done()) {
        std::size_t count = 0;
        const auto visit = [&](const message_view& view) {
            seen.push_back(view.uid.value());
            return ++count < batch;
        };
        REQUIRE_FALSE(at.get(rows->next(visit)));
        CHECK(count <= batch);
        if (!rows->is_done()) CHECK(count == batch);
    }
    return seen;
}

}  // namespace

TEST_CASE("store walk: visits what is there of the ranges, in order, in batches of any size") {
    store_fixture at;
    const auto box = at.make_box("x");
    for (std::uint64_t n = 1; n <= 200; ++n)
        REQUIRE(at.append(box, body_text(n, 50), {n % 3 == 0 ? mail::flags::deleted : 0, {}})
                    .has_value());
    REQUIRE(at.get(at->mailboxes.expunge(box, everything())).has_value());
    const mail::uid_ranges ranges = {{uid(1), uid(5)},      {uid(63), uid(65)},
                                     {uid(127), uid(129)},  {uid(131), uid(131)},
                                     {uid(196), uid(1000)}, {uid(2000), uid(UINT32_MAX)}};
    std::vector<std::uint32_t> expected;
    for (const auto n : numbers(mail::uid_ranges(ranges.begin(), ranges.end() - 1)))
        if (n <= 200 && n % 3 != 0) expected.push_back(n);
    for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{7}, SIZE_MAX})
        CHECK(walk_in_batches(at, box, ranges, batch) == expected);
    CHECK(walk_in_batches(at, box, everything(), 10).size() == 134);
    CHECK(walk_in_batches(at, box, {}, 10).empty());
    CHECK(walk_in_batches(at, box, only(3), 10).empty());
    CHECK(walk_in_batches(at, {at.ann, mailbox_id(99)}, everything(), 10).empty());
}

TEST_CASE("store walk: goes on behind the message that ended a slice, and says when it is over") {
    store_fixture at;
    for (std::uint64_t n = 1; n <= 70; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 50)).has_value());
    for (std::uint32_t stop_at = 1; stop_at <= 70; ++stop_at) {
        const auto rows = at->mailboxes.walk(at.inbox(), everything(), walk_detail::rows);
        std::vector<std::uint32_t> seen;
        const auto visit = [&](const message_view& view) {
            seen.push_back(view.uid.value());
            return view.uid.value() != stop_at;
        };
        CHECK_FALSE(rows->is_done());
        for (const auto expected : {stop_at, 70u, 70u}) {  // over, however often it is asked
            CHECK_FALSE(at.get(rows->next(visit)));
            CHECK(seen.size() == expected);
            CHECK(rows->is_done() == (expected == 70));
        }
    }
}

TEST_CASE("store walk: 5,000 messages come in slices, also what came or went between two of them") {
    store_fixture at;
    const auto box = at.make_box("x");
    for (int n = 0; n < 5; ++n)
        REQUIRE(at.append(at.inbox(), "text").has_value());
    for (int n = 0; n < 1000; ++n)
        REQUIRE(
            at.get(at->mailboxes.copy(at.inbox(), everything(), box.mailbox, false)).has_value());
    for (const auto detail : {walk_detail::flags_only, walk_detail::row_heads, walk_detail::rows}) {
        const auto rows = at->mailboxes.walk(box, everything(), detail);
        std::uint32_t visited = 0, slices = 0, last = 0;
        const auto visit = [&](const message_view& view) {
            CHECK(view.uid.value() > last);
            last = view.uid.value();
            ++visited;
            return true;
        };
        for (; !rows->is_done(); ++slices)
            REQUIRE_FALSE(at.get(rows->next(visit)));
        CHECK(visited == 5'000);
        CHECK(slices > 1);
        CHECK(slices <= 10);
    }
    const auto rows = at->mailboxes.walk(box, everything(), walk_detail::rows);
    std::vector<std::uint32_t> seen;
    const auto visit = [&](const message_view& view) {
        seen.push_back(view.uid.value());
        return seen.size() != 10;
    };
    REQUIRE_FALSE(at.get(rows->next(visit)));
    REQUIRE(at.get(at->mailboxes.remove_messages(box, only(5, 4'999))).has_value());
    REQUIRE(at.append(box, "new").has_value());
    while (!rows->is_done())
        REQUIRE_FALSE(at.get(rows->next(visit)));
    CHECK(seen.size() == 12);
    CHECK(seen[10] == 5'000);
    CHECK(seen[11] == 5'001);
}

TEST_CASE("store walk: one message is looked at by itself, or is not there") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "one", {}, "Prefix: x\r\n").has_value());
    REQUIRE(at.append(at.inbox(), "other").has_value());
    std::vector<std::string> prefixes;
    const auto look = [&](const message_view& view) { prefixes.emplace_back(view.prefix); };
    const auto at_one = [&](std::uint32_t id) {
        return at.get(at->mailboxes.look_at(at.inbox(), uid(id), walk_detail::row_heads, look));
    };
    CHECK_FALSE(at_one(1));
    CHECK(prefixes == std::vector<std::string>{"Prefix: x\r\n"});
    CHECK(at_one(3) == errc::no_such_message);
    CHECK(prefixes.size() == 1);
}

TEST_CASE("store walk: summaries of any length come back whole") {
    store_fixture at;
    const auto box = at.make_box("x");
    std::vector<std::string> summaries;
    for (const std::size_t size :
         {0, 1, 1839, 1840, 1841, 1851, 1852, 1853, 3751, 3752, 3753, 5652, 20'000, 100'000})
        summaries.push_back(body_text(size, size));
    for (const auto& summary : summaries)
        REQUIRE(at.append(box, "text", {}, "Prefix: x\r\n", summary).has_value());
    const auto check_all = [&](mailbox_key where) {
        const auto all = at.walk(where);
        REQUIRE(all.size() == summaries.size());
        for (std::size_t n = 0; n < all.size(); ++n) {
            CHECK(all[n].summary == summaries[n]);
            CHECK(all[n].prefix == "Prefix: x\r\n");
        }
    };
    check_all(box);
    const auto other = at.make_box("y");
    REQUIRE(at.get(at->mailboxes.copy(box, everything(), other.mailbox, false)).has_value());
    check_all(other);
    const auto third = at.make_box("z");
    REQUIRE(at.get(at->mailboxes.copy(box, everything(), third.mailbox, true)).has_value());
    check_all(third);
    CHECK(at.walk(box).empty());
}

TEST_CASE("store walk: row heads tell the blob and the prefix, and only a part of a long summary") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "one", {}, "Prefix: x\r\n", "short").has_value());
    REQUIRE(at.append(at.inbox(), "two", {}, "", std::string(10'000, 's')).has_value());
    const auto whole = at.walk(at.inbox());
    std::size_t n = 0;
    const auto visit = [&](const message_view& view) {
        CHECK(view.blob == whole[n].blob);
        CHECK(view.prefix == whole[n].prefix);
        CHECK(whole[n].summary.starts_with(view.summary));
        CHECK((view.summary.size() == whole[n].summary.size()) == (n == 0));
        ++n;
        return true;
    };
    const auto rows = at->mailboxes.walk(at.inbox(), everything(), walk_detail::row_heads);
    CHECK_FALSE(at.get(rows->next(visit)));
    CHECK(n == 2);
}

TEST_CASE("store open: the snapshot shows present UIDs, the first unseen and the counters") {
    store_fixture at;
    for (std::uint64_t n = 1; n <= 130; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 50), {n < 100 ? mail::flags::seen : 0, {}})
                    .has_value());
    const auto now = at.snapshot(at.inbox());
    CHECK(now.uids.size() == 3);
    CHECK(numbers(now.uids).size() == 130);
    CHECK(now.first_unseen == uid(100));
    CHECK(now.info.counters.messages == 130);
    CHECK(now.info.counters.unseen == 31);
    CHECK(now.info.counters.octets == 130 * 50);
    CHECK(now.info.name == "INBOX");
}
