#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

using end = queue_outcome::end;

queue_item item_to(const std::vector<std::string>& all, std::int64_t due_at) {
    queue_item item;
    item.sender = account_id(1);
    item.reverse_path = "a@example.test";
    for (const auto& to : all)
        item.recipients.push_back({to, "rfc822;" + to, "NEVER", 0, due_at});
    item.envelope_id = "env-1";
    item.ret = "HDRS";
    item.smtputf8 = true;
    item.requires_tls = true;
    item.prefix = "Return-Path: <a@example.test>\r\n";
    item.created_at = 100;
    return item;
}

queue_item bulk_to(const std::string& to, std::int64_t due_at) {
    auto item = item_to({to}, due_at);
    item.lane = queue_lane::bulk;
    return item;
}

struct queue_fixture : store_fixture {
    void add(std::vector<queue_item> items) {
        REQUIRE_FALSE(deliver("body", {}, std::move(items)));
    }
    queue_item item(std::uint64_t id) { return get(store->queue.find(queue_id(id))).value(); }
    bool has(std::uint64_t id) { return get(store->queue.find(queue_id(id))).has_value(); }

    queue_claims claim(std::int64_t now,
                       std::vector<std::string> busy = {},
                       std::size_t most_domains = 10,
                       std::size_t most_recipients = 10) {
        claim_request wanted;
        wanted.now = now;
        wanted.lease_until = now + 600;
        wanted.most_domains = most_domains;
        wanted.most_recipients = most_recipients;
        wanted.busy = std::move(busy);
        auto found = get(store->queue.claim(std::move(wanted)));
        REQUIRE(found.has_value());
        return std::move(*found);
    }
    /// One outcome for all that was claimed.
    void settle(const queue_claim& held,
                end what,
                std::int64_t due_at = 0,
                std::int64_t put_off = 0) {
        queue_settlement done;
        done.lease = held.lease;
        done.domain = held.domain;
        done.not_before = put_off;
        for (const auto& item : held.items) {
            for (const auto& one : item.recipients) {
                queue_outcome outcome;
                outcome.id = item.id;
                outcome.number = one.number;
                outcome.what = what;
                outcome.state = queue_state::owes_failed;
                outcome.due_at = due_at;
                outcome.reply = "450 later";
                outcome.host = "mx.one.test";
                outcome.tls = "TLSv1.3";
                done.outcomes.push_back(std::move(outcome));
            }
        }
        REQUIRE_FALSE(get(store->queue.settle(std::move(done))));
    }
    /// All that was claimed is done when this is delivered.
    error_code deliver_for(const queue_claim& held, std::vector<local_copy> local) {
        delivery_request request;
        request.blob = staged("out of the queue");
        request.summary = "sum";
        request.local = std::move(local);
        request.settles.lease = held.lease;
        for (const auto& item : held.items) {
            for (const auto& one : item.recipients) {
                queue_outcome outcome;
                outcome.id = item.id;
                outcome.number = one.number;
                request.settles.outcomes.push_back(std::move(outcome));
            }
        }
        return get(store->delivery.deliver(std::move(request)));
    }
    static std::vector<std::string> domains(const queue_claims& all) {
        std::vector<std::string> found;
        for (const auto& one : all.claims)
            found.push_back(one.domain);
        return found;
    }
};

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("store queue: items come in with a delivery and keep all they say") {
    store_fixture at;
    CHECK_FALSE(at.deliver("body", {{at.ann, ""}},
                           {item_to({"x@one.test"}, 300), item_to({"y@two.test"}, 200)}));
    const auto all = at.get(at.store->queue.list(queue_id(), 10));
    REQUIRE(all.items.size() == 2);
    CHECK_FALSE(all.next.has_value());
    CHECK(all.items[1].recipients.at(0).due_at == 200);
    const auto first = at.get(at.store->queue.list(queue_id(), 1));
    CHECK(first.items.size() == 1);
    CHECK(first.next == queue_id(2));
    const auto found = at.get(at.store->queue.find(queue_id(1)));
    REQUIRE(found.has_value());
    CHECK(found->id == queue_id(1));
    CHECK(found->sender == account_id(1));
    CHECK(found->reverse_path == "a@example.test");
    CHECK(found->recipients.at(0).to == "x@one.test");
    CHECK(found->recipients.at(0).original == "rfc822;x@one.test");
    CHECK(found->recipients.at(0).notify == "NEVER");
    CHECK(found->recipients.at(0).due_at == 300);
    CHECK(found->envelope_id == "env-1");
    CHECK(found->ret == "HDRS");
    CHECK(found->smtputf8);
    CHECK(found->requires_tls);
    CHECK_FALSE(found->is_8bit);
    CHECK(found->octets == 4 + found->prefix.size());
    CHECK(at.read_blob(found->blob, 0) == "body");
    CHECK(at->keeper.check().blobs == 1);
    const auto figures = at.get(at.store->queue.figures());
    CHECK(figures.messages == 2);
    CHECK(figures.recipients == 2);
}

