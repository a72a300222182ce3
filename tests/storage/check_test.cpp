// `check` is the judge of many other tests: each of its findings is told for a store that has just
// this damage, and nothing besides.
#include "storage/lmdb/check.hpp"

#include "storage/annotation_store.hpp"
#include "storage/lmdb/annotation_rows.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>
#include <lmdb.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::lmdb::schema;
using namespace hauspost::storage::lmdb::queue_rows;
using namespace hauspost::storage::test;

namespace {

using findings_list = std::vector<std::string>;

const mailbox_key inbox_box{account_id(1), mailbox_id(1)};
const mailbox_key drafts{account_id(1), mailbox_id(2)};  // empty
const mailbox_key no_box{account_id(1), mailbox_id(77)};

/// A store with one message that is \Seen, an expunged one, and a queue item, each with a body of
/// its own.
struct damaged_store : store_fixture {
    damaged_store() {
        is_sound_at_end = false;
        REQUIRE(append(inbox(), "text", {mail::flags::seen, {}}).has_value());
        REQUIRE(append(inbox(), "gone", {mail::flags::deleted, {}}).has_value());
        blob = walk(inbox(), only(1)).at(0).blob;
        gone = walk(inbox(), only(2)).at(0).blob;
        REQUIRE(get(store->mailboxes.expunge(inbox(), everything())).has_value());
        queue_item item;
        item.recipients = {{"x@else.test", "", "", 0, 7}};
        REQUIRE_FALSE(deliver("waits", {}, {item}));
        queued = get(store->queue.find(queue_id(1)))->blob;
        REQUIRE(findings().empty());
    }

    /// What `check` tells after work(tx) on the tables.
    template <class Work>
    findings_list after(Work work) {
        close();
        {
            environment env(options.data_dir / "meta", options.map_octets);
            write_txn tx(env);
            work(tx);
            tx.commit();
        }
        reopen();
        return findings();
    }
    [[nodiscard]] std::filesystem::path segment() const {
        return options.data_dir / "blobs" / "seg-00000001";
    }
    [[nodiscard]] std::string blob_name(blob_id id) const {
        return "blob " + std::to_string(id.value());
    }

    blob_id blob, gone, queued;
};

void put_counters(write_txn& tx, mailbox_key box, auto change) {
    auto row = decode_counters(*tx.get(table::counters, mailbox_row_key(box)));
    change(row);
    tx.put(table::counters, mailbox_row_key(box), encode(row));
}

void put_totals(write_txn& tx, auto change) {
    auto row = decode_account_row(*tx.get(table::counters, account_row_key(account_id(1))));
    change(row);
    tx.put(table::counters, account_row_key(account_id(1)), encode(row));
}

void put_segment(write_txn& tx, auto change) {
    auto row = decode_segment(*tx.get(table::segment, segment_key(1)));
    change(row);
    tx.put(table::segment, segment_key(1), encode(row));
}

void put_blob(write_txn& tx, blob_id id, auto change) {
    auto row = decode_blob(*tx.get(table::blob, blob_key(id)));
    change(row);
    tx.put(table::blob, blob_key(id), encode(row));
}

/// Octets of INBOX's first flag block, changed.
void put_block(write_txn& tx, auto change) {
    std::string row(*tx.get(table::flags, flag_block_key(inbox_box, 0)));
    change(row);
    tx.put(table::flags, flag_block_key(inbox_box, 0), row);
}

void drop_blob(write_txn& tx, blob_id id) {
    const auto row = decode_blob(*tx.get(table::blob, blob_key(id)));
    tx.remove(table::blob, blob_key(id));
    put_segment(tx,
                [&](auto& segment) { segment.live -= segment_files::record_octets(row.octets); });
}

}  // namespace

TEST_CASE("store check: mailboxes and names") {
    damaged_store at;
    SUBCASE("no counters") {
        CHECK(at.after([](write_txn& tx) {
            tx.remove(table::counters, mailbox_row_key(drafts));
        }) == findings_list{"mailbox 1/2 has no counters"});
    }
    SUBCASE("a mailbox without a name") {
        CHECK(at.after([](write_txn& tx) {
            tx.remove(table::mailbox_name, name_key(account_id(1), "Drafts"));
        }) == findings_list{"mailbox 1/2 \"Drafts\" is not found by its name"});
    }
    SUBCASE("a name without a mailbox") {
        CHECK(at.after([](write_txn& tx) {
            tx.put(table::mailbox_name, name_key(account_id(1), "Ghost"),
                   *tx.get(table::mailbox_name, name_key(account_id(1), "Drafts")));
        }) == findings_list{"the name \"Ghost\" of account 1 refers to no mailbox"});
    }
}

