#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

store_fixture& with_messages(store_fixture& at, std::uint64_t count) {
    for (std::uint64_t n = 1; n <= count; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 50)).has_value());
    return at;
}

std::vector<std::string> words(std::size_t first, std::size_t count) {
    std::vector<std::string> all;
    for (std::size_t n = first; n < first + count; ++n)
        all.push_back("kw" + std::to_string(n));
    return all;
}

/// Names of the keywords of a message.
std::vector<std::string> keywords_of(store_fixture& at, mailbox_key box, std::uint32_t id) {
    const auto table = at.snapshot(box).keywords;
    const auto message = at.walk(box, only(id)).at(0);
    std::vector<std::string> names;
    for (unsigned n = 0; n < mail::flags::in_word; ++n)
        if ((message.flags >> (mail::flags::first_keyword + n) & 1) != 0)
            names.push_back(table.at(n));
    for (const auto n : message.extra)
        names.push_back(table.at(n));
    return names;
}

}  // namespace

TEST_CASE("store flags: add, remove and set change what they say and the counters") {
    store_fixture at;
    with_messages(at, 3);
    const auto box = at.inbox();
    auto done = at.change(box, only(1, 2), mail::change::add,
                          {mail::flags::seen | mail::flags::deleted, {}});
    REQUIRE(done.has_value());
    CHECK(done->now.size() == 2);
    CHECK(done->now[0].bits == (mail::flags::seen | mail::flags::deleted));
    CHECK(done->now[0].modseq == done->modseq);
    CHECK(at.snapshot(box).info.counters.unseen == 1);
    CHECK(at.snapshot(box).info.counters.deleted == 2);
    CHECK(at.snapshot(box).info.counters.highest_modseq == done->modseq);

    done = at.change(box, only(1), mail::change::remove,
                     {mail::flags::seen | mail::flags::flagged, {}});
    CHECK(done->now.at(0).bits == mail::flags::deleted);
    done = at.change(box, everything(), mail::change::set, {mail::flags::answered, {"a"}});
    CHECK(done->now.size() == 3);
    CHECK(done->keywords == std::vector<std::string>{"a"});
    for (const auto& message : at.walk(box))
        CHECK(message.flags == (mail::flags::answered | 1u << mail::flags::first_keyword));
    CHECK(at.snapshot(box).info.counters.unseen == 3);
    CHECK(at.snapshot(box).info.counters.deleted == 0);
}

TEST_CASE("store flags: what changes nothing takes no modseq") {
    store_fixture at;
    with_messages(at, 2);
    const auto before = at.snapshot(at.inbox()).info.counters.highest_modseq;
    const auto done =
        at.change(at.inbox(), everything(), mail::change::remove, {mail::flags::seen, {}});
    CHECK_FALSE(done->modseq);
    CHECK(done->now.size() == 2);
    CHECK(at.change(at.inbox(), only(50), mail::change::add, {mail::flags::seen, {"x"}})
              ->now.empty());
    CHECK(at.snapshot(at.inbox()).info.counters.highest_modseq == before);
    CHECK(at.snapshot(at.inbox()).keywords.empty());
    CHECK(at.change({at.ann, mailbox_id(99)}, everything(), mail::change::add, {}).error() ==
          errc::no_such_mailbox);
}

TEST_CASE("store flags: unchanged_since leaves newer messages alone and reports them (RFC 7162)") {
    store_fixture at;
    with_messages(at, 4);
    const auto known = at.snapshot(at.inbox()).info.counters.highest_modseq;
    REQUIRE(at.change(at.inbox(), only(2, 3), mail::change::add, {mail::flags::flagged, {}})
                .has_value());
    store_request request;
    request.mailbox = at.inbox();
    request.uids = everything();
    request.flags.system = mail::flags::seen;
    request.unchanged_since = known;
    const auto done = at.get(at->mailboxes.store_flags(request));
    REQUIRE(done.has_value());
    CHECK(numbers(done->modified) == std::vector<std::uint32_t>{2, 3});
    CHECK(done->now.size() == 2);
    CHECK((at.walk(at.inbox(), only(2)).at(0).flags & mail::flags::seen) == 0);
    CHECK((at.walk(at.inbox(), only(1)).at(0).flags & mail::flags::seen) != 0);
}