TEST_CASE("store queue: what is due is claimed by domain, the longest due first") {
    queue_fixture at;
    at.add({item_to({"x@one.test", "y@two.test", "z@one.test"}, 300), item_to({"w@two.test"}, 200),
            item_to({"v@three.test"}, 900)});
    CHECK(at.claim(199).claims.empty());
    CHECK(at.claim(199).next_due == 200);
    const auto found = at.claim(300);
    CHECK(at.domains(found) == texts{"two.test", "one.test"});
    CHECK(found.next_due == 900);
    REQUIRE(found.claims[0].items.size() == 2);
    CHECK(found.claims[0].items[0].id == queue_id(2));
    CHECK(found.claims[0].items[1].recipients.size() == 1);
    CHECK(found.claims[0].items[1].recipients[0].to == "y@two.test");
    REQUIRE(found.claims[1].items.size() == 1);
    CHECK(found.claims[1].items[0].recipients.size() == 2);
    CHECK(found.claims[0].lease != found.claims[1].lease);
    CHECK(at.claim(300).claims.empty());  // nobody else gets them
    const auto stored = at.item(2).recipients.at(0);
    CHECK(stored.attempts == 1);  // before anything was tried
    CHECK(stored.attempted_at == 300);
    CHECK(stored.due_at == 900);
}

TEST_CASE("store queue: of messages a claim takes as many as were asked for, of its domain") {
    queue_fixture at;
    at.add({item_to({"a@one.test", "b@one.test"}, 10), item_to({"c@one.test"}, 20),
            item_to({"d@two.test"}, 10), item_to({"e@two.test"}, 20), item_to({"f@two.test"}, 30)});
    claim_request wanted;
    wanted.now = 50;
    wanted.lease_until = 650;
    wanted.most_domains = wanted.most_recipients = 10;
    wanted.most_messages = 2;
    wanted.most_messages_of = {{"one.test", 1}};
    const auto found = at.get(at.store->queue.claim(std::move(wanted)));
    REQUIRE(found->claims.size() == 2);
    CHECK(at.domains(*found) == texts{"one.test", "two.test"});
    REQUIRE(found->claims[0].items.size() == 1);
    CHECK(found->claims[0].items[0].recipients.size() == 2);
    CHECK(found->claims[1].items.size() == 2);
    CHECK(at.item(2).recipients[0].attempts == 0);
    CHECK(at.item(5).recipients[0].attempts == 0);
    CHECK(found->next_due == 20);
}

TEST_CASE("store queue: a claim takes as many as were asked for, and says that more is due") {
    queue_fixture at;
    at.add({item_to({"a@one.test", "b@one.test", "c@one.test"}, 10), item_to({"d@two.test"}, 20)});
    const auto some = at.claim(50, {}, 1, 2);
    CHECK(at.domains(some) == texts{"one.test"});
    CHECK(some.claims[0].items.at(0).recipients.size() == 2);
    CHECK(some.next_due == 10);
    CHECK(at.claim(50, {"one.test"}, 1, 2).next_due == 620 + 30);
    CHECK(at.item(2).recipients[0].attempts == 1);
}

TEST_CASE("store queue: busy domains are passed over, and do not hide others") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10), item_to({"y@two.test"}, 20)});
    CHECK(at.domains(at.claim(50, {"two.test", "one.test"})).empty());
    CHECK(at.domains(at.claim(50, {"one.test"}, 1)) == texts{"two.test"});
}

TEST_CASE("store queue: people come before bulk, and of one domain one at a time") {
    queue_fixture at;
    at.add({bulk_to("b@one.test", 10), bulk_to("b@two.test", 10), item_to({"p@three.test"}, 40),
            item_to({"p@one.test"}, 45)});
    CHECK(at.domains(at.claim(50, {}, 2)) == texts{"three.test", "one.test"});
    CHECK(at.item(4).recipients[0].attempts == 1);
    CHECK(at.item(1).recipients[0].attempts == 0);
    CHECK(at.domains(at.claim(50, {"one.test"})) == texts{"two.test"});
}

