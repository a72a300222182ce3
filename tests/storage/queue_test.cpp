#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

queue_item item_to(const std::string& to, std::int64_t due_at) {
    queue_item item;
    item.reverse_path = "a@example.test";
    item.recipients = {{to, "rfc822;" + to, "NEVER", 0}};
    item.envelope_id = "env-1";
    item.ret = "HDRS";
    item.smtputf8 = true;
    item.prefix = "Return-Path: <a@example.test>\r\n";
    item.created_at = 100;
    item.due_at = due_at;
    return item;
}

}  // namespace

TEST_CASE("store queue: items come in with a delivery and keep all they say") {
    store_fixture at;
    CHECK_FALSE(at.deliver("body", {{at.ann, ""}},
                           {item_to("x@one.test", 300), item_to("y@two.test", 200)}));
    const auto due = at.get(at.store->queue.list(10));
    REQUIRE(due.size() == 2);
    CHECK(due[0].due_at == 200);
    CHECK(due[1].due_at == 300);
    CHECK(at.get(at.store->queue.list(1)).size() == 1);
    const auto found = at.get(at.store->queue.find(due[1].id));
    REQUIRE(found.has_value());
    CHECK(found->id == queue_id(1));
    CHECK(found->reverse_path == "a@example.test");
    CHECK(found->recipients.at(0).to == "x@one.test");
    CHECK(found->recipients.at(0).original == "rfc822;x@one.test");
    CHECK(found->recipients.at(0).notify == "NEVER");
    CHECK(found->envelope_id == "env-1");
    CHECK(found->ret == "HDRS");
    CHECK(found->smtputf8);
    CHECK_FALSE(found->is_8bit);
    CHECK(found->octets == 4 + found->prefix.size());
    CHECK(at.read_blob(found->blob, 0) == "body");
    CHECK(at->keeper.check().blobs == 1);
}

TEST_CASE("store queue: update moves an item in time, remove frees its blob") {
    store_fixture at;
    CHECK_FALSE(at.deliver("body", {}, {item_to("x@one.test", 300), item_to("y@two.test", 200)}));
    auto item = *at.get(at.store->queue.find(queue_id(1)));
    item.due_at = 100;
    item.held = true;
    item.recipients[0].attempts = 3;
    item.reverse_path = "not written back";
    CHECK_FALSE(at.get(at.store->queue.update(item)));
    const auto due = at.get(at.store->queue.list(10));
    CHECK(due.at(0).id == queue_id(1));
    CHECK(due.at(0).held);
    CHECK(due.at(0).recipients.at(0).attempts == 3);
    CHECK(due.at(0).reverse_path == "a@example.test");
    CHECK_FALSE(at.get(at.store->queue.remove(queue_id(1))));
    CHECK(at->keeper.check().blobs == 1);
    CHECK(at.get(at.store->queue.remove(queue_id(1))) == errc::no_such_message);
    CHECK(at.get(at.store->queue.update(item)) == errc::no_such_message);
    CHECK_FALSE(at.get(at.store->queue.find(queue_id(1))).has_value());
    at.reopen();
    CHECK_FALSE(at.deliver("next", {}, {item_to("z@one.test", 50)}));
    CHECK(at.get(at.store->queue.list(1)).at(0).id == queue_id(3));  // ids are never used again
}
