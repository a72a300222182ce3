// What was done to the server: begun before it is done, so that nothing is done silently.
#include "storage/audit_store.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/write_context.hpp"
#include "store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

audit_entry entry(const std::string& command, const std::string& subject = "ann@example.test") {
    audit_entry made;
    made.who = audit_actor::owner;
    made.from = "192.0.2.1";
    made.command = command;
    made.subject = subject;
    return made;
}

audit_place begin(store_fixture& at, const audit_entry& what) {
    const auto place = at.get(at->audit.begin(what));
    REQUIRE(place.has_value());
    return *place;
}

audit_page list(store_fixture& at, audit_query wanted = {}) {
    auto page = at.get(at->audit.list(std::move(wanted)));
    REQUIRE(page.has_value());
    return std::move(*page);
}

std::vector<std::string> commands(const audit_page& page) {
    std::vector<std::string> names;
    for (const auto& one : page.entries)
        names.push_back(one.command);
    return names;
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("store audit: what was begun is there, and completed, and what was not done goes") {
    store_fixture at;
    auto first = entry("account set");
    first.place = begin(at, first);
    const auto second = begin(at, entry("account disable"));
    const auto third = begin(at, entry("account remove"));
    CHECK(second > first.place);
    first.end = audit_end::done;
    first.before = R"({"quota_octets":1})";
    first.after = R"({"quota_octets":2})";
    REQUIRE_FALSE(at.get(at->audit.complete(first)));
    REQUIRE_FALSE(at.get(at->audit.forget(third)));
    at.reopen();
    const auto page = list(at);
    REQUIRE(page.entries.size() == 2);
    CHECK_FALSE(page.next.has_value());
    CHECK(page.entries[0].command == "account disable");
    CHECK(page.entries[0].end == audit_end::unknown);
    const auto& told = page.entries[1];
    CHECK(told.place == first.place);
    CHECK(told.who == audit_actor::owner);
    CHECK(told.end == audit_end::done);
    CHECK(told.from == "192.0.2.1");
    CHECK(told.subject == "ann@example.test");
    CHECK(told.before == first.before);
    CHECK(told.after == first.after);
    // What has gone is not made anew by its end.
    auto gone = entry("account remove");
    gone.place = third;
    REQUIRE_FALSE(at.get(at->audit.complete(gone)));
    CHECK(list(at).entries.size() == 2);
    CHECK(at.findings().empty());
}

TEST_CASE("store audit: entries stand in the order of writing, whatever the clock does") {
    store_fixture at;
    begin(at, entry("one"));
    begin(at, entry("two"));
    at.time.seconds -= 1000;
    begin(at, entry("three"));
    at.time.seconds += 2000;
    begin(at, entry("four"));
    CHECK(commands(list(at)) == names{"four", "three", "two", "one"});
}

TEST_CASE("store audit: pages go on where the one before ended, and time, word and subject count") {
    store_fixture at;
    const auto begun_at = at.time.seconds.load();
    for (int n = 0; n < 10; ++n) {
        auto one = entry("command " + std::to_string(n), n % 2 == 0 ? "ann@example.test" : "Ben");
        if (n == 3) one.before = R"({"note":"About the PRINTER"})";
        begin(at, one);
        at.time.seconds += 60;
    }
    audit_query wanted;
    wanted.most = 4;
    auto page = list(at, wanted);
    CHECK(commands(page) == names{"command 9", "command 8", "command 7", "command 6"});
    names all = commands(page);
    while (page.next) {
        wanted.before = page.next;
        page = list(at, wanted);
        for (const auto& one : commands(page))
            all.push_back(one);
        REQUIRE(all.size() <= 10);
    }
    CHECK(all.size() == 10);
    CHECK(all.back() == "command 0");
    audit_query of_ben;
    of_ben.subject = "ben";
    CHECK(list(at, of_ben).entries.size() == 5);
    of_ben.subject = "be";
    CHECK(list(at, of_ben).entries.empty());
    audit_query word;
    word.word = "printer";
    CHECK(commands(list(at, word)) == names{"command 3"});
    audit_query time;
    time.since = begun_at + 60;
    time.until = begun_at + 180;
    CHECK(commands(list(at, time)) == names{"command 3", "command 2", "command 1"});
    time.until = begun_at + 179;
    CHECK(commands(list(at, time)) == names{"command 2", "command 1"});
    audit_query odd;
    odd.most = 0;
    odd.until = -5;
    CHECK(list(at, odd).entries.empty());
}

TEST_CASE("store audit: texts are cut, and half of a change is left out") {
    store_fixture at;
    auto long_one = entry(std::string(500, 'c'), std::string(500, 's'));
    long_one.from = long_one.reason = std::string(500, 'f');
    long_one.before = std::string(audit_entry::max_change_octets, 'b');
    long_one.after = std::string(audit_entry::max_change_octets + 1, 'a');
    begin(at, long_one);
    const auto told = list(at).entries.at(0);
    CHECK(told.command.size() == audit_entry::max_word_octets);
    CHECK(told.subject.size() == audit_entry::max_subject_octets);
    CHECK(told.from.size() == audit_entry::max_word_octets);
    CHECK(told.before.size() == audit_entry::max_change_octets);
    CHECK(told.after.empty());
}

TEST_CASE("store audit: entries go after their time, the oldest first") {
    store_fixture at;
    at.close();
    at.options.audit_age = std::chrono::hours(24 * 10);
    at.reopen();
    begin(at, entry("old"));
    at.time.seconds += 10 * 24 * 60 * 60;
    begin(at, entry("new"));
    at->keeper.tidy();
    CHECK(commands(list(at)) == names{"new", "old"});
    at.time.seconds += 1;
    at->keeper.tidy();
    CHECK(commands(list(at)) == names{"new"});
}

TEST_CASE("store audit: there are no more entries than may be, the oldest makes room") {
    store_fixture at;
    at.close();
    {
        // As many as there may be, of long ago.
        lmdb::environment env(at.options.data_dir / "meta", at.options.map_octets);
        lmdb::write_txn tx(env);
        std::string row("\x01\x01\x01", 3);
        for (int n = 0; n < 6; ++n)
            append_text(row, "");
        for (std::uint32_t n = 0; n < audit_store::max_entries; ++n) {
            std::string key;
            append_be(key, std::uint64_t{1});
            append_be(key, n);
            tx.append(lmdb::table::audit, key, row);
        }
        tx.commit();
    }
    at.reopen();
    begin(at, entry("new"));
    audit_query last;
    last.before = audit_place{1, 1};
    CHECK(list(at, last).entries.empty());
    last.before = audit_place{1, 2};
    CHECK(list(at, last).entries.size() == 1);
    CHECK(commands(list(at)).front() == "new");
    audit_query word;  // over all slices
    word.word = "new";
    CHECK(list(at, word).entries.size() == 1);
}

TEST_CASE("store audit: check tells of a damaged row") {
    store_fixture at;
    begin(at, entry("one"));
    at.close();
    {
        lmdb::environment env(at.options.data_dir / "meta", at.options.map_octets);
        lmdb::write_txn tx(env);
        tx.put(lmdb::table::audit, std::string(12, '\xff'), "\x01");
        tx.commit();
    }
    at.reopen();
    CHECK(at.findings() == names{"a row of the audit log is damaged"});
    at.is_sound_at_end = false;
}