TEST_CASE("store check: messages and their flags") {
    damaged_store at;
    SUBCASE("no flags") {
        CHECK(at.after([](write_txn& tx) {
            tx.remove(table::flags, flag_block_key(inbox_box, 0));
        }) == findings_list{"message 1/1/1 has no flags"});
    }
    SUBCASE("no row") {
        CHECK(at.after([](write_txn& tx) {
            flag_block block(*tx.get(table::flags, flag_block_key(inbox_box, 0)));
            block.set(2, mail::flags::seen, block.highest());
            tx.put(table::flags, flag_block_key(inbox_box, 0), block.row());
        }) == findings_list{"message 1/1/2 has flags and no row"});
    }
    SUBCASE("no blob") {
        CHECK(
            at.after([&](write_txn& tx) { drop_blob(tx, at.blob); }) ==
            findings_list{"message 1/1/1 refers to " + at.blob_name(at.blob) + " that is missing"});
    }
    SUBCASE("another length") {
        CHECK(at.after([](write_txn& tx) {
            const std::string octets(*tx.get(table::message, message_key(inbox_box, uid(1))));
            auto row = decode_message(octets);
            row.octets = 5;
            tx.put(table::message, message_key(inbox_box, uid(1)), encode(row));
            put_counters(tx, inbox_box, [](auto& counters) { counters.octets = 5; });
            put_totals(tx, [](auto& totals) { totals.octets = 5; });
        }) == findings_list{"message 1/1/1 says 5 octets, its blob and prefix have 4"});
    }
    SUBCASE("an entry that its block's head does not repeat") {
        CHECK(at.after([](write_txn& tx) {
            put_block(tx, [](std::string& row) { row[flag_block::head_octets + 8] = 0; });
        }) == findings_list{"message 1/1/1 has other flags than its block's head says"});
    }
    SUBCASE("a modseq that the block's head does not know") {
        CHECK(at.after([](write_txn& tx) {
            put_block(tx, [](std::string& row) { store_le(row.data(), std::uint64_t{1}); });
        }) == findings_list{"message 1/1/1 has a modseq above its block's highest"});
    }
    SUBCASE("flags of nobody") {
        CHECK(at.after([](write_txn& tx) {
            put_block(tx, [](std::string& row) { row[24] |= 1 << 5; });
        }) == findings_list{"flag block 1/1/0 has flags of absent messages"});
    }
}

TEST_CASE("store check: counters") {
    damaged_store at;
    SUBCASE("of a mailbox") {
        CHECK(at.after([](write_txn& tx) {
            put_counters(tx, inbox_box, [](auto& counters) { ++counters.unseen; });
        }) == findings_list{"mailbox 1/1 counts 1 messages, 1 unseen, 0 deleted, 4 octets; there "
                            "are 1, 0, 0, 4"});
    }
    SUBCASE("of an account") {
        CHECK(at.after([](write_txn& tx) {
            put_totals(tx, [](auto& totals) { ++totals.octets; });
        }) == findings_list{"account 1 counts 1 messages, 5 octets; there are 1, 4"});
    }
    SUBCASE("a UID that would be given out again") {
        CHECK(at.after([](write_txn& tx) {
            put_counters(tx, inbox_box, [](auto& counters) { counters.uid_next = uid(1); });
        }) == findings_list{"mailbox 1/1 has a message at or above its UIDNEXT 1"});
    }
    SUBCASE("of vanished ranges") {
        CHECK(at.after([](write_txn& tx) {
            put_counters(tx, inbox_box, [](auto& counters) { counters.vanished_ranges = 3; });
        }) == findings_list{"mailbox 1/1 counts 3 vanished ranges, there are 1"});
    }
    SUBCASE("of recent messages") {
        CHECK(at.after([](write_txn& tx) {
            put_counters(tx, inbox_box, [](auto& counters) { ++counters.recent; });
        }) == findings_list{"mailbox 1/1 counts 2 recent messages, there are 1"});
    }
    SUBCASE("a first recent UID that is none yet") {
        CHECK(at.after([](write_txn& tx) {
            put_counters(tx, drafts, [](auto& counters) { counters.first_recent = uid(2); });
        }) == findings_list{"mailbox 1/2 has 2 as its first recent UID, and UIDNEXT 1"});
    }
    SUBCASE("a vanished row that is cut off") {
        CHECK(at.after([](write_txn& tx) {
            tx.put(table::vanished, vanished_key(drafts, 9, 0), std::string(12, '\0'));
        }) == findings_list{"a vanished row of mailbox 1/2 has 12 octets"});
    }
}

