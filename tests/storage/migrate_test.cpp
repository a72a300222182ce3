// A store of an older format is brought to this one when it is opened.
#include "base/utf8.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/migrate_queue.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

constexpr std::size_t account_counters_before_4 = 32;

/// Takes a closed store back to format 6: counters of mailboxes ended before what is \Recent.
void make_version_6(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> counters;
    {
        cursor at(tx, table::counters);
        for (bool more = at.first(); more; more = at.next())
            if (load_be<std::uint32_t>(at.key().data() + 4) != 0)
                counters.emplace_back(at.key(), at.value().substr(0, 48));
    }
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    set_meta_number(tx, "schema", 6);
    tx.commit();
}

/// Takes a closed store back to format 7: annotations had no checksum, rows of the directory no
/// version.
void make_version_7(const lmdb::store_options& options) {
    constexpr std::size_t version_octets = 8, since_10_octets = 1;
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::map<std::string, std::string> values;  // by mailbox and entry
    std::vector<std::pair<table, std::pair<std::string, std::string>>> shorter;
    {
        cursor at(tx, table::annotation);
        for (bool more = at.first(); more; more = at.next())
            values[std::string(at.key().substr(0, at.key().size() - 3))] += at.value();
        for (const auto which : {table::account, table::address, table::domain}) {
            cursor rows(tx, which);
            for (bool more = rows.first(); more; more = rows.next()) {
                const auto value = rows.value();
                if (which == table::address && value.front() != 2) continue;
                const auto later = version_octets + (which == table::account ? since_10_octets : 0);
                shorter.push_back({which,
                                   {std::string(rows.key()),
                                    std::string(value.substr(0, value.size() - later))}});
            }
        }
    }
    for (const auto& [which, row] : shorter)
        tx.put(which, row.first, row.second);
    for (const auto& [key, value] : values) {
        const std::string_view old = std::string_view(value).substr(schema::annotation_head);
        for (char n = 0; tx.remove(table::annotation, key + std::string(2, '\0') + n); ++n) {
        }
        for (std::size_t n = 0; n == 0 || n * schema::max_value_octets < old.size(); ++n)
            tx.put(table::annotation, key + std::string(2, '\0') + static_cast<char>(n),
                   old.substr(n * schema::max_value_octets, schema::max_value_octets));
    }
    tx.remove(table::meta, "directory_version");
    set_meta_number(tx, "schema", 7);
    tx.commit();
}

/// Takes a closed store back to format 3: expunged octets were not counted, and removed accounts
/// left no row.
void make_version_3(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> counters;
    std::vector<std::string> removed;
    {
        cursor at(tx, table::counters);
        for (bool more = at.first(); more; more = at.next())
            if (load_be<std::uint32_t>(at.key().data() + 4) == 0)
                counters.emplace_back(at.key(), at.value().substr(0, account_counters_before_4));
        cursor gone(tx, table::removed);
        for (bool more = gone.first(); more; more = gone.next())
            removed.emplace_back(gone.key());
    }
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    for (const auto& key : removed) {
        tx.remove(table::removed, key);
        tx.remove(table::counters, key + std::string(4, '\0'));
    }
    set_meta_number(tx, "schema", 3);
    tx.commit();
}

/// Takes a closed store back to format 1: dates and counts of what vanished did not exist.
void make_version_1(const lmdb::store_options& options) {
    make_version_3(options);
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> vanished, counters;
    {
        cursor at(tx, table::vanished);
        for (bool more = at.first(); more; more = at.next())
            vanished.emplace_back(at.key(), at.value().substr(8));
        cursor box(tx, table::counters);
        for (bool more = box.first(); more; more = box.next())
            if (load_be<std::uint32_t>(box.key().data() + 4) != 0)
                counters.emplace_back(box.key(), box.value().substr(0, 36));
    }
    for (const auto& [key, value] : vanished)
        tx.put(table::vanished, key, value);
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    set_meta_number(tx, "schema", 1);
    tx.commit();
}

