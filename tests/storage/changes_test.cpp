#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

using list = std::vector<std::uint32_t>;

void fill(store_fixture& at, mailbox_key box, std::uint64_t count, mail::flag_names flags = {}) {
    for (std::uint64_t n = 1; n <= count; ++n)
        REQUIRE(at.append(box, body_text(n, 60), flags).has_value());
}

modseq highest(store_fixture& at, mailbox_key box) {
    return at.snapshot(box).info.counters.highest_modseq;
}

list changed_uids(store_fixture& at, mailbox_key box, modseq since) {
    list all;
    const auto now = at.get(at->mailboxes.changes(box, since));
    REQUIRE(now.has_value());
    for (const auto& message : now->changed) {
        CHECK(message.modseq > since);
        all.push_back(message.uid.value());
    }
    return all;
}

list vanished(store_fixture& at, mailbox_key box, modseq since) {
    const auto found = at.get(at->mailboxes.vanished(box, since));
    CHECK(found->is_complete);
    return numbers(found->ranges);
}

list values(const std::vector<uid>& uids) {
    list all;
    for (const auto id : uids)
        all.push_back(id.value());
    return all;
}

list span_of(std::uint32_t first, std::uint32_t last) {
    list all;
    for (auto n = first; n <= last; ++n)
        all.push_back(n);
    return all;
}

}  // namespace

TEST_CASE("store changes: shows exactly what changed after a modseq") {
    store_fixture at;
    const auto box = at.inbox();
    fill(at, box, 130);
    const auto since = highest(at, box);
    CHECK(changed_uids(at, box, since).empty());
    REQUIRE(at.change(box, {{uid(5), uid(5)}, {uid(100), uid(101)}}, mail::change::add,
                      {mail::flags::seen, {"k"}})
                .has_value());
    const auto middle = highest(at, box);
    fill(at, box, 1);
    CHECK(changed_uids(at, box, since) == list{5, 100, 101, 131});
    CHECK(changed_uids(at, box, middle) == list{131});
    CHECK(changed_uids(at, box, modseq(0)).size() == 131);
    const auto now = at.get(at->mailboxes.changes(box, since));
    CHECK(now->counters.messages == 131);
    CHECK(now->keywords == std::vector<std::string>{"k"});
    CHECK(numbers(now->uids) == span_of(1, 131));
    CHECK(at.get(at->mailboxes.changes({at.ann, mailbox_id(99)}, since)).error() ==
          errc::no_such_mailbox);
}

TEST_CASE("store changes: the modseq of an account only grows, over all its mailboxes") {
    store_fixture at;
    modseq last;
    const auto box = at.make_box("x");
    for (int n = 0; n < 5; ++n) {
        for (const auto where : {box, at.inbox()}) {
            const auto done = at.append(where, "text");
            CHECK(done->modseq > last);
            last = done->modseq;
        }
        const auto stored =
            at.change(box, everything(), mail::change::add, {0, {"k" + std::to_string(n)}});
        CHECK(stored->modseq > last);
        last = stored->modseq;
    }
}

TEST_CASE("store expunge: takes only messages with \\Deleted of the given UIDs") {
    store_fixture at;
    const auto box = at.inbox();
    fill(at, box, 10);
    REQUIRE(at.change(box, only(3, 8), mail::change::add, {mail::flags::deleted, {}}).has_value());
    const auto since = highest(at, box);
    CHECK(numbers(*at.get(at->mailboxes.expunge(box, {{uid(1), uid(4)}, {uid(6), uid(6)}}))) ==
          list{3, 4, 6});
    CHECK(numbers(at.snapshot(box).uids) == list{1, 2, 5, 7, 8, 9, 10});
    CHECK(at.snapshot(box).info.counters.deleted == 3);
    CHECK(vanished(at, box, since) == list{3, 4, 6});
    CHECK(numbers(*at.get(at->mailboxes.expunge(box, everything()))) == list{5, 7, 8});
    CHECK(vanished(at, box, since) == span_of(3, 8));
    CHECK(vanished(at, box, highest(at, box)).empty());
    CHECK(at.get(at->mailboxes.expunge(box, everything()))->empty());
    CHECK(at.append(box, "new")->uid == uid(11));
    CHECK(at.get(at->mailboxes.expunge({at.ann, mailbox_id(99)}, everything())).error() ==
          errc::no_such_mailbox);
}

