#include "protocols/imap/view/resync.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>

using namespace hauspost;
using namespace hauspost::imap;

namespace {

using uids = std::set<std::uint32_t>;

mailbox_view view_of(const uids& ids) {
    std::vector<mail::uid_block> blocks;
    for (const auto id : ids) {
        if (blocks.empty() || blocks.back().number != id / 64) blocks.push_back({id / 64, 0});
        blocks.back().present |= std::uint64_t{1} << (id % 64);
    }
    mailbox_view view;
    view.reset(blocks);
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

mail::uid_ranges ranges_of(std::string_view set) {
    mail::uid_ranges ranges;
    const auto parsed = parse_sequence_set(set);
    for (const auto& range : parsed->resolve(0))
        ranges.push_back({uid(range.first), uid(range.last)});
    return ranges;
}

uid match(const mailbox_view& view, std::string_view sequences, std::string_view ids) {
    return last_match(view, *parse_sequence_set(sequences), *parse_sequence_set(ids));
}

}  // namespace

TEST_CASE("resync: what two sets have in common") {
    const auto both = [](std::string_view a, std::string_view b) {
        return text_of(common(ranges_of(a), parse_sequence_set(b)->resolve(0)));
    };
    CHECK(both("1:10", "3,5:7,9:20") == "3,5:7,9:10");
    CHECK(both("1:2,4:5", "3") == "");
    CHECK(both("1:4294967295", "4294967295") == "4294967295");
    CHECK(both("5", "1:4294967295") == "5");
    CHECK(common({}, {{1, 9}}).empty());
    CHECK(common(ranges_of("1:9"), {}).empty());
}

TEST_CASE("mailbox view: tells which UIDs of a set are not there") {
    const auto view = view_of({1, 2, 63, 64, 127, 128, 300, 4294967295});
    const auto without = [&view](std::string_view set) {
        return text_of(view.without(ranges_of(set)));
    };
    CHECK(without("1:2") == "");
    CHECK(without("1:3") == "3");
    CHECK(without("3:62") == "3:62");
    CHECK(without("62:65") == "62,65");
    CHECK(without("1:300") == "3:62,65:126,129:299");
    CHECK(without("200:250,260:299,301") == "200:250,260:299,301");
    CHECK(without("299:301,302") == "299,301:302");
    CHECK(without("4294967294:4294967295") == "4294967294");
    CHECK(without("1:4294967295") == "3:62,65:126,129:299,301:4294967294");
    CHECK(text_of(mailbox_view().without(ranges_of("1:4294967295"))) == "1:4294967295");
}

TEST_CASE("mailbox view: absent UIDs agree with counting one by one") {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        uids there;
        for (unsigned n = 0; n < random() % 200; ++n)
            there.insert(1 + static_cast<std::uint32_t>(random() % 400));
        const auto view = view_of(there);
        mail::uid_ranges asked;
        uids expected, got;
        std::uint32_t next = 1;
        while (next < 420) {
            const auto first = next + static_cast<std::uint32_t>(random() % 30);
            const auto last = first + static_cast<std::uint32_t>(random() % 90);
            asked.push_back({uid(first), uid(last)});
            for (auto id = first; id <= last; ++id)
                if (!there.contains(id)) expected.insert(id);
            next = last + 1;
        }
        for (const auto& range : view.without(asked))
            for (auto id = range.first.value(); id <= range.last.value(); ++id)
                CHECK(got.insert(id).second);
        REQUIRE(got == expected);
    }
}

TEST_CASE("mailbox view: UIDs become sequence numbers, neighbours joined") {
    const auto view = view_of({5, 6, 9, 10, 70, 71});
    const auto numbers = [&view](std::string_view set) { return view.sequences(ranges_of(set)); };
    CHECK(numbers("5:6,9:10") == number_ranges{{1, 4}});
    CHECK(numbers("5,9:10,71") == number_ranges{{1, 1}, {3, 4}, {6, 6}});
    CHECK(numbers("1").empty());
}

TEST_CASE("resync: a client's sample tells up to where nothing went") {
    const auto view = view_of({10, 20, 30, 40, 41, 42, 43, 90});
    CHECK(match(view, "1,3,8", "10,30,90") == uid(90));
    CHECK(match(view, "1,3,9", "10,30,90") == uid(30));  // one between 30 and 90 went
    CHECK(match(view, "2,3", "10,20") == uid(0));        // the first went
    CHECK(match(view, "4:7", "40:43") == uid(43));
    CHECK(match(view, "4:9", "40:45") == uid(43));          // 44 and 45 went
    CHECK(match(view, "1:3,5", "10,20,30,41") == uid(41));  // cut differently, the same pairs
    CHECK(match(view, "1:4294967295", "10:4294967295") == uid(10));
    CHECK(match(view, "1", "10,20") == uid(10));
    CHECK(match(mailbox_view(), "1", "1") == uid(0));
}