/// Takes the queue of a closed store back to format 8: one row for a message with its recipients.
void make_version_8(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::map<std::string, queue_row_8> rows;
    {
        cursor at(tx, table::queue);
        for (bool more = at.first(); more; more = at.next()) {
            const queue_id id(load_be<std::uint64_t>(at.key().data()));
            auto& row = rows[std::string(at.key())];
            row.item = queue_rows::decode(id, at.value());
            row.item.recipients = queue_rows::recipients_of(tx, id);
            row.due_at = row.item.recipients.front().due_at;
            row.held = row.item.recipients.front().held;
        }
    }
    for (const auto which : {table::queue_recipient, table::due, table::track, table::track_due}) {
        std::vector<std::string> keys;
        {
            cursor at(tx, which);
            for (bool more = at.first(); more; more = at.next())
                keys.emplace_back(at.key());
        }
        for (const auto& key : keys)
            tx.remove(which, key);
    }
    for (const auto& [key, row] : rows) {
        std::string due;
        append_be(due, static_cast<std::uint64_t>(row.due_at));
        tx.put(table::due, due + key, "");
        tx.put(table::queue, key, encode(row));
    }
    set_meta_number(tx, "schema", 8);
    tx.commit();
}

/// Takes a closed store back to format 9: accounts did not say whether what they submit is filed.
void make_version_9(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::map<std::string, std::string> rows;
    {
        cursor at(tx, table::account);
        for (bool more = at.first(); more; more = at.next())
            rows[std::string(at.key())] = at.value().substr(0, at.value().size() - 1);
    }
    for (const auto& [key, row] : rows)
        tx.put(table::account, key, row);
    set_meta_number(tx, "schema", 9);
    tx.commit();
}

/// Says that a closed store is of an older format. What has no rows need not be taken back.
void set_format(const lmdb::store_options& options, std::uint64_t format) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    set_meta_number(tx, "schema", format);
    tx.commit();
}

std::uint64_t format_of(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    const read_txn tx(env);
    return meta_number(tx, "schema");
}

/// Takes a closed store back to format 4, where names stood as clients wrote them.
void make_version_4(const lmdb::store_options& options,
                    account_id account,
                    const std::vector<std::pair<std::string, std::string>>& renames) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    for (const auto& [from, to] : renames) {
        const auto old_key = schema::name_key(account, from), key = schema::name_key(account, to);
        if (const auto id = tx.get(table::mailbox_name, old_key)) {
            const std::string value(*id);
            const mailbox_key box{account, mailbox_id(load_le<std::uint32_t>(value.data()))};
            auto row =
                schema::decode_mailbox(*tx.get(table::mailbox, schema::mailbox_row_key(box)));
            row.name = to;
            tx.put(table::mailbox, schema::mailbox_row_key(box), schema::encode(row));
            tx.remove(table::mailbox_name, old_key);
            tx.put(table::mailbox_name, key, value);
        }
        if (tx.remove(table::subscription, old_key)) tx.put(table::subscription, key, "");
    }
    set_meta_number(tx, "schema", 4);
    tx.commit();
}

}  // namespace

TEST_CASE(
    "store migrate: domains in U-labels come to stand in A-labels, with all that names them") {
    const std::string old = "m\xc3\xbcller.example", now = "xn--mller-kva.example";
    store_fixture at;
    const auto put_domain = [&](const std::string& name, const std::string& catch_all) {
        domain row;
        row.name = name;
        row.catch_all = catch_all;
        REQUIRE(!at.get(at->directory.add_domain(row)));
    };
    put_domain(old, "bob@" + old);
    const auto eve = at.add_account("eve@" + old);
    account_change forwards;
    forwards.forwards = std::vector<mail_address>{
        "far@b\xc3\xbc"
        "cher.example",
        "ann@" + old, "ann@" + now};
    REQUIRE(!at.get(at->directory.change_account(eve, forwards)));
    alias list;
    list.name = "list@" + old;
    list.targets = {"eve@" + old, "eve@" + now, "x@a.example"};
    REQUIRE(!at.get(at->directory.add_alias(list)));
    const auto box = *at.get(at->mailboxes.find(eve, "INBOX"));
    REQUIRE(!at.get(at->sharing.change_rights({eve, box.id}, "anyone", mail::change::set, 3)));
    const auto dan = at.add_account("dan@" + old);
    REQUIRE(!at.get(at->mailboxes.set_subscribed(dan, "Shared/eve@" + old + "/INBOX", true)));
    queue_item item;
    item.reverse_path = "Bob.B@" + old;
    item.recipients.push_back({"Far@" + old, "", "", 3, 77});
    REQUIRE(!at.deliver("text", {}, {item}));
    at.close();
    make_version_8(at.options);
    set_format(at.options, 5);
    at.reopen();
    CHECK(at.findings().empty());
    CHECK(!at.get(at->directory.find_domain(old)));
    CHECK(at.get(at->directory.find_domain(now))->catch_all == "bob@" + now);
    const auto found = std::get<account>(at.get(at->directory.find_address("eve@" + now)));
    CHECK(found.id == eve);
    CHECK(found.name == "eve@" + now);
    CHECK(found.forwards == std::vector<std::string>{"far@xn--bcher-kva.example", "ann@" + now});
    CHECK(std::get<alias>(at.get(at->directory.find_address("list@" + now))).targets ==
          std::vector<std::string>{"eve@" + now, "x@a.example"});
    CHECK(std::holds_alternative<std::monostate>(at.get(at->directory.find_address("eve@" + old))));
    const auto shared = at.get(at->sharing.list_shared(dan));
    REQUIRE(shared->size() == 1);
    CHECK(shared->front().owner_address == "eve@" + now);
    const auto subscribed = *at.get(at->mailboxes.subscriptions(dan));
    const auto has = [&subscribed](const std::string& name) {
        return std::find(subscribed.begin(), subscribed.end(), name) != subscribed.end();
    };
    CHECK(has("Shared/eve@" + now + "/INBOX"));
    CHECK_FALSE(has("Shared/eve@" + old + "/INBOX"));
    const auto queued = at.get(at.store->queue.list(queue_id(), 10)).items;
    REQUIRE(queued.size() == 1);
    CHECK(queued[0].reverse_path == "Bob.B@" + now);
    CHECK(queued[0].recipients[0].to == "Far@" + now);
}