TEST_CASE("store flags: a silent store returns only what somebody else had changed") {
    store_fixture at;
    with_messages(at, 3);
    store_request request;
    request.mailbox = at.inbox();
    request.uids = everything();
    request.flags.system = mail::flags::seen;
    request.return_all = false;
    request.known = at.snapshot(at.inbox()).info.counters.highest_modseq;
    REQUIRE(
        at.change(at.inbox(), only(2), mail::change::add, {mail::flags::flagged, {}}).has_value());
    const auto done = at.get(at->mailboxes.store_flags(request));
    REQUIRE(done->now.size() == 1);
    CHECK(done->now[0].uid == uid(2));
    CHECK(done->now[0].bits == (mail::flags::seen | mail::flags::flagged));
}

TEST_CASE("store flags: keywords are compared without case and keep the case of their first use") {
    store_fixture at;
    with_messages(at, 1);
    REQUIRE(
        at.change(at.inbox(), only(1), mail::change::add, {0, {"NonJunk", "nonjunk"}}).has_value());
    REQUIRE(at.change(at.inbox(), only(1), mail::change::add, {0, {"NONJUNK"}}).has_value());
    CHECK(at.snapshot(at.inbox()).keywords == std::vector<std::string>{"NonJunk"});
    REQUIRE(at.change(at.inbox(), only(1), mail::change::remove, {0, {"nonJUNK", "never"}})
                .has_value());
    CHECK(at.walk(at.inbox()).at(0).flags == 0);
    CHECK(at.snapshot(at.inbox()).keywords.size() == 1);
}

TEST_CASE("B15 store flags: 256 keywords a mailbox, one past is refused with nothing changed") {
    store_fixture at;
    with_messages(at, 2);
    const auto box = at.inbox();
    REQUIRE(at.change(box, only(1), mail::change::set, {0, words(0, 24)}).has_value());
    REQUIRE(at.change(box, only(1), mail::change::add, {0, words(24, 231)}).has_value());
    CHECK(keywords_of(at, box, 1) == words(0, 255));
    CHECK(at.change(box, only(2), mail::change::add, {0, {"x", "y"}}).error() ==
          errc::too_many_keywords);
    CHECK(at.snapshot(box).keywords.size() == 255);
    REQUIRE(at.change(box, only(2), mail::change::add, {0, {"kw255", "kw3"}}).has_value());
    CHECK(keywords_of(at, box, 2) == std::vector<std::string>{"kw3", "kw255"});
    CHECK(at.change(box, only(2), mail::change::add, {0, {"kw256"}}).error() ==
          errc::too_many_keywords);
    CHECK(at.append(box, "x", {0, {"kw256"}}).error() == errc::too_many_keywords);
    REQUIRE(at.append(box, "x", {0, {"kw0", "kw200"}}).has_value());
    CHECK(keywords_of(at, box, 3) == std::vector<std::string>{"kw0", "kw200"});

    REQUIRE(at.change(box, only(1), mail::change::remove, {0, words(0, 250)}).has_value());
    CHECK(keywords_of(at, box, 1) == words(250, 5));
    REQUIRE(at.change(box, only(1), mail::change::set, {mail::flags::seen, {"kw1"}}).has_value());
    CHECK(keywords_of(at, box, 1) == std::vector<std::string>{"kw1"});
    CHECK(at.walk(box, only(1)).at(0).extra.empty());
    at.reopen();
    CHECK(keywords_of(at, box, 3) == std::vector<std::string>{"kw0", "kw200"});
}

TEST_CASE("store flags: one command on thousands of messages takes one modseq") {
    store_fixture at;
    with_messages(at, 1500);
    const auto done =
        at.change(at.inbox(), everything(), mail::change::add, {mail::flags::seen, {}});
    REQUIRE(done->now.size() == 1500);
    for (const auto& message : done->now)
        REQUIRE(message.modseq == done->modseq);
    CHECK(at.snapshot(at.inbox()).info.counters.unseen == 0);
}