TEST_CASE("store queue: what was delivered leaves, its octets with the last recipient") {
    queue_fixture at;
    at.add({item_to({"x@one.test", "y@two.test"}, 10)});
    const auto found = at.claim(50);
    at.settle(found.claims.at(0), end::done);
    CHECK(at.item(1).recipients.size() == 1);
    CHECK(at->keeper.check().blobs == 1);
    at.settle(found.claims.at(1), end::done);
    CHECK_FALSE(at.has(1));
    CHECK(at->keeper.check().blobs == 0);
    CHECK(at.get(at.store->queue.figures()).recipients == 0);
    CHECK_FALSE(at.claim(5000).next_due.has_value());
}

TEST_CASE("store queue: what was put off comes again at its time, and says why") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10)});
    at.settle(at.claim(50).claims.at(0), end::again, 350);
    const auto one = at.item(1).recipients.at(0);
    CHECK(one.last_reply == "450 later");
    CHECK(one.last_host == "mx.one.test");
    CHECK(one.last_tls == "TLSv1.3");
    CHECK(one.lease == 0);
    CHECK(at.claim(349).next_due == 350);
    at.reopen();
    CHECK(at.claim(350).claims.size() == 1);
    CHECK(at.item(1).recipients.at(0).attempts == 2);
}

TEST_CASE("store queue: what was released is due at once, and was no attempt") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10)});
    at.settle(at.claim(50).claims.at(0), end::release);
    CHECK(at.item(1).recipients.at(0).attempts == 0);
    CHECK(at.item(1).recipients.at(0).due_at == at.time.seconds);
    CHECK(at.item(1).recipients.at(0).last_reply.empty());
}

TEST_CASE("store queue: a domain that is put off is claimed by none of its messages before") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10), item_to({"y@one.test"}, 60), bulk_to("z@one.test", 60)});
    at.settle(at.claim(50).claims.at(0), end::again, 100, 700);
    CHECK(at.claim(699).claims.empty());
    CHECK(at.claim(699).next_due == 700);
    CHECK(at->keeper.check().findings.empty());
    const auto found = at.claim(700);
    CHECK(found.claims.at(0).items.size() == 2);
    at.settle(found.claims.at(0), end::again, 710);  // it is well
    CHECK(at.claim(710).claims.at(0).items.at(0).recipients.at(0).to == "x@one.test");
}

TEST_CASE("store queue: with its last message a domain is forgotten") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10)});
    at.settle(at.claim(50).claims.at(0), end::done, 0, 9000);
    at.add({item_to({"y@one.test"}, 60)});
    CHECK(at.claim(60).claims.size() == 1);
}

TEST_CASE("store queue: senders who are to be told are a claim of their own") {
    queue_fixture at;
    at.add({item_to({"x@one.test", "y@two.test"}, 10)});
    for (const auto& one : at.claim(50).claims)
        at.settle(one, end::report);
    CHECK(at.item(1).recipients.at(0).state == queue_state::owes_failed);
    const auto found = at.claim(at.time.seconds);
    REQUIRE(found.claims.size() == 1);
    CHECK(found.claims[0].domain.empty());
    CHECK(found.claims[0].items.at(0).recipients.size() == 2);
    at.settle(found.claims[0], end::done);
    CHECK_FALSE(at.has(1));
}

TEST_CASE(
    "store queue: after the end of a lease another gets it, and the first one's word is late") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10)});
    const auto dead = at.claim(50).claims.at(0);
    CHECK(at.claim(649).claims.empty());
    const auto next = at.claim(650).claims.at(0);
    at.settle(dead, end::done);
    CHECK(at.has(1));
    CHECK(at.get(at.store->queue.renew(dead, 9000)) == errc::no_such_message);
    at.settle(next, end::done);
    CHECK_FALSE(at.has(1));
}

TEST_CASE("store queue: a lease that is renewed lasts") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10)});
    const auto held = at.claim(50).claims.at(0);
    CHECK_FALSE(at.get(at.store->queue.renew(held, 2000)));
    CHECK(at.claim(1999).claims.empty());
    CHECK(at.claim(1999).next_due == 2000);
}