TEST_CASE("store check: expunged messages and the queue") {
    damaged_store at;
    const queue_track else_test{queue_lane::people, "else.test"};
    SUBCASE("an expunged message without a blob") {
        CHECK(at.after([&](write_txn& tx) { drop_blob(tx, at.gone); }) ==
              findings_list{"an expunged message refers to " + at.blob_name(at.gone) +
                            " that is missing"});
    }
    SUBCASE("expunged octets that are not there") {
        CHECK(at.after([](write_txn& tx) {
            put_totals(tx, [](auto& totals) { totals.expunged_octets = 9; });
        }) == findings_list{"account 1 counts 9 expunged octets, there are 4"});
    }
    SUBCASE("expunged messages of nobody") {
        CHECK(at.after([](write_txn& tx) {
            std::string of_account_1, row;
            {
                cursor rows(tx, table::expunged);
                REQUIRE(rows.first());
                of_account_1 = rows.key();
                row = rows.value();
            }
            tx.remove(table::expunged, of_account_1);
            tx.put(table::expunged, expunged_key(account_id(9), 9, mailbox_id(1), uid(3)), row);
            put_totals(tx, [](auto& totals) { totals.expunged_octets = 0; });
        }) == findings_list{"account 9 has expunged messages and no counters"});
    }
    SUBCASE("a gone mailbox of nobody, and one that is there") {
        CHECK(at.after([](write_txn& tx) {
            gone_mailbox row;
            row.name = "x";
            tx.put(table::gone_mailbox, mailbox_row_key({account_id(9), mailbox_id(2)}),
                   encode(row));
            tx.put(table::gone_mailbox, mailbox_row_key({account_id(1), mailbox_id(1)}),
                   encode(row));
        }) == findings_list{"mailbox 1/1 \"x\" is kept as a gone one and is none",
                            "mailbox 9/2 \"x\" is kept as a gone one of nobody"});
    }
    SUBCASE("a removed account that is there") {
        CHECK(at.after([](write_txn& tx) {
            removed_account row;
            row.name = "a@example.test";
            tx.put(table::removed, account_key(account_id(1)), encode(row));
        }) == findings_list{"account 1 \"a@example.test\" is kept as a removed one and is none"});
    }
    SUBCASE("a secret without its head") {
        CHECK(at.after([](write_txn& tx) { tx.put(table::secret, "srs/1", "short"); }) ==
              findings_list{"the secret \"srs/1\" is damaged"});
    }
    SUBCASE("a queue item that is due at another time") {
        CHECK(at.after([&](write_txn& tx) {
            tx.remove(table::due, due_key(else_test, 7, {queue_id(1), 0}));
            tx.put(table::due, due_key(else_test, 8, {queue_id(1), 0}), "");
        }) == findings_list{"recipient 0 of queue item 1 has no due row",
                            "mail to \"else.test\" is not found when it is due"});
    }
    SUBCASE("a due row of nothing") {
        CHECK(at.after([&](write_txn& tx) {
            tx.put(table::due, due_key(else_test, 7, {queue_id(2), 0}), "");
        }) == findings_list{"1 queued recipients have 2 due rows"});
    }
    SUBCASE("a recipient of no message") {
        CHECK(at.after([](write_txn& tx) {
            tx.put(table::queue_recipient, recipient_key({queue_id(9), 3}), "");
        }) == findings_list{"recipient 3 of queue item 9 has no message"});
    }
    SUBCASE("a message without recipients") {
        CHECK(at.after([&](write_txn& tx) {
            tx.remove(table::queue_recipient, recipient_key({queue_id(1), 0}));
            tx.remove(table::due, due_key(else_test, 7, {queue_id(1), 0}));
            tx.remove(table::track, track_key(else_test));
            tx.remove(table::track_due, track_due_key(else_test, 7));
        }) == findings_list{"queue item 1 has no recipients"});
    }
    SUBCASE("a domain whose time is another") {
        CHECK(at.after([&](write_txn& tx) {
            tx.remove(table::track_due, track_due_key(else_test, 7));
            tx.put(table::track_due, track_due_key(else_test, 8), "");
        }) == findings_list{"mail to \"else.test\" is not found when it is due"});
    }
    SUBCASE("a domain of no mail") {
        CHECK(at.after([](write_txn& tx) {
            tx.put(table::track, track_key({queue_lane::bulk, "none.test"}), std::string(8, '\0'));
            tx.put(table::put_off, "none.test", std::string(8, '\0'));
        }) == findings_list{"mail to 1 places has 2 rows of their times",
                            "\"none.test\" is put off, and no mail waits for it"});
    }
}

