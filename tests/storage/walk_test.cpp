#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

/// UIDs that a walk visits, in batches, going on where each stopped.
std::vector<std::uint32_t> walk_in_batches(store_fixture& at,
                                           mailbox_key box,
                                           const mail::uid_ranges& ranges,
                                           std::size_t batch) {
    std::vector<std::uint32_t> seen;
    auto left = ranges;
    for (;;) {
        std::size_t count = 0;
        const auto visit = [&](const message_view& view) {
            seen.push_back(view.uid.value());
            ++count;
            return true;
        };
        const auto next =
            at.get(at->mailboxes.walk(box, left, walk_detail::flags_only, batch, visit));
        REQUIRE(next.has_value());
        CHECK(count <= batch);
        if (!*next) return seen;
        CHECK(count == batch);
        std::erase_if(left, [&](const auto& range) { return range.last < *next; });
        REQUIRE_FALSE(left.empty());
        left.front().first = std::max(left.front().first, *next);
    }
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

TEST_CASE("store walk: the visitor may stop and learns where to go on") {
    store_fixture at;
    for (std::uint64_t n = 1; n <= 70; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 50)).has_value());
    std::uint32_t stop_at = 0;
    const auto visit = [&](const message_view& view) { return view.uid.value() != stop_at; };
    for (stop_at = 1; stop_at <= 70; ++stop_at) {
        const auto next = at.get(
            at->mailboxes.walk(at.inbox(), everything(), walk_detail::rows, SIZE_MAX, visit));
        CHECK(next->value() == (stop_at == 70 ? 0 : stop_at + 1));
    }
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
    REQUIRE(at.get(at->mailboxes.walk(at.inbox(), everything(), walk_detail::row_heads, 10, visit))
                .has_value());
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
