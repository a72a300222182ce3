#include "protocols/imap/view/mailbox_view.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>

using namespace hauspost;
using namespace hauspost::imap;

namespace {

using uids = std::set<std::uint32_t>;

std::vector<mail::uid_block> blocks_of(const uids& ids) {
    std::vector<mail::uid_block> blocks;
    for (const auto id : ids) {
        if (blocks.empty() || blocks.back().number != id / 64) blocks.push_back({id / 64, 0});
        blocks.back().present |= std::uint64_t{1} << (id % 64);
    }
    return blocks;
}

mailbox_view view_of(const uids& ids) {
    mailbox_view view;
    view.reset(blocks_of(ids));
    return view;
}

std::string text_of(const mail::uid_ranges& ranges) {
    std::string out;
    for (const auto& range : ranges) {
        if (!out.empty()) out += ',';
        out += std::to_string(range.first.value());
        if (range.first != range.last) out += ':' + std::to_string(range.last.value());
    }
    return out;
}

std::string by_sequence(const mailbox_view& view, std::string_view set) {
    const auto ranges = view.by_sequence(*parse_sequence_set(set));
    return ranges ? text_of(*ranges) : "bad";
}

std::string by_uid(const mailbox_view& view, std::string_view set) {
    return text_of(view.by_uid(*parse_sequence_set(set)));
}

uids range(std::uint32_t first, std::uint32_t last) {
    uids ids;
    for (auto id = first; id <= last; ++id)
        ids.insert(ids.end(), id);
    return ids;
}

}  // namespace

TEST_CASE("mailbox view: numbers messages from 1 in the order of their UIDs") {
    const auto view = view_of({3, 63, 64, 127, 128, 1000, 4294967295});
    CHECK(view.size() == 7);
    CHECK(view.largest_uid() == uid(4294967295));
    std::uint32_t sequence = 0;
    mailbox_view::cursor cursor(view);
    for (const std::uint32_t id : {3u, 63u, 64u, 127u, 128u, 1000u, 4294967295u}) {
        ++sequence;
        CHECK(view.sequence_of(uid(id)) == sequence);
        CHECK(view.uid_at(sequence) == uid(id));
        CHECK(cursor.sequence_of(uid(id)) == sequence);
    }
    CHECK(view.uid_at(0) == std::nullopt);
    CHECK(view.uid_at(8) == std::nullopt);
    for (const std::uint32_t id : {1u, 4u, 62u, 65u, 126u, 129u, 999u, 4294967294u})
        CHECK_FALSE(view.contains(uid(id)));
}

TEST_CASE("mailbox view: an empty one has nothing and breaks nothing") {
    mailbox_view view;
    CHECK(view.size() == 0);
    CHECK(view.largest_uid() == uid(0));
    CHECK(view.all().empty());
    CHECK(by_uid(view, "1:*") == "");
    CHECK(by_uid(view, "1:4294967295") == "");
    CHECK(by_sequence(view, "1:*") == "bad");
    CHECK(by_sequence(view, "1") == "bad");
    CHECK(view.update({}, true).empty());
}

TEST_CASE("mailbox view: sets of sequence numbers become ranges between messages (B04)") {
    const auto view = view_of({10, 20, 30, 200});
    CHECK(by_sequence(view, "1:*") == "10:200");
    CHECK(by_sequence(view, "*:1") == "10:200");
    CHECK(by_sequence(view, "2:3") == "20:30");
    CHECK(by_sequence(view, "4,1") == "10,200");
    CHECK(by_sequence(view, "*") == "200");
    CHECK(by_sequence(view, "5") == "bad");
    CHECK(by_sequence(view, "1:5") == "bad");
    CHECK(by_sequence(view, "5:*") == "bad");
    CHECK(by_sequence(view, "4294967295:*") == "bad");
}

TEST_CASE("mailbox view: sets of UIDs are cut to messages that are there (B04)") {
    const auto view = view_of({10, 20, 30, 64, 200});
    CHECK(by_uid(view, "1:*") == "10:200");
    CHECK(by_uid(view, "1:4294967295") == "10:200");
    CHECK(by_uid(view, "11:19") == "");
    CHECK(by_uid(view, "11:20") == "20");
    CHECK(by_uid(view, "20:29,31:63,65:199") == "20");
    CHECK(by_uid(view, "31:64") == "64");
    CHECK(by_uid(view, "65:300") == "200");
    CHECK(by_uid(view, "201:*") == "200");  // RFC 9051 6.4.9: n:* has the last message in it
    CHECK(by_uid(view, "201:300") == "");
    CHECK(by_uid(view, "1:9") == "");
    CHECK(view.count(view.by_uid(*parse_sequence_set("20:64"))) == 3);
    CHECK(view.count(view.all()) == 5);
}

TEST_CASE("mailbox view: tells expunges from the highest number down, then the new size") {
    auto view = view_of({1, 2, 3, 70, 71});
    const auto change = view.update(blocks_of({1, 3, 71, 72, 130}), true);
    CHECK(change.expunged == std::vector<std::uint32_t>{4, 2});
    CHECK(text_of(change.vanished) == "2,70");
    CHECK(change.exists == 5u);
    CHECK(change.added == mail::uid_range{uid(72), uid(130)});
    CHECK(view.size() == 5);
    CHECK(view.sequence_of(uid(130)) == 5u);
    CHECK_FALSE(view.has_held_expunges());
}

