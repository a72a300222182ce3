// Who was last let in to each account: one row for each door, written behind.
#include "storage/lmdb/env.hpp"
#include "storage/sign_in_store.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

constexpr std::int64_t minute = 60;

struct sign_ins_fixture : store_fixture {
    static sign_in of(account_id account,
                      trace_door door,
                      const std::string& address,
                      const std::string& program = "") {
        sign_in seen;
        seen.account = account;
        seen.door = door;
        seen.address = seen.network = address;
        seen.program = program;
        seen.is_encrypted = true;
        return seen;
    }
    void note(trace_door door, const std::string& address, const std::string& program = "") {
        store->sign_ins.note(of(ann, door, address, program));
    }
    /// Something that has a commit.
    void change() { make_box("Box" + std::to_string(++boxes)); }
    std::vector<last_sign_in> find() { return get(store->sign_ins.find(ann)); }
    std::string program() { return find().at(0).seen.program; }
    std::size_t rows() {
        close();
        std::size_t count = 0;
        {
            lmdb::environment env(options.data_dir / "meta", options.map_octets);
            count = lmdb::read_txn(env).count(lmdb::table::sign_in);
        }
        reopen();
        return count;
    }
    int boxes = 0;
};

}  // namespace

TEST_CASE_FIXTURE(sign_ins_fixture, "sign-ins: each door has one row, with the last one by it") {
    note(trace_door::imap, "192.0.2.1", "Thunderbird 140");
    time.seconds += minute;
    note(trace_door::submission, "2001:db8::1", "client.test");
    CHECK(find().empty());  // not written yet
    change();
    auto all = find();
    REQUIRE(all.size() == 2);
    CHECK(all[0].seen.door == trace_door::submission);
    CHECK(all[0].seen.address == "2001:db8::1");
    CHECK(all[0].seen.program == "client.test");
    CHECK(all[0].seen.is_encrypted);
    CHECK(all[0].at - all[1].at == minute);
    CHECK(all[1].seen.program == "Thunderbird 140");
    time.seconds += 10 * minute;
    note(trace_door::imap, "192.0.2.2", "Mutt");
    reopen();  // what is noted before a stop is written
    all = find();
    REQUIRE(all.size() == 2);
    CHECK(all[0].seen.program == "Mutt");
    CHECK(all[0].seen.address == "192.0.2.2");
    CHECK(rows() == 2);
}

TEST_CASE_FIXTURE(sign_ins_fixture,
                  "sign-ins: the same again is written after five minutes, another one at once") {
    const auto begun = time.seconds.load();
    note(trace_door::imap, "192.0.2.1", "Mutt");
    change();
    time.seconds += 5 * minute - 1;
    note(trace_door::imap, "192.0.2.1", "Mutt");
    change();
    CHECK(find().at(0).at == begun);
    note(trace_door::imap, "192.0.2.1");
    note(trace_door::imap, "192.0.2.1", "Thunderbird");  // by ID after the login
    change();
    CHECK(program() == "Thunderbird");
    time.seconds += 1;
    note(trace_door::imap, "192.0.2.1", "Mutt");
    change();
    CHECK(program() == "Mutt");
    CHECK(find().at(0).at == begun + 5 * minute);
    time.seconds = begun - 1000;  // the clock was set back
    note(trace_door::imap, "192.0.2.1", "Mutt");
    change();
    CHECK(find().at(0).at == begun - 1000);
}

TEST_CASE_FIXTURE(sign_ins_fixture,
                  "sign-ins: the networks of late are known, the last one first") {
    for (int n = 0; n < 10; ++n)
        note(trace_door::imap, "192.0.2." + std::to_string(n));
    note(trace_door::imap, "192.0.2.5", "again");
    note(trace_door::pop3, "192.0.2.5");
    change();
    const auto all = find();
    for (const auto& one : all)
        if (one.seen.door == trace_door::imap) {
            REQUIRE(one.networks.size() == last_sign_in::max_networks);
            CHECK(one.networks[0].network == "192.0.2.5");
            CHECK(one.networks[1].network == "192.0.2.9");
        }
    const auto known = get(store->sign_ins.networks(100));
    CHECK(known.size() == 8);
    CHECK(known[0].first == ann);
    CHECK(get(store->sign_ins.networks(3)).size() == 3);
    time.seconds += 91 * 86'400;
    note(trace_door::imap, "198.51.100.1");
    change();
    CHECK(find().at(0).networks.size() == 1);
}

TEST_CASE_FIXTURE(sign_ins_fixture, "sign-ins: the latest of many accounts is found at once") {
    const auto ben = add_account("ben@example.test");
    const auto nobody = add_account("nobody@example.test");
    note(trace_door::imap, "192.0.2.1", "old");
    time.seconds += minute;
    note(trace_door::pop3, "192.0.2.1", "new");
    store->sign_ins.note(of(ben, trace_door::imap, "192.0.2.2", "of Ben"));
    change();
    const auto latest = get(store->sign_ins.latest({ann, ben, nobody}));
    CHECK(latest.size() == 2);
    CHECK(latest.at(ann).seen.program == "new");
    CHECK(latest.at(ben).seen.program == "of Ben");
}

TEST_CASE_FIXTURE(sign_ins_fixture, "sign-ins: they go with the account, also those on their way") {
    const auto gone = add_account("gone@example.test");
    store->sign_ins.note(of(gone, trace_door::imap, "192.0.2.1"));
    change();
    store->sign_ins.note(of(gone, trace_door::pop3, "192.0.2.1"));
    REQUIRE_FALSE(get(store->directory.remove_account(gone)));
    CHECK(get(store->sign_ins.find(gone)).empty());
    store->sign_ins.note(of(gone, trace_door::submission, "192.0.2.1"));
    change();
    CHECK(get(store->sign_ins.find(gone)).empty());
    CHECK(rows() == 0);
}

TEST_CASE_FIXTURE(sign_ins_fixture, "sign-ins: they stay with an account that gets another name") {
    note(trace_door::imap, "192.0.2.1", "Mutt");
    REQUIRE(get(store->directory.rename_account("a@example.test", "anna@example.test", true)));
    CHECK(program() == "Mutt");
}

TEST_CASE_FIXTURE(sign_ins_fixture, "sign-ins: texts that are too long are cut") {
    auto seen = of(ann, trace_door::imap, std::string(100, '1'), std::string(99, 'p') + "\xc3\xa4");
    store->sign_ins.note(seen);
    change();
    CHECK(program() == std::string(99, 'p'));
    CHECK(find().at(0).seen.address == std::string(64, '1'));
}

TEST_CASE_FIXTURE(sign_ins_fixture,
                  "sign-ins: check tells of one without an account, and of damage") {
    is_sound_at_end = false;
    note(trace_door::imap, "192.0.2.1");
    close();
    {
        lmdb::environment env(options.data_dir / "meta", options.map_octets);
        lmdb::write_txn tx(env);
        const std::string row(*tx.get(lmdb::table::sign_in, std::string("\0\0\0\x01\x03", 5)));
        tx.put(lmdb::table::sign_in, std::string("\0\0\0\x63\x03", 5), row);
        tx.put(lmdb::table::sign_in, std::string("\0\0\0\x01\x04", 5), "\x01");
        tx.commit();
    }
    reopen();
    CHECK(findings() ==
          std::vector<std::string>{"a row of the sign-ins is damaged",
                                   "there is a sign-in to account 99, which is gone"});
    note(trace_door::pop3, "192.0.2.2");  // one that is damaged is written anew, and stops nobody
    change();
    CHECK(findings() ==
          std::vector<std::string>{"there is a sign-in to account 99, which is gone"});
}
