// A copy of an earlier state is put back: no number that a client may have seen comes twice.
#include "storage/lmdb/put_back.hpp"

#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

/// A store whose state is copied, and put back later.
struct copied_store : store_fixture {
    /// The state of now is what is put back.
    void copy() {
        close();
        std::filesystem::remove_all(kept());
        std::filesystem::copy(options.data_dir, kept(), std::filesystem::copy_options::recursive);
        reopen();
    }
    void put_back() {
        close();
        std::filesystem::remove_all(options.data_dir);
        std::filesystem::copy(kept(), options.data_dir, std::filesystem::copy_options::recursive);
        const bool shows = identity_of(options.data_dir / "meta") != 0;
        time.seconds += 60;
        reopen();
        if (shows) return;
        store->keeper.tell_put_back();  // a file system without times of birth
        reopen();
    }
    [[nodiscard]] std::filesystem::path kept() const { return dir / "copy"; }

    std::uint32_t add(mailbox_key box, const std::string& body = "text") {
        return append(box, body)->uid.value();
    }
    mailbox_counters counters(mailbox_key box) { return snapshot(box).info.counters; }
};

}  // namespace

TEST_CASE("I10 store put back: UIDs and modseqs go on above all that were lost") {
    copied_store at;
    at.add(at.inbox(), "in the copy");
    at.copy();
    const auto validity = at.counters(at.inbox()).uid_validity;
    std::uint32_t lost = 0;
    for (int n = 0; n < 100; ++n)
        lost = at.add(at.inbox(), "lost");
    at.change(at.inbox(), only(1), mail::change::add, {mail::flags::seen, {}});
    const auto lost_modseq = at.counters(at.inbox()).highest_modseq;
    at.put_back();
    CHECK(at->keeper.put_backs() == 1);
    const auto now = at.counters(at.inbox());
    CHECK(now.uid_validity == validity);  // what clients keep of the rest stays right
    CHECK(now.uid_next.value() > lost);
    CHECK(now.highest_modseq > lost_modseq);
    CHECK(at.add(at.inbox(), "fresh") > lost);
    CHECK(at.text_of(at.inbox(), 1) == "in the copy");
}

TEST_CASE("store put back: a client that was in step hears what was undone") {
    copied_store at;
    for (int n = 0; n < 100; ++n)
        at.add(at.inbox());
    at.copy();
    const auto lost = at.add(at.inbox(), "lost");
    at.change(at.inbox(), everything(), mail::change::add, {mail::flags::flagged, {"kw"}});
    const auto seen = at.counters(at.inbox()).highest_modseq;
    at.put_back();
    // All flags are another client's news: what it knows is not so any more.
    const auto changes = at.get(at->mailboxes.changes(at.inbox(), seen));
    REQUIRE(changes.has_value());
    CHECK(changes->changed.size() == 100);
    for (const auto& one : changes->changed)
        CHECK(one.bits == 0);
    // It is told all UIDs that are not there, the lost one too.
    CHECK_FALSE(at.get(at->mailboxes.vanished(at.inbox(), seen))->is_complete);
    CHECK(numbers(changes->uids).back() == lost - 1);
    // Who comes after the put back hears what goes from then on.
    const auto after = at.counters(at.inbox()).highest_modseq;
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), only(5))).has_value());
    const auto gone = at.get(at->mailboxes.vanished(at.inbox(), after));
    CHECK(gone->is_complete);
    CHECK(numbers(gone->ranges) == std::vector<std::uint32_t>{5});
}

TEST_CASE("store put back: mailboxes, accounts and queue items get ids that were never given") {
    copied_store at;
    at.copy();
    const auto lost_box = at.make_box("Projects");
    const auto lost_validity = at.counters(lost_box).uid_validity;
    const auto lost_account = at.add_account("b@example.test");
    const auto lost_inbox = at.counters({lost_account, mailbox_id(1)}).uid_validity;
    queue_item item;
    item.reverse_path = "a@example.test";
    item.recipients = {{"x@else.test", "", "", 0}};
    REQUIRE_FALSE(at.deliver("lost", {}, {item}));
    const auto lost_item = at.get(at.store->queue.list(queue_id(), 10)).items.at(0).id;
    at.put_back();
    const auto box = at.make_box("Projects");
    CHECK(box.mailbox > lost_box.mailbox);
    CHECK(at.counters(box).uid_validity > lost_validity);
    const auto account = at.add_account("b@example.test");
    CHECK(account > lost_account);
    CHECK(at.counters({account, mailbox_id(1)}).uid_validity > lost_inbox);
    REQUIRE_FALSE(at.deliver("fresh", {}, {item}));
    CHECK(at.get(at.store->queue.list(queue_id(), 10)).items.at(0).id > lost_item);
}

TEST_CASE("store put back: a mailbox that has no UIDs left to pass over gets another UIDVALIDITY") {
    copied_store at;
    const auto full = at.make_box("full");
    at.add(full);
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        write_txn tx(env);
        const auto key = schema::mailbox_row_key(full);
        auto counters = schema::decode_counters(*tx.get(table::counters, key));
        counters.uid_next = uid(3'000'000'000);
        tx.put(table::counters, key, schema::encode(counters));
        tx.commit();
    }
    at.reopen();
    at.copy();
    const auto validity = at.counters(full).uid_validity;
    at.add(full, "lost");
    at.put_back();
    const auto now = at.counters(full);
    CHECK(now.uid_validity > validity);
    CHECK(now.uid_next == uid(3'000'000'000));
    CHECK(at.make_box("next") != full);
    CHECK(at.counters({at.ann, at.get(at->mailboxes.find(at.ann, "next"))->id}).uid_validity >
          now.uid_validity);
}

TEST_CASE("store put back: twice, and each time above what came in between") {
    copied_store at;
    at.copy();
    const auto first = at.add(at.inbox());
    at.put_back();
    const auto second = at.add(at.inbox());
    CHECK(second > first);
    at.copy();
    const auto third = at.add(at.inbox());
    at.put_back();
    CHECK(at->keeper.put_backs() == 2);
    CHECK(at.add(at.inbox()) > third);
}

TEST_CASE("store put back: a restart, and a folder that is moved, are none") {
    copied_store at;
    const auto before = at.add(at.inbox());
    at.reopen();
    CHECK(at.add(at.inbox()) == before + 1);
    at.close();
    const auto moved = at.dir / "moved";
    std::filesystem::rename(at.options.data_dir, moved);
    at.options.data_dir = moved;
    at.reopen();
    CHECK(at.add(at.inbox()) == before + 2);
    CHECK(at->keeper.put_backs() == 0);
}

TEST_CASE("store put back: the operator can say so where it does not show") {
    copied_store at;
    const auto before = at.add(at.inbox());
    at->keeper.tell_put_back();
    CHECK(at.add(at.inbox()) == before + 1);  // who is being served goes on as before
    at.reopen();
    CHECK(at->keeper.put_backs() == 1);
    CHECK(at.add(at.inbox()) > before + 1'000'000);
    at.reopen();
    CHECK(at->keeper.put_backs() == 1);
}

TEST_CASE("store put back: a store from before this was known is taken as it is") {
    copied_store at;
    const auto before = at.add(at.inbox());
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        write_txn tx(env);
        tx.remove(table::meta, "file_identity");
        tx.commit();
    }
    at.reopen();
    CHECK(at.add(at.inbox()) == before + 1);
    CHECK(at->keeper.put_backs() == 0);
}