TEST_CASE("mailbox view: holds expunges back until they may be told (RFC 9051 7.5.1)") {
    auto view = view_of({1, 2, 3});
    auto change = view.update(blocks_of({1, 3, 4}), false);
    CHECK(change.expunged.empty());
    CHECK(change.vanished.empty());
    CHECK(change.exists == 4u);
    CHECK(view.has_held_expunges());
    CHECK(view.sequence_of(uid(2)) == 2u);
    CHECK(view.sequence_of(uid(4)) == 4u);

    change = view.update(blocks_of({1, 3, 4}), false);
    CHECK(change.empty());
    CHECK(view.has_held_expunges());

    change = view.update(blocks_of({1, 3, 4}), true);
    CHECK(change.expunged == std::vector<std::uint32_t>{2});
    CHECK_FALSE(change.exists);
    CHECK_FALSE(view.has_held_expunges());
    CHECK(view.sequence_of(uid(4)) == 3u);
}

TEST_CASE("mailbox view: a message below those known never moves sequence numbers") {
    auto view = view_of({5, 100});
    const auto change = view.update(blocks_of({5, 7, 99, 100}), true);
    CHECK(change.empty());
    CHECK(view.size() == 2);
    CHECK(view.sequence_of(uid(100)) == 2u);
}

TEST_CASE("mailbox view: a client that follows random changes always has the same numbers") {
    std::mt19937 random(7);
    uids there;
    std::uint32_t next = 1;
    mailbox_view view;
    std::vector<std::uint32_t> client;
    for (int round = 0; round < 300; ++round) {
        for (auto id = there.begin(); id != there.end();)
            id = random() % 10 == 0 ? there.erase(id) : std::next(id);
        const auto fresh = random() % 20;
        for (unsigned i = 0; i < fresh; ++i) {
            next += 1 + static_cast<std::uint32_t>(random() % 40);
            there.insert(next);
        }
        const bool may_expunge = random() % 2 == 0;
        const auto before = client.size();
        const auto change = view.update(blocks_of(there), may_expunge);
        for (const auto sequence : change.expunged) {
            REQUIRE(sequence <= client.size());
            client.erase(client.begin() + (sequence - 1));
        }
        REQUIRE((may_expunge || client.size() == before));
        for (auto id = there.begin(); id != there.end(); ++id)
            if (client.empty() || *id > client.back()) client.push_back(*id);
        if (change.exists) REQUIRE(*change.exists == client.size());
        REQUIRE(view.size() == client.size());
        mailbox_view::cursor cursor(view);
        for (std::uint32_t at = 0; at < client.size(); ++at) {
            REQUIRE(view.uid_at(at + 1) == uid(client[at]));
            REQUIRE(view.sequence_of(uid(client[at])) == at + 1);
            REQUIRE(cursor.sequence_of(uid(client[at])) == at + 1);
        }
        if (may_expunge) REQUIRE(client == std::vector<std::uint32_t>(there.begin(), there.end()));
    }
}

TEST_CASE("mailbox view: a million messages take less than a megabyte") {
    auto ids = range(1, 1'000'000);
    auto view = view_of(ids);
    CHECK(view.size() == 1'000'000);
    CHECK(view.memory_octets() < 1'000'000);
    CHECK(view.uid_at(777'777) == uid(777'777));
    const auto change = view.update({}, true);
    CHECK(change.expunged.size() == 1'000'000);
    CHECK(change.expunged.front() == 1'000'000);
    CHECK(text_of(change.vanished) == "1:1000000");
}

TEST_CASE("mailbox view: sets with a range for each message are cut and counted one by one (B04)") {
    std::mt19937 random(7);
    const auto below = [&random](std::uint32_t end) {
        return static_cast<std::uint32_t>(random() % end);
    };
    uids there;
    for (std::uint32_t id = 1; id < 20'000; ++id)
        if (below(3) != 0 && (id < 5'000 || id > 9'000)) there.insert(id);
    const auto view = view_of(there);
    number_ranges asked;
    for (std::uint32_t id = 1; id < 21'000; id += 3 + below(below(40) == 0 ? 3'000 : 3))
        asked.push_back({id, id + below(3)});
    mail::uid_ranges wanted;
    std::uint32_t expected = 0;
    for (const auto& range : asked) {
        const auto first = there.lower_bound(range.first), end = there.upper_bound(range.last);
        if (first == end) continue;
        wanted.push_back({uid(*first), uid(*std::prev(end))});
        expected += static_cast<std::uint32_t>(std::distance(first, end));
    }
    const auto found = view.by_uid(asked);
    CHECK(text_of(found) == text_of(wanted));
    CHECK(view.count(found) == expected);
    mail::uid_ranges whole;
    for (const auto& range : asked)
        whole.push_back({uid(range.first), uid(range.last)});
    CHECK(view.count(whole) == expected);
}