TEST_CASE("store check: blobs and segments") {
    damaged_store at;
    const auto live = 3 * segment_files::record_octets(0) + 4 + 4 + 5;
    SUBCASE("a reference too many") {
        CHECK(at.after([&](write_txn& tx) {
            put_blob(tx, at.blob, [](auto& row) { row.references = 2; });
        }) == findings_list{at.blob_name(at.blob) + " counts 2 references, there are 1"});
    }
    SUBCASE("live octets that are not there") {
        CHECK(at.after([](write_txn& tx) { put_segment(tx, [](auto& row) { --row.live; }); }) ==
              findings_list{"segment 1 counts " + std::to_string(live - 1) +
                            " live octets, there are " + std::to_string(live)});
    }
    SUBCASE("a segment that is cut off") {
        const auto whole = std::filesystem::file_size(at.segment());
        CHECK(at.after([&](write_txn& tx) {
            put_segment(tx, [&](auto& row) { row.committed = whole - 10; });
        }) == findings_list{"segment 1 has more live octets than it is long",
                            at.blob_name(at.queued) + " in segment 1 at " +
                                std::to_string(whole - 13) + ": its file is too short",
                            "queue item 1 is damaged"});
    }
    SUBCASE("a flipped octet of a queue item") {
        std::fstream(at.segment(), std::ios::in | std::ios::out).seekp(-9, std::ios::end).put('!');
        const auto whole = std::filesystem::file_size(at.segment());
        CHECK(at.findings() == findings_list{at.blob_name(at.queued) + " in segment 1 at " +
                                                 std::to_string(whole - 13) +
                                                 ": checksum differs, the octets are damaged",
                                             "queue item 1 is damaged"});
    }
}

TEST_CASE("store check: a message in a file of its own") {
    store_fixture at;
    at.is_sound_at_end = false;
    REQUIRE(at.append(at.inbox(), body_text(1, segment_files::own_file_octets)).has_value());
    const auto blob = at.walk(at.inbox()).at(0).blob;
    const auto folder = at.options.data_dir / "blobs" / "big";
    const auto path = std::filesystem::directory_iterator(folder)->path();
    std::string what;
    SUBCASE("missing") {
        std::filesystem::remove(path);
        what = "its file is missing";
    }
    SUBCASE("cut off") {
        std::filesystem::resize_file(path, 1000);
        what = "its file is too short";
    }
    SUBCASE("unreadable") {
        std::filesystem::remove(path);
        std::filesystem::create_directory(path);
        what = "its file cannot be read";
    }
    CHECK(at.findings() ==
          findings_list{"blob " + std::to_string(blob.value()) + " in segment 0 at 0: " + what,
                        "message 1/1/1 of a@example.test in \"INBOX\" is damaged"});
    if (std::filesystem::is_directory(path)) std::filesystem::remove(path);
}