TEST_CASE(
    "store migrate: of two spellings that were two domains, the one that got mail keeps names") {
    const std::string old = "m\xc3\xbcller.example", now = "xn--mller-kva.example";
    store_fixture at;
    for (const auto& [name, catch_all] :
         {std::pair(old, "eve@" + old), std::pair(now, "dan@" + now)}) {
        domain row;
        row.name = name;
        row.catch_all = catch_all;
        REQUIRE(!at.get(at->directory.add_domain(row)));
    }
    const auto had_mail = at.add_account("eve@" + old);
    const auto had_none = at.add_account("eve@" + now);
    const auto second = at.add_account("eve.2@" + now);
    alias list;
    list.targets = {"eve@" + old};
    list.name = "list@" + old;
    REQUIRE(!at.get(at->directory.add_alias(list)));
    list.targets = {"dan@" + now};
    list.name = "list@" + now;
    REQUIRE(!at.get(at->directory.add_alias(list)));
    at.close();
    set_format(at.options, 5);
    at.reopen();
    CHECK(at.findings().empty());
    CHECK(at.get(at->directory.list_domains()).size() == 2);  // and example.test
    CHECK(at.get(at->directory.find_domain(now))->catch_all == "eve@" + now);
    CHECK(std::get<account>(at.get(at->directory.find_address("eve@" + now))).id == had_mail);
    CHECK(std::get<account>(at.get(at->directory.find_address("eve.2@" + now))).id == second);
    CHECK(std::get<account>(at.get(at->directory.find_address("eve.3@" + now))).id == had_none);
    CHECK(at.get(at->directory.find_account(had_none))->name == "eve.3@" + now);
    CHECK(std::get<alias>(at.get(at->directory.find_address("list@" + now))).targets ==
          std::vector<std::string>{"eve@" + now});
}

TEST_CASE("store migrate: format 7 becomes 8 with all annotations, accounts, aliases and domains") {
    store_fixture at;
    const auto box = at.make_box("noted");
    std::map<std::string, std::string> notes;
    for (const std::size_t octets : {0, 1, 1891, 1892, 1893, 1900, 1901, 3800, 4096})
        notes["/private/" + std::to_string(octets)] = std::string(octets, 'v');
    for (const auto& [entry, value] : notes)
        REQUIRE_FALSE(at.get(at->annotations.annotate(box, {{entry, value}})));
    alias list;
    list.name = "list@example.test";
    list.targets = {"x@else.test"};
    REQUIRE_FALSE(at.get(at->directory.add_alias(list)));
    const auto prints = at.get(at->annotations.annotation_prints(at.ann)).value();
    at.close();
    make_version_7(at.options);
    at.reopen();
    CHECK(at.findings().empty());
    const auto now =
        at.get(at->annotations.annotations(box, {"/private"}, mail::metadata_depth::infinity));
    REQUIRE(now->size() == notes.size());
    for (const auto& one : *now)
        CHECK(notes.at(one.entry) == one.value);
    const auto after = at.get(at->annotations.annotation_prints(at.ann)).value();
    REQUIRE(after.size() == prints.size());
    for (std::size_t n = 0; n < prints.size(); ++n)
        CHECK(after[n].hash == prints[n].hash);
    const auto row = std::get<alias>(at.get(at->directory.find_address("list@example.test")));
    CHECK(row.targets == list.targets);
    CHECK(row.version == 1);
    CHECK(at.get(at->directory.find_account(at.ann))->version == 1);
    CHECK(at.get(at->directory.find_domain("example.test"))->version == 1);
    CHECK_FALSE(at.get(at->directory.remove_alias(row)));
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
    REQUIRE_FALSE(at.get(at->directory.add_alias(list)));
    CHECK(std::get<alias>(at.get(at->directory.find_address("list@example.test"))).version > 1);
}

