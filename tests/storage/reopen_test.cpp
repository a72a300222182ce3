#include "storage/lmdb/env.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

std::string fault_at_open(const lmdb::store_options& options) {
    try {
        (void)lmdb::open_store(options);
        return "";
    } catch (const fault& error) {
        return error.what();
    }
}

/// Changes tables behind the store's back; the store must be closed.
template <class Work>
void edit_tables(const store_fixture& at, Work work) {
    environment env(at.options.data_dir / "meta", at.options.map_octets);
    write_txn tx(env);
    work(tx);
    tx.commit();
}

bool says(const std::vector<std::string>& findings, const std::string& text) {
    for (const auto& finding : findings)
        if (finding.find(text) != std::string::npos) return true;
    for (const auto& finding : findings)
        MESSAGE(finding);
    return false;
}

std::filesystem::path segment(const store_fixture& at) {
    return at.options.data_dir / "blobs" / "seg-00000001";
}

}  // namespace

TEST_CASE("store reopen: everything is there and numbers go on") {
    store_fixture at;
    const auto box = at.make_box("a/b");
    REQUIRE(at.append(box, body_text(1, 500), {mail::flags::seen, {"kw"}}).has_value());
    REQUIRE(at.append(box, body_text(2, 90'000)).has_value());
    REQUIRE(at.append(box, "gone", {mail::flags::deleted, {}}).has_value());
    REQUIRE(at.get(at->mailboxes.expunge(box, everything())).has_value());
    const auto before = at.snapshot(box);
    const auto blob = at.walk(box, only(2)).at(0).blob;
    at.reopen();
    const auto after = at.snapshot(box);
    CHECK(after.uids == before.uids);
    CHECK(after.keywords == before.keywords);
    CHECK(after.info.counters.uid_next == uid(4));
    CHECK(after.info.counters.highest_modseq == before.info.counters.highest_modseq);
    CHECK(at.text_of(box, 1) == body_text(1, 500));
    CHECK(at.text_of(box, 2) == body_text(2, 90'000));
    CHECK(at.append(box, "next")->uid == uid(4));
    CHECK(at.walk(box, only(4)).at(0).blob > blob);
}

TEST_CASE("store reopen: blob ids go on above those that were staged and never committed") {
    store_fixture at;
    for (int n = 0; n < 5000; ++n)  // more than the ids that are reserved at a time
        (void)at.staged("x");
    REQUIRE(at.append(at.inbox(), "one").has_value());
    const auto one = at.walk(at.inbox(), only(1)).at(0).blob;
    at.reopen();
    REQUIRE(at.append(at.inbox(), "two").has_value());
    CHECK(at.walk(at.inbox(), only(2)).at(0).blob > one);
    CHECK(at.text_of(at.inbox(), 1) == "one");
}

TEST_CASE("C02 store reopen: put back from a copy, it gives no blob id a second time") {
    store_fixture at;
    const auto stored = [&at](const std::string& body) {
        const auto id = at.append(at.inbox(), body)->uid;
        return at.walk(at.inbox(), only(id.value())).at(0).blob;
    };
    const auto before = stored("in the copy");
    at.close();
    const auto copy = at.dir / "copy";
    std::filesystem::copy(at.options.data_dir, copy, std::filesystem::copy_options::recursive);
    at.reopen();
    std::set<blob_id> lost;
    for (int n = 0; n < 10; ++n)
        lost.insert(stored("after the copy"));
    at.close();
    std::filesystem::remove_all(at.options.data_dir);
    std::filesystem::rename(copy, at.options.data_dir);
    SUBCASE("in the same second") {
        at.time.milliseconds = 100;
    }
    SUBCASE("later") {
        ++at.time.seconds;
    }
    at.reopen();
    CHECK(at.walk(at.inbox()).at(0).blob == before);
    for (int n = 0; n < 10; ++n) {
        const auto fresh = stored("after the restore");
        CHECK(fresh > *lost.rbegin());
        CHECK(fresh.value() >= static_cast<std::uint64_t>(at.time.seconds) << 16);
    }
}

TEST_CASE("C02 store reopen: a clock that goes back lowers no blob id") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "one").has_value());
    const auto one = at.walk(at.inbox(), only(1)).at(0).blob;
    SUBCASE("to last year") {
        at.time.seconds -= 365 * 86'400;
    }
    SUBCASE("to before 1970") {
        at.time.seconds = -1;
    }
    at.reopen();
    REQUIRE(at.append(at.inbox(), "two").has_value());
    CHECK(at.walk(at.inbox(), only(2)).at(0).blob > one);
}

TEST_CASE("store open: a second opening is refused, in this process and in another one (I07)") {
    store_fixture at;
    CHECK(fault_at_open(at.options).find("another process") != std::string::npos);
    const auto child = fork();
    if (child == 0) _exit(fault_at_open(at.options).empty() ? 0 : 7);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 7);
    at.close();
    CHECK(fault_at_open(at.options).empty());
}

TEST_CASE("store open: a store of a newer version is refused with words for the operator (I11)") {
    store_fixture at;
    at.close();
    edit_tables(at, [](write_txn& tx) { set_meta_number(tx, "schema", schema::version + 1); });
    CHECK(fault_at_open(at.options).find("newer Hauspost") != std::string::npos);
    edit_tables(at, [](write_txn& tx) { set_meta_number(tx, "schema", schema::version); });
    CHECK(fault_at_open(at.options).empty());
}

TEST_CASE("store open: a store of version 1 is taken over (I11)") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "text").has_value());
    at.close();
    edit_tables(at, [](write_txn& tx) { set_meta_number(tx, "schema", 1); });
    at.reopen();
    CHECK(at.walk(at.inbox()).size() == 1);
    const auto bob = at.add_account("b@example.test");
    const auto box = at.inbox();
    REQUIRE(!at.get(at->sharing.change_rights(box, "b@example.test", mail::change::set, 1)));
    CHECK(at.get(at->sharing.list_shared(bob)).value().size() == 1);
}