TEST_CASE("store check: accounts and addresses") {
    damaged_store at;
    SUBCASE("an account without its address") {
        CHECK(at.after([](write_txn& tx) { tx.remove(table::address, "a@example.test"); }) ==
              findings_list{"account 1 \"a@example.test\" is not found by its address"});
    }
    SUBCASE("an account without an INBOX") {
        CHECK(at.after([](write_txn& tx) {
            const std::string key = name_key(account_id(1), "INBOX");
            tx.put(table::mailbox_name, name_key(account_id(1), "Other"),
                   std::string(*tx.get(table::mailbox_name, key)));
            tx.remove(table::mailbox_name, key);
            mailbox_row row;
            row.name = "Other";
            tx.put(table::mailbox, mailbox_row_key(inbox_box), encode(row));
        }) == findings_list{"account 1 has no INBOX"});
    }
    SUBCASE("an address of nobody") {
        CHECK(at.after([](write_txn& tx) {
            std::string value(1, static_cast<char>(address_kind::account));
            append_le(value, std::uint32_t{99});
            tx.put(table::address, "ghost@example.test", value);
        }) == findings_list{"the address \"ghost@example.test\" refers to no account"});
    }
}

namespace {

void put_note(write_txn& tx, mailbox_key box, std::string_view value) {
    auto key = annotation_key(box, "/shared/comment", 0);
    key.resize(key.size() - annotation_key_tail);
    put_annotation(tx, key, value);
}

}  // namespace

TEST_CASE("store check: annotations") {
    damaged_store at;
    SUBCASE("of no mailbox") {
        CHECK(at.after([](write_txn& tx) { put_note(tx, no_box, "x"); }) ==
              findings_list{"an annotation of mailbox 1/77 belongs to nothing"});
    }
    SUBCASE("of no account") {
        CHECK(at.after([](write_txn& tx) {
            const mailbox_key nobody{account_id(99), mailbox_id()};
            put_note(tx, nobody, "x");
        }) == findings_list{"an annotation of mailbox 99/0 belongs to nothing"});
    }
    SUBCASE("a part without the first") {
        CHECK(at.after([](write_txn& tx) {
            tx.put(table::annotation, annotation_key(inbox_box, "/shared/comment", 1), "x");
        }) == findings_list{"an annotation of mailbox 1/1 has a part without those before it"});
    }
    SUBCASE("too long a value") {
        CHECK(at.after([](write_txn& tx) {
            put_note(tx, inbox_box, std::string(2 * max_annotation_octets, 'x'));
        }) == findings_list{"an annotation of mailbox 1/1 is too long",
                            "an annotation of mailbox 1/1 is too long"});
    }
    SUBCASE("without a checksum") {
        CHECK(at.after([](write_txn& tx) {
            tx.put(table::annotation, annotation_key(inbox_box, "/shared/comment", 0), "x");
        }) == findings_list{"an annotation of mailbox 1/1 has no checksum"});
    }
    SUBCASE("with the checksum of another value") {
        CHECK(at.after([](write_txn& tx) {
            put_note(tx, inbox_box, "value");
            const auto key = annotation_key(inbox_box, "/shared/comment", 0);
            auto row = std::string(*tx.get(table::annotation, key));
            row.back() = 'x';
            tx.put(table::annotation, key, row);
        }) == findings_list{"an annotation of mailbox 1/1 has another checksum"});
    }
}

TEST_CASE("store check: rights") {
    damaged_store at;
    const auto bob = at.add_account("b@example.test");
    const auto put = [](write_txn& tx, mailbox_key box, account_id grantee, std::uint32_t rights) {
        std::string value;
        append_le(value, rights);
        tx.put(table::rights, rights_key(box, grantee), value);
        tx.put(table::granted, granted_key(grantee, "", box), "");
    };
    SUBCASE("to no mailbox") {
        CHECK(at.after([&](write_txn& tx) { put(tx, no_box, bob, 1); }) ==
              findings_list{"the rights of account 2 to mailbox 1/77 are to no mailbox"});
    }
    SUBCASE("of nobody") {
        CHECK(at.after([&](write_txn& tx) { put(tx, inbox_box, account_id(88), 1); }) ==
              findings_list{"the rights of account 88 to mailbox 1/1 are nobody's"});
    }
    SUBCASE("that do not exist") {
        CHECK(at.after([&](write_txn& tx) { put(tx, inbox_box, bob, 0); }) ==
              findings_list{"the rights of account 2 to mailbox 1/1 are not possible"});
    }
    SUBCASE("that the index does not know") {
        CHECK(at.after([&](write_txn& tx) {
            put(tx, inbox_box, bob, 1);
            tx.remove(table::granted, granted_key(bob, "", inbox_box));
            tx.put(table::granted, granted_key(bob, "", drafts), "");
        }) == findings_list{"the rights of account 2 to mailbox 1/1 are not in the index"});
    }
    SUBCASE("that only the index knows") {
        CHECK(at.after([&](write_txn& tx) {
            tx.put(table::granted, granted_key(bob, "", drafts), "");
        }) == findings_list{"0 rows of rights have 1 in the index"});
    }
}