TEST_CASE("store expunge: thousands go in slices and are reported as one") {
    store_fixture at;
    const auto box = at.inbox();
    fill(at, box, 2500, {mail::flags::deleted, {}});
    const auto since = highest(at, box);
    REQUIRE(
        at.change(box, only(1200), mail::change::remove, {mail::flags::deleted, {}}).has_value());
    const auto gone = at.get(at->mailboxes.expunge(box, everything()));
    REQUIRE(gone.has_value());
    CHECK(*gone == mail::uid_ranges{{uid(1), uid(1199)}, {uid(1201), uid(2500)}});
    CHECK(numbers(at.snapshot(box).uids) == list{1200});
    CHECK(vanished(at, box, since).size() == 2499);
}

TEST_CASE("store remove_messages: takes all that are named, whatever their flags") {
    store_fixture at;
    const auto box = at.inbox();
    fill(at, box, 10);
    REQUIRE(at.change(box, only(3, 4), mail::change::add, {mail::flags::deleted, {}}).has_value());
    const auto since = highest(at, box);
    const mail::uid_ranges some{{uid(2), uid(3)}, {uid(8), uid(8)}, {uid(20), uid(30)}};
    CHECK(numbers(*at.get(at->mailboxes.remove_messages(box, some))) == list{2, 3, 8});
    CHECK(numbers(at.snapshot(box).uids) == list{1, 4, 5, 6, 7, 9, 10});
    CHECK(at.snapshot(box).info.counters.deleted == 1);
    CHECK(vanished(at, box, since) == list{2, 3, 8});
    CHECK(at.get(at->mailboxes.remove_messages(box, some))->empty());
    CHECK(at.get(at->mailboxes.remove_messages({at.ann, mailbox_id(99)}, everything())).error() ==
          errc::no_such_mailbox);
}

TEST_CASE("C01 store remove_messages: up to a thousand go in one commit, thousands in slices") {
    store_fixture at;
    const auto box = at.inbox();
    fill(at, box, 3500);
    const auto before = highest(at, box);
    CHECK(numbers(*at.get(at->mailboxes.remove_messages(box, only(1, 1000)))).size() == 1000);
    CHECK(highest(at, box).value() == before.value() + 1);
    CHECK(numbers(*at.get(at->mailboxes.remove_messages(box, everything()))).size() == 2500);
    CHECK(highest(at, box).value() == before.value() + 4);
    CHECK(at.snapshot(box).uids.empty());
}

TEST_CASE("store vanished: more gaps than fit in one row") {
    store_fixture at;
    const auto box = at.inbox();
    fill(at, box, 600);
    const auto since = highest(at, box);
    mail::uid_ranges odd;
    for (std::uint32_t n = 1; n <= 600; n += 2)
        odd.push_back({uid(n), uid(n)});
    REQUIRE(at.change(box, odd, mail::change::add, {mail::flags::deleted, {}}).has_value());
    CHECK(*at.get(at->mailboxes.expunge(box, everything())) == odd);
    CHECK(at.get(at->mailboxes.vanished(box, since))->ranges == odd);
}