TEST_CASE("store check: annotations and rights that belong to nothing are told") {
    store_fixture at;
    at.is_sound_at_end = false;
    at.close();
    edit_tables(at, [](write_txn& tx) {
        const mailbox_key gone{account_id(1), mailbox_id(77)};
        tx.put(table::annotation, schema::annotation_key(gone, "/shared/comment", 0), "8 octets");
        const mailbox_key inbox{account_id(1), mailbox_id(1)};
        tx.put(table::annotation, schema::annotation_key(inbox, "/shared/comment", 1), "x");
        tx.put(table::rights, schema::rights_key(inbox, account_id(88)), std::string(4, '\1'));
        tx.put(table::granted, schema::granted_key(account_id(88), "", gone), "");
    });
    at.reopen();
    const auto findings = at.findings();
    CHECK(says(findings, "an annotation of mailbox 1/77 belongs to nothing"));
    CHECK(says(findings, "an annotation of mailbox 1/1 has a part without those before it"));
    CHECK(says(findings, "the rights of account 88 to mailbox 1/1 are nobody's"));
    CHECK(says(findings, "the rights of account 88 to mailbox 1/1 are not in the index"));
    CHECK(says(findings, "are not possible"));
}

TEST_CASE("store open: what a crash left behind is cleared away") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "text").has_value());
    at.close();
    const auto blobs = at.options.data_dir / "blobs";
    const auto size = std::filesystem::file_size(segment(at));
    std::ofstream(segment(at), std::ios::app) << "written, never committed";
    std::ofstream(blobs / "seg-00000002") << "begun, never committed";
    std::ofstream(blobs / "big" / "00000000000000ff") << "named, never committed";
    at.reopen();
    CHECK(std::filesystem::file_size(segment(at)) == size);
    CHECK_FALSE(std::filesystem::exists(blobs / "seg-00000002"));
    CHECK_FALSE(std::filesystem::exists(blobs / "big" / "00000000000000ff"));
    CHECK(at.text_of(at.inbox(), 1) == "text");
}

TEST_CASE("store open: a missing or shortened message file is refused, not guessed (I07)") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), body_text(1, 1000)).has_value());
    at.close();
    std::filesystem::resize_file(segment(at), 500);
    CHECK(fault_at_open(at.options).find("too short") != std::string::npos);
    std::filesystem::remove(segment(at));
    CHECK(fault_at_open(at.options).find("missing") != std::string::npos);
}

TEST_CASE("store check: a flipped octet is found and the message named (I08)") {
    store_fixture at;
    at.is_sound_at_end = false;
    CHECK_FALSE(at.deliver(body_text(1, 1000), {{at.ann, ""}}));
    REQUIRE(at.append(at.make_box("x"), body_text(2, 1000)).has_value());
    {
        std::fstream file(segment(at), std::ios::in | std::ios::out);
        file.seekp(32 + 1000 + 8 + 32 + 500);  // in the second record's body
        file.put('!');
    }
    const auto findings = at.findings();
    CHECK(findings.size() == 2);
    CHECK(says(findings, "checksum differs"));
    CHECK(says(findings, "message 1/7/1 of a@example.test in \"x\""));
    CHECK(at.text_of(at.inbox(), 1) == body_text(1, 1000));  // the rest works
}