TEST_CASE("store migrate: format 8 becomes 9 with all that waits to leave, due when it was") {
    store_fixture at;
    queue_item item;
    item.reverse_path = "a@example.test";
    item.envelope_id = "env";
    item.ret = "HDRS";
    item.is_8bit = true;
    item.prefix = "Delivered-To: b@example.test\r\n";
    item.created_at = 50;
    item.recipients = {{"x@one.test", "rfc822;x@one.test", "NEVER", 3, 77},
                       {"y@two.test", "", "", 0, 77}};
    REQUIRE_FALSE(at.deliver("first", {}, {item}));
    item.recipients = {{"z@one.test", "", "", 0, 33}};
    REQUIRE_FALSE(at.deliver("second", {}, {item}));
    REQUIRE_FALSE(at.get(at.store->queue.hold(queue_id(2), true)));
    at.close();
    make_version_8(at.options);
    at.reopen();
    CHECK(at.findings().empty());
    at.close();  // LMDB opens an environment once a process
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
    const auto all = at.get(at.store->queue.list(queue_id(), 10)).items;
    REQUIRE(all.size() == 2);
    CHECK(all[0].reverse_path == "a@example.test");
    CHECK(all[0].envelope_id == "env");
    CHECK(all[0].ret == "HDRS");
    CHECK(all[0].is_8bit);
    CHECK(all[0].prefix == item.prefix);
    CHECK(all[0].created_at == 50);
    REQUIRE(all[0].recipients.size() == 2);
    CHECK(all[0].recipients[0].original == "rfc822;x@one.test");
    CHECK(all[0].recipients[0].notify == "NEVER");
    CHECK(all[0].recipients[0].attempts == 3);
    CHECK(all[0].recipients[1].due_at == 77);
    CHECK(all[1].recipients.at(0).held);
    CHECK(at.read_blob(all[1].blob, 0) == "second");
    claim_request wanted;
    wanted.now = 76;
    wanted.most_domains = 5;
    CHECK(at.get(at.store->queue.claim(wanted))->next_due == 77);
    wanted.now = 77;
    CHECK(at.get(at.store->queue.claim(wanted))->claims.size() == 2);
}

TEST_CASE("store migrate: of what format 6 kept nothing is recent, what comes later is") {
    store_fixture at;
    const auto old = at.make_box("old"), empty = at.make_box("empty");
    for (int n = 0; n < 3; ++n)
        REQUIRE(at.append(old, "old").has_value());
    at.close();
    make_version_6(at.options);
    at.reopen();
    CHECK(at.snapshot(old).info.counters.recent == 0);
    CHECK(at.get(at->mailboxes.claim_recent(old))->empty());
    for (const auto box : {old, empty}) {
        REQUIRE(at.append(box, "new").has_value());
        CHECK(at.snapshot(box).info.counters.recent == 1);
    }
    CHECK(numbers(*at.get(at->mailboxes.claim_recent(old))) == std::vector<std::uint32_t>{4});
    CHECK(at.findings().empty());
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
}

TEST_CASE("store migrate: format 1 becomes 2 with all that vanished still known") {
    store_fixture at;
    const auto box = at.make_box("x");
    for (int n = 0; n < 600; ++n)
        REQUIRE(at.append(box, "text", {n % 2 == 0 ? mail::flags::deleted : 0u, {}}).has_value());
    REQUIRE(at.append(at.inbox(), "text").has_value());
    REQUIRE(at.get(at->mailboxes.expunge(box, everything())).has_value());
    const auto before = at.snapshot(box);
    const auto gone = at.get(at->mailboxes.vanished(box, modseq(0)))->ranges;
    CHECK(gone.size() == 300);
    at.close();
    make_version_1(at.options);
    at.reopen();
    const auto after = at.snapshot(box);
    CHECK(after.uids == before.uids);
    CHECK(after.info.counters.highest_modseq == before.info.counters.highest_modseq);
    CHECK(after.info.counters.vanished_ranges == 300);
    CHECK(after.info.counters.vanished_floor == modseq(0));
    const auto now = at.get(at->mailboxes.vanished(box, modseq(0)));
    CHECK(now->is_complete);
    CHECK(now->ranges == gone);
    CHECK(at.findings().empty());
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
}

