// What `check` tells of accounts as senders: each finding for a store that has just this damage.
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/sender_rows.hpp"
#include "storage/sender_store.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::lmdb::queue_rows;
using namespace hauspost::storage::lmdb::schema;
using namespace hauspost::storage::test;

namespace {

using findings_list = std::vector<std::string>;

/// Ann has written to x@one.test; then she was frozen, and what waits is held back.
struct sending_store : store_fixture {
    sending_store() {
        is_sound_at_end = false;
        delivery_request request;
        request.blob = staged("sent");
        request.sent.account = ann;
        request.sent.outside = {"x@one.test"};
        queue_item item;
        item.sender = ann;
        item.recipients = {{"x@one.test", "", "", 0, 7}};
        request.remote = {item};
        REQUIRE_FALSE(get(store->delivery.deliver(std::move(request))));
        REQUIRE_FALSE(get(store->senders.freeze(ann, freeze_reason::by_operator)));
        claim_request wanted;
        wanted.now = 10;
        wanted.most_domains = wanted.most_recipients = 5;
        REQUIRE(get(store->queue.claim(wanted))->claims.empty());
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

    const std::uint64_t address = sender_rows::hash_of("x@one.test");
};

}  // namespace

TEST_CASE_FIXTURE(sending_store,
                  "store check: senders, their correspondents and their frozen mail") {
    SUBCASE("a correspondent that is missing") {
        CHECK(after([&](write_txn& tx) {
                  tx.remove(table::correspondent, sender_rows::correspondent_key(ann, address));
              }) == findings_list{"account 1 counts 1 correspondents, there are 0 and 1 of days"});
    }
    SUBCASE("a correspondent of another day") {
        CHECK(after([&](write_txn& tx) {
                  std::string day;
                  append_le(day, std::uint32_t{3});
                  tx.put(table::correspondent, sender_rows::correspondent_key(ann, address), day);
              })
                  .at(0)
                  .ends_with(" of account 1 is not found by its day"));
    }
    SUBCASE("a row that cannot be read") {
        CHECK(after([&](write_txn& tx) { tx.put(table::sender, account_key(ann), "x"); }) ==
              findings_list{"what account 1 has sent is damaged"});
    }
    SUBCASE("a sender that is not there") {
        CHECK(after([&](write_txn& tx) { put_sender(tx, account_id(9), sender_row()); }) ==
              findings_list{"account 9 has sent something and is not there"});
    }
    SUBCASE("a frozen recipient that is not found") {
        CHECK(after([&](write_txn& tx) {
                  tx.remove(table::frozen_mail, frozen_key(ann, {queue_id(1), 0}));
              }) == findings_list{"recipient 0 of queue item 1 is frozen and not found",
                                  "1 frozen recipients have 0 rows"});
    }
    SUBCASE("a crash between that it was lifted and that all went: the rest goes by itself") {
        CHECK(after([&](write_txn& tx) { put_sender(tx, ann, {{}, false, 1, {}}); }).empty());
        CHECK(get(store->queue.find(queue_id(1)))->recipients.at(0).frozen);
        store->keeper.tidy();
        CHECK_FALSE(get(store->queue.find(queue_id(1)))->recipients.at(0).frozen);
        CHECK(findings().empty());
    }
}