TEST_CASE("store copy: the copies share the blob and keep flags, dates and octets") {
    store_fixture at;
    const auto from = at.make_box("from"), to = at.make_box("to");
    REQUIRE(at.append(from, "one", {mail::flags::seen, {"a", "b"}}, "P: 1\r\n").has_value());
    REQUIRE(at.append(from, "two", {mail::flags::deleted, {}}).has_value());
    REQUIRE(at.append(to, "there", {0, {"z", "B"}}).has_value());
    at.time.seconds += 10;
    const auto done = at.get(at->mailboxes.copy(from, {{uid(1), uid(9)}}, to.mailbox, false));
    REQUIRE(done.has_value());
    CHECK(values(done->from) == list{1, 2});
    CHECK(values(done->to) == list{2, 3});
    CHECK(done->uid_validity == at.snapshot(to).info.counters.uid_validity);
    CHECK(at.snapshot(to).keywords == std::vector<std::string>{"z", "B", "a"});
    const auto copies = at.walk(to, only(2, 3));
    CHECK(copies[0].flags == (mail::flags::seen | 1u << (mail::flags::first_keyword + 1) |
                              1u << (mail::flags::first_keyword + 2)));
    CHECK(copies[0].internal_date == mail::date_time{1'600'000'000, 60});
    CHECK(copies[0].save_date == at.time.seconds);
    CHECK(copies[1].flags == mail::flags::deleted);
    CHECK(at.text_of(to, 2) == "P: 1\r\none");
    CHECK(at->keeper.check().blobs == 3);
    CHECK(at.snapshot(to).info.counters.deleted == 1);
    CHECK(at.usage(at.ann).messages == 5);

    CHECK(at.get(at->mailboxes.copy(from, only(7), to.mailbox, false))->to.empty());
    CHECK(at.get(at->mailboxes.copy(from, everything(), mailbox_id(99), false)).error() ==
          errc::no_such_mailbox);
    CHECK(at.get(at->mailboxes.copy({at.ann, mailbox_id(99)}, everything(), to.mailbox, false))
              .error() == errc::no_such_mailbox);
}

TEST_CASE("store copy: into the same mailbox, and moved there") {
    store_fixture at;
    const auto box = at.inbox();
    REQUIRE(at.append(box, "one", {0, {"a"}}).has_value());
    REQUIRE(at.append(box, "two").has_value());
    CHECK(values(at.get(at->mailboxes.copy(box, everything(), box.mailbox, false))->to) ==
          list{3, 4});
    CHECK(at.text_of(box, 3) == "one");
    const auto since = highest(at, box);
    CHECK(values(at.get(at->mailboxes.copy(box, only(1, 2), box.mailbox, true))->to) == list{5, 6});
    CHECK(numbers(at.snapshot(box).uids) == list{3, 4, 5, 6});
    CHECK(vanished(at, box, since) == list{1, 2});
    CHECK(at.walk(box, only(5)).at(0).flags == 1u << mail::flags::first_keyword);
    CHECK(at.usage(at.ann).messages == 4);
}

TEST_CASE("store move: messages leave the source at once and are not kept there") {
    store_fixture at;
    const auto from = at.make_box("from"), to = at.make_box("to");
    std::vector<std::string> words;
    for (int n = 0; n < 30; ++n)
        words.push_back("k" + std::to_string(n));
    REQUIRE(at.append(from, "one", {mail::flags::flagged, words}).has_value());
    REQUIRE(at.append(to, "x", {0, {"k29", "other"}}).has_value());
    const auto since = highest(at, from);
    const auto done = at.get(at->mailboxes.copy(from, everything(), to.mailbox, true));
    REQUIRE(done.has_value());
    CHECK(done->modseq > since);
    CHECK(at.snapshot(from).info.counters.messages == 0);
    CHECK(vanished(at, from, since) == list{1});
    const auto moved = at.walk(to, only(2)).at(0);
    CHECK(moved.extra.size() == 31 - mail::flags::in_word);
    CHECK((moved.flags & mail::flags::flagged) != 0);
    CHECK((moved.flags >> mail::flags::first_keyword & 3) ==
          1);  // k29 is number 0 here, "other" is off
    CHECK(at.text_of(to, 2) == "one");
    CHECK(at->keeper.check().blobs == 2);
}

TEST_CASE("B15 store copy: too many keywords refuses with the target as it was") {
    store_fixture at;
    const auto from = at.make_box("from"), to = at.make_box("to");
    std::vector<std::string> full;
    for (int n = 0; n < 255; ++n)
        full.push_back("t" + std::to_string(n));
    REQUIRE(at.append(to, "x", {0, full}).has_value());
    REQUIRE(at.append(from, "one", {0, {"new1"}}).has_value());
    REQUIRE(at.append(from, "two", {0, {"new2"}}).has_value());
    for (const bool move : {false, true})
        CHECK(at.get(at->mailboxes.copy(from, everything(), to.mailbox, move)).error() ==
              errc::too_many_keywords);
    CHECK(at.snapshot(to).keywords == full);
    CHECK(at.snapshot(from).info.counters.messages == 2);
    CHECK(at.get(at->mailboxes.copy(from, only(1), to.mailbox, false)).has_value());
}
