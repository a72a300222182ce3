// A store of an older format is brought to this one when it is opened.
#include "base/utf8.hpp"
#include "storage/ban_store.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"
#include "storage/sign_in_store.hpp"
#include "tests/storage/older_formats.hpp"
#include "tests/storage/store_fixture.hpp"
#include "tests/support/plain_headings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

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

TEST_CASE("store migrate: format 9 becomes 10 with all that waits, to be released at once") {
    store_fixture at;
    queue_item item;
    item.sender = at.ann;
    item.reverse_path = "a@example.test";
    item.requires_tls = true;
    item.prefix = "Delivered-To: b@example.test\r\n";
    item.created_at = 50;
    item.recipients = {{"x@one.test", "rfc822;x@one.test", "NEVER", 3, 77}};
    REQUIRE_FALSE(at.deliver("first", {}, {item}));
    at.close();
    std::size_t octets = 0;
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        write_txn tx(env);
        std::string row(*tx.get(table::queue, schema::queue_key(queue_id(1))));
        octets = row.size();
        row.resize(octets - sizeof(std::int64_t));  // they ended before the time of release
        tx.put(table::queue, schema::queue_key(queue_id(1)), row);
        set_meta_number(tx, "schema", 9);
        tx.commit();
    }
    at.reopen();
    CHECK(at.findings().empty());
    const auto all = at.get(at.store->queue.list(queue_id(), 10)).items;
    REQUIRE(all.size() == 1);
    CHECK(all[0].sender == at.ann);
    CHECK(all[0].requires_tls);
    CHECK(all[0].prefix == item.prefix);
    CHECK(all[0].created_at == 50);
    CHECK(all[0].release_at == 0);
    CHECK(all[0].recipients.at(0).due_at == 77);
    at.close();
    CHECK(format_of(at.options) == schema::version);
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        const read_txn tx(env);
        CHECK(tx.get(table::queue, schema::queue_key(queue_id(1)))->size() == octets);
    }
    at.reopen();
}

TEST_CASE("store migrate: format 10 becomes 11 as it is, without an owner") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "text").has_value());
    const auto before = at.snapshot(at.inbox());
    at.close();
    set_format(at.options, 10);
    at.reopen();
    CHECK(at.findings().empty());
    CHECK(at.snapshot(at.inbox()).uids == before.uids);
    CHECK_FALSE(at.get(at->owner.find_owner()).has_password());
    CHECK(at.get(at->owner.list_sessions()).empty());
    CHECK(at.get(at->audit.list(audit_query()))->entries.empty());
    CHECK(at.get(at->bans.list()).empty());
    CHECK(at.get(at->sign_ins.find(at.ann)).empty());
    owner row;
    row.password_hash = "hash";
    CHECK_FALSE(at.get(at->owner.change_owner(row, std::nullopt)));
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
    CHECK(at.get(at->owner.find_owner()).has_password());
}

TEST_CASE("store migrate: format 10 becomes 11 with all that can be brought back") {
    store_fixture at;
    account wanted;
    wanted.name = "b@example.test";
    wanted.display_name = "Bob";
    wanted.quota_octets = 5'000;
    const auto bob = at.get(at->directory.add_account(wanted)).value();
    REQUIRE(at.append({bob, mailbox_id(1)}, "of Bob").has_value());
    const auto box = at.make_box("Work");
    REQUIRE(at.append(box, "of Ann").has_value());
    REQUIRE_FALSE(at.get(at->mailboxes.remove(at.ann, "Work")));
    REQUIRE_FALSE(at.get(at->directory.remove_account(bob)));
    at->keeper.tidy();
    at.close();
    make_version_10(at.options);
    at.reopen();
    CHECK(at.findings().empty());
    const auto removed = at.get(at->expunged.removed_accounts()).value();
    REQUIRE(removed.size() == 1);
    CHECK(removed[0].name == "b@example.test");
    CHECK(removed[0].display_name.empty());  // nobody remembers it
    CHECK(removed[0].quota_octets == 5'000);
    CHECK(removed[0].keep_copy);
    CHECK(removed[0].messages == 1);
    restore_request request;
    request.address = "a@example.test";
    const hauspost::test::plain_headings headings;
    const auto done = at.get(at->expunged.bring_back(request, headings)).value();
    REQUIRE(done.mailboxes.size() == 1);
    CHECK(done.mailboxes[0].name == "Restored");  // nor the mailbox
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
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
    take_back_accounts_to_9(at.options);
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