TEST_CASE("store queue: an operator's retry makes a message due, whatever kept it") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10), item_to({"y@two.test"}, 10)});
    const auto found = at.claim(50);
    at.settle(found.claims.at(0), end::again, 5000, 6000);
    REQUIRE_FALSE(at.get(at.store->queue.hold(queue_id(1), true)));
    CHECK_FALSE(at.get(at.store->queue.retry(queue_id(1), 70)));
    CHECK(at.claim(70).claims.size() == 1);
    CHECK_FALSE(at.get(at.store->queue.retry(queue_id(2), 70)));  // somebody is at it
    CHECK(at.claim(70).claims.empty());
    CHECK(at.get(at.store->queue.retry(queue_id(3), 70)) == errc::no_such_message);
}

TEST_CASE("store queue: what is held is never due, and counts as sound") {
    queue_fixture at;
    at.add({item_to({"x@one.test", "y@two.test"}, 10)});
    CHECK_FALSE(at.get(at.store->queue.hold(queue_id(1), true)));
    CHECK(at.claim(50).claims.empty());
    CHECK_FALSE(at.claim(50).next_due.has_value());
    CHECK(at->keeper.check().findings.empty());
    CHECK_FALSE(at.get(at.store->queue.hold(queue_id(1), false)));
    CHECK(at.claim(50).claims.size() == 2);
    CHECK(at.get(at.store->queue.hold(queue_id(3), true)) == errc::no_such_message);
}

TEST_CASE("store queue: a message is taken out, also while somebody delivers it") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 300), item_to({"y@two.test"}, 200)});
    const auto held = at.claim(200).claims.at(0);
    CHECK_FALSE(at.get(at.store->queue.remove(queue_id(2))));
    at.settle(held, end::again, 500);
    CHECK_FALSE(at.has(2));
    CHECK_FALSE(at.get(at.store->queue.remove(queue_id(1))));
    CHECK(at.get(at.store->queue.remove(queue_id(1))) == errc::no_such_message);
    CHECK(at->keeper.check().blobs == 0);
    at.reopen();
    at.add({item_to({"z@one.test"}, 50)});
    CHECK(at.item(3).recipients.at(0).to == "z@one.test");  // ids are never used again
}

TEST_CASE("store queue: a long reply is cut between characters") {
    queue_fixture at;
    at.add({item_to({"x@one.test"}, 10)});
    const auto held = at.claim(50).claims.at(0);
    queue_settlement done;
    done.lease = held.lease;
    done.domain = held.domain;
    queue_outcome outcome;
    outcome.id = queue_id(1);
    outcome.what = end::again;
    outcome.due_at = 99;
    for (int n = 0; n < 1000; ++n)
        outcome.reply += "\xc3\xbc";
    outcome.reply.insert(0, "x");
    done.outcomes = {outcome};
    REQUIRE_FALSE(at.get(at.store->queue.settle(done)));
    CHECK(at.item(1).recipients.at(0).last_reply.size() == 511);
}

TEST_CASE("store queue: what is delivered out of the queue leaves it by the same commit, once") {
    queue_fixture at;
    at.add({item_to({"x@one.test", "y@one.test", "z@two.test"}, 10)});
    const auto found = at.claim(50);
    REQUIRE(found.claims.size() == 2);
    const auto& held = found.claims[0];
    REQUIRE(held.items.at(0).recipients.size() == 2);
    CHECK_FALSE(at.deliver_for(held, {{at.ann, ""}}));
    CHECK(at.walk(at.inbox()).size() == 1);
    CHECK(at.item(1).recipients.size() == 1);
    CHECK(at.deliver_for(held, {{at.ann, ""}}) == errc::changed_meanwhile);
    CHECK(at.walk(at.inbox()).size() == 1);
    CHECK_FALSE(at.deliver_for(found.claims[1], {{at.ann, ""}}));
    CHECK_FALSE(at.has(1));
}

TEST_CASE("store queue: what is refused settles nothing, and what is not held is refused") {
    queue_fixture at;
    at.add({item_to({"x@one.test", "y@one.test"}, 10)});
    const auto first = at.claim(50).claims.at(0);
    CHECK(at.deliver_for(first, {{account_id(999), ""}}) == errc::no_such_account);
    CHECK(at.item(1).recipients.at(0).lease == first.lease);
    // Its time is over, and another one is at it.
    const auto second = at.claim(50 + 600).claims.at(0);
    CHECK(at.deliver_for(first, {{at.ann, ""}}) == errc::changed_meanwhile);
    CHECK(at.walk(at.inbox()).size() == 0);
    // One of them an operator has taken out: of the rest nobody knows.
    CHECK_FALSE(at.get(at.store->queue.remove(queue_id(1))));
    CHECK(at.deliver_for(second, {{at.ann, ""}}) == errc::changed_meanwhile);
    CHECK(at.walk(at.inbox()).size() == 0);
}