namespace {

/// References come and go, within an account, between two, and with deliveries; mailboxes too.
void change_things(store_fixture& at, account_id bob) {
    const mailbox_key bobs{bob, mailbox_id(1)};
    for (const auto target : {mailbox_key{at.ann, mailbox_id(2)}, bobs})
        REQUIRE(at.get(at->mailboxes.transfer(at.inbox(), only(1, 20), target, false,
                                              mail::flag_mask()))
                    .has_value());
    REQUIRE(at.get(at->mailboxes.transfer(bobs, everything(), drafts, true, mail::flag_mask()))
                .has_value());
    REQUIRE_FALSE(at.deliver("new", {{at.ann, ""}, {bob, ""}}));
    REQUIRE(at.get(at->mailboxes.create(at.ann, "x", mail::special_use::none)).has_value());
    REQUIRE_FALSE(at.get(at.store->mailboxes.remove(at.ann, "x")));
    REQUIRE(at.get(at->mailboxes.remove_messages(drafts, everything())).has_value());
    REQUIRE(at.get(at->mailboxes.remove_messages(bobs, everything())).has_value());
    REQUIRE(at.get(at->expunged.purge("a@example.test")).has_value());
    REQUIRE(at.get(at->expunged.purge("b@example.test")).has_value());
}

/// All that so many checks tell while somebody writes.
findings_list findings_beside_a_writer(store_fixture& at, account_id bob, int checks) {
    findings_list all;
    std::atomic<bool> is_over = false;
    std::thread checker([&] {
        for (int n = 0; n < checks; ++n)
            for (auto& one : at->keeper.check().findings)
                all.push_back(std::move(one));
        is_over = true;
    });
    int rounds = 0;
    for (; !is_over; ++rounds)
        change_things(at, bob);
    checker.join();
    CHECK(rounds > 0);
    return all;
}

}  // namespace

TEST_CASE("store check: what is written meanwhile is no finding, damage is one all the same") {
    damaged_store at;
    const auto bob = at.add_account("b@example.test");
    for (int n = 0; n < 20; ++n)
        REQUIRE(at.append(at.inbox(), body_text(1, 100)).has_value());
    // Between Ann's rows and the blobs a check has much to read.
    for (int n = 0; n < 100; ++n)
        at.add_account("n" + std::to_string(n) + "@example.test");
    CHECK(findings_beside_a_writer(at, bob, 30) == findings_list());
    at.after(
        [&](write_txn& tx) { put_blob(tx, at.queued, [](auto& row) { row.references = 2; }); });
    CHECK(findings_beside_a_writer(at, bob, 3) ==
          findings_list(3, at.blob_name(at.queued) + " counts 2 references, there are 1"));
}

TEST_CASE("store check: no snapshot is held while a body is read") {
    store_fixture at;
    for (int n = 0; n < 3; ++n)
        REQUIRE(at.append(at.inbox(), body_text(1, 1000)).has_value());
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        store_health health;
        segment_files files(
            at.options.data_dir / "blobs",
            {{1, std::filesystem::file_size(at.options.data_dir / "blobs" / "seg-00000001")}},
            at.options.segment_octets, health);
        std::string readers;  // LMDB's table of them: one that has no snapshot shows "-"
        int bodies = 0;
        const auto look = [&] {
            ++bodies;
            const auto print = [](const char* line, void* into) {
                static_cast<std::string*>(into)->append(line);
                return 0;
            };
            mdb_reader_list(env.handle(), print, &readers);
        };
        CHECK(check_store(env, files, look).findings.empty());
        CHECK(bodies == 3);
        std::istringstream lines(readers);
        int slots = 0;
        for (std::string line; std::getline(lines, line);) {
            if (line.find("pid") != std::string::npos) continue;  // the heading
            CHECK_MESSAGE(line.ends_with(" -"), line);
            ++slots;
        }
        CHECK(slots > 0);
    }
    at.reopen();
}