TEST_CASE("store check: each row that is missing is found (I08)") {
    store_fixture at;
    at.is_sound_at_end = false;
    queue_item waiting;
    waiting.recipients = {{"x@else.test", "", "", 0, 7}};
    CHECK_FALSE(at.deliver(body_text(1, 1000), {{at.ann, ""}}, {waiting}));
    const queue_track else_test{queue_lane::people, "else.test"};
    const auto blob = at.walk(at.inbox()).at(0).blob;
    at.close();
    std::string finding;
    auto remove_row = [](table which, std::string_view key) {
        return [which, key = std::string(key)](write_txn& tx) { REQUIRE(tx.remove(which, key)); };
    };
    const auto box = at.inbox();
    std::string domain_key = "a@example.test";
    SUBCASE("message") {
        edit_tables(at, remove_row(table::message, schema::message_key(box, uid(1))));
        finding = "message 1/1/1 has flags and no row";
    }
    SUBCASE("flags") {
        edit_tables(at, remove_row(table::flags, schema::flag_block_key(box, 0)));
        finding = "message 1/1/1 has no flags";
    }
    SUBCASE("blob") {
        edit_tables(at, remove_row(table::blob, schema::blob_key(blob)));
        finding =
            "message 1/1/1 refers to blob " + std::to_string(blob.value()) + " that is missing";
    }
    SUBCASE("counters") {
        edit_tables(at, remove_row(table::counters, schema::mailbox_row_key(box)));
        finding = "mailbox 1/1 has no counters";
    }
    SUBCASE("mailbox") {
        edit_tables(at, remove_row(table::mailbox, schema::mailbox_row_key(box)));
        finding = "the name \"INBOX\" of account 1 refers to no mailbox";
    }
    SUBCASE("mailbox name") {
        edit_tables(at, remove_row(table::mailbox_name, schema::name_key(at.ann, "INBOX")));
        finding = "\"INBOX\" is not found by its name";
    }
    SUBCASE("due") {
        edit_tables(at,
                    remove_row(table::due, queue_rows::due_key(else_test, 7, {queue_id(1), 0})));
        finding = "recipient 0 of queue item 1 has no due row";
    }
    SUBCASE("track") {
        edit_tables(at, remove_row(table::track, queue_rows::track_key(else_test)));
        finding = "mail to \"else.test\" is not found when it is due";
    }
    SUBCASE("address") {
        edit_tables(at, remove_row(table::address, domain_key));
        finding = "account 1 \"a@example.test\" is not found by its address";
    }
    SUBCASE("account") {
        edit_tables(at, remove_row(table::account, schema::account_key(at.ann)));
        finding = "the address \"a@example.test\" refers to no account";
    }
    at.reopen();
    CHECK(says(at.findings(), finding));
}

TEST_CASE("store check: a wrong count of references is found (I08)") {
    store_fixture at;
    at.is_sound_at_end = false;
    REQUIRE(at.append(at.inbox(), "text").has_value());
    const auto blob = at.walk(at.inbox()).at(0).blob;
    at.close();
    edit_tables(at, [&](write_txn& tx) {
        auto row = schema::decode_blob(*tx.get(table::blob, schema::blob_key(blob)));
        row.references = 2;
        tx.put(table::blob, schema::blob_key(blob), schema::encode(row));
    });
    at.reopen();
    CHECK(says(at.findings(), "counts 2 references, there are 1"));
}

TEST_CASE("store: a full map refuses new mail as disk_full, deletes go on and make room (I07)") {
    store_fixture at;
    at.close();
    std::filesystem::remove_all(at.options.data_dir);
    at.options.map_octets = 32u << 20;
    at.options.retention = std::chrono::seconds(0);
    at.reopen();
    domain own;
    own.name = "example.test";
    REQUIRE_FALSE(at.get(at->directory.add_domain(own)));
    at.ann = at.add_account("a@example.test");
    const auto fill = [&] {
        const auto summary = body_text(1, 15'000);
        for (std::uint32_t stored = 0;; ++stored) {
            const auto done = at.append(at.inbox(), "text", {}, "", summary);
            if (done) continue;
            CHECK(done.error() == errc::disk_full);
            return stored;
        }
    };
    const auto first = fill();
    CHECK(first > 500);
    CHECK(at.deliver("x", {{at.ann, ""}}) == errc::disk_full);
    CHECK(at.get(at->mailboxes.copy(at.inbox(), only(1), mailbox_id(2), false)).error() ==
          errc::disk_full);
    CHECK(at.text_of(at.inbox(), 1) == "text");
    REQUIRE(at.change(at.inbox(), only(1, first / 2), mail::change::add, {mail::flags::deleted, {}})
                .has_value());
    const auto gone = at.get(at->mailboxes.expunge(at.inbox(), everything()));
    REQUIRE(gone.has_value());
    CHECK(at->keeper.tidy() == first / 2);
    CHECK(fill() > first / 3);
    CHECK(at.snapshot(at.inbox()).info.counters.messages > first / 2);
}

TEST_CASE("store reopen: a power cut while the store is made leaves nothing in the way (I02)") {
    store_fixture at;
    at.close();
    const auto meta = at.options.data_dir / "meta";
    std::filesystem::remove_all(meta);
    std::filesystem::create_directory(meta);
    // The first pages were announced and never reached the disk.
    std::ofstream(meta / "data.mdb", std::ios::binary) << std::string(8192, '\0');
    SUBCASE("before anything was stored it is made anew") {
        CHECK(fault_at_open(at.options).empty());
        CHECK(std::filesystem::exists(meta / "data.mdb.unfinished"));
    }
    SUBCASE("with message octets at hand it is damage, and nothing is touched") {
        std::ofstream(at.options.data_dir / "blobs" / "seg-00000001") << "octets";
        CHECK(says({fault_at_open(at.options)}, "not an LMDB file"));
        CHECK(std::filesystem::file_size(meta / "data.mdb") == 8192);
    }
}