TEST_CASE("store migrate: format 3 becomes 4 with all expunged octets counted") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 10'000);
    for (int n = 0; n < 3; ++n)
        REQUIRE(at.append(at.inbox(), "gone", {mail::flags::deleted, {}}).has_value());
    REQUIRE(at.append({bob, mailbox_id(1)}, "of a removed account").has_value());
    REQUIRE(at.get(at->mailboxes.expunge(at.inbox(), everything())).has_value());
    REQUIRE_FALSE(at.get(at->directory.remove_account(bob)));
    at->keeper.tidy();
    at.close();
    make_version_3(at.options);
    at.reopen();
    CHECK(at.findings().empty());
    CHECK(at.get(at->expunged.expunged("a@example.test")).octets == 12);
    CHECK(at.get(at->expunged.expunged("b@example.test")).octets ==
          0);  // nobody knows whose it was
    CHECK(at->keeper.check().blobs == 4);
    at.time.seconds += at.options.retention.count() + 1;
    CHECK(at->keeper.tidy() == 4);
    CHECK(at->keeper.check().blobs == 0);
    CHECK(at.findings().empty());
}

TEST_CASE("store migrate: format 9 becomes 10, and all accounts file what they send") {
    store_fixture at;
    account_change change;
    change.note = "of old";
    change.files_sent = false;
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, change)));
    at.close();
    make_version_9(at.options);
    at.reopen();
    const auto row = at.get(at->directory.find_account(at.ann));
    REQUIRE(row);
    CHECK(row->files_sent);
    CHECK(row->note == "of old");
    CHECK(row->version > 1);
    CHECK(at.findings().empty());
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
}

TEST_CASE("store migrate: a name that is too long in NFC is cut, and the store opens") {
    store_fixture at;
    const auto box = at.make_box("long");
    REQUIRE_FALSE(at.get(at->mailboxes.set_subscribed(at.ann, "long", true)));
    REQUIRE_FALSE(at.get(at->mailboxes.set_subscribed(at.ann, "gone", true)));
    at.close();
    std::string name;  // HEBREW LETTER SHIN WITH DAGESH AND SHIN DOT: 3 octets, 6 in NFC
    for (int n = 0; n < 85; ++n)
        name += "\xef\xac\xac";
    make_version_4(at.options, at.ann, {{"long", name}, {"gone", name + "x"}});
    at.reopen();
    const auto all = at.get(at->mailboxes.list(at.ann)).value();
    CHECK(std::any_of(all.begin(), all.end(), [&](const mailbox_info& one) {
        return one.id == box.mailbox && one.name.size() > 200 && one.name.size() <= 255;
    }));
    CHECK(at.findings().empty());
}

TEST_CASE("store migrate: format 4 becomes 5 with names in NFC, none of them lost") {
    store_fixture at;
    const auto clash = at.make_box("caf\xc3\xa9");
    const auto other = at.make_box("other");
    const auto below = at.make_box("other/u");
    const auto alone = at.make_box("alone");
    REQUIRE(at.append(other, "text").has_value());
    for (const auto* name : {"other", "alone", "gone"})
        REQUIRE_FALSE(at.get(at->mailboxes.set_subscribed(at.ann, name, true)));
    at.close();
    make_version_4(at.options, at.ann,
                   {{"other", "cafe\xcc\x81"},
                    {"other/u", "cafe\xcc\x81/u\xcc\x88"},
                    {"alone", "U\xcc\x88"},
                    {"gone", "o\xcc\x88"}});
    at.reopen();
    const auto found = [&](const std::string& name) {
        const auto info = at.get(at->mailboxes.find(at.ann, name));
        return info ? info->id : mailbox_id();
    };
    CHECK(found("caf\xc3\xa9") == clash.mailbox);
    CHECK(found("cafe\xcc\x81") == clash.mailbox);
    CHECK(found("caf\xc3\xa9 (2)") == other.mailbox);
    CHECK(found("caf\xc3\xa9/\xc3\xbc") == below.mailbox);
    CHECK(found("\xc3\x9c") == alone.mailbox);
    auto subscribed = at.get(at->mailboxes.subscriptions(at.ann)).value();
    std::erase_if(subscribed, [](const std::string& name) { return utf8::is_ascii(name); });
    CHECK(subscribed == std::vector<std::string>{"caf\xc3\xa9 (2)", "\xc3\x9c", "\xc3\xb6"});
    CHECK(at.snapshot(other).info.counters.messages == 1);
    CHECK(at.findings().empty());
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
}
