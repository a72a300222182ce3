// What accounts send: counted and limited in the transaction that takes the message.
#include "storage/sender_store.hpp"
#include "store_fixture.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

struct sender_fixture : store_fixture {
    delivery_request request(const std::vector<mail_address>& outside, std::uint32_t here = 0) {
        delivery_request made;
        made.blob = staged("body");
        made.sent.account = ann;
        made.sent.recipients = here + static_cast<std::uint32_t>(outside.size());
        made.sent.outside = outside;
        made.sent.limits = limits;
        queue_item item;
        item.sender = ann;
        item.reverse_path = "a@example.test";
        item.created_at = time.seconds;
        for (const auto& to : outside)
            item.recipients.push_back({to, "", "", 0, time.seconds});
        if (!outside.empty()) made.remote.push_back(std::move(item));
        if (here != 0) made.local.push_back({ann, ""});
        return made;
    }
    error_code send(const std::vector<mail_address>& outside, std::uint32_t here = 0) {
        return get(store->delivery.deliver(request(outside, here)));
    }
    sender_state state(std::vector<mail_address> outside = {}) {
        return get(store->senders.find(ann, std::move(outside)));
    }
    sent_hour sent() { return sum_of(state().hours); }
    std::vector<queue_item> queued() { return get(store->queue.list(queue_id(), 100)).items; }
    queue_claims claim() {
        claim_request wanted;
        wanted.now = time.seconds;
        wanted.lease_until = wanted.now + 60;
        wanted.most_domains = wanted.most_recipients = 100;
        return std::move(*get(store->queue.claim(std::move(wanted))));
    }
    bool note_unknown(std::uint32_t count, std::uint32_t from = 5, std::uint32_t percent = 25) {
        return get(store->senders.note_unknown({ann, count, from, percent})).value();
    }

    sending_limits limits;
};

constexpr std::int64_t hour = 3600;

std::vector<mail_address> addresses(int count, const std::string& domain = "one.test") {
    std::vector<mail_address> made;
    for (int n = 0; n < count; ++n)
        made.push_back("u" + std::to_string(n) + "@" + domain);
    return made;
}

}  // namespace

TEST_CASE_FIXTURE(sender_fixture,
                  "store senders: what is sent is counted, and outlives a restart") {
    REQUIRE_FALSE(send({"x@one.test", "y@one.test"}, 1));
    REQUIRE_FALSE(send({"x@one.test"}));
    reopen();
    const auto sum = sent();
    CHECK(sum.messages == 2);
    CHECK(sum.recipients == 4);
    CHECK(sum.new_recipients == 2);
    CHECK(state({"x@one.test", "z@one.test"}).new_recipients == 1);
    const auto waiting = queued();
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].recipients.at(0).is_new);
    CHECK_FALSE(waiting[1].recipients.at(0).is_new);
}

TEST_CASE_FIXTURE(sender_fixture,
                  "A36 store senders: each limit refuses what goes beyond it, and all of it") {
    struct {
        std::uint32_t sending_limits::*limit;
        std::uint32_t most;
    } const all[] = {{&sending_limits::messages_per_hour, 1},
                     {&sending_limits::messages_per_day, 1},
                     {&sending_limits::recipients_per_hour, 3},
                     {&sending_limits::recipients_per_day, 3},
                     {&sending_limits::new_recipients_per_day, 3}};
    int round = 0;
    for (const auto& one : all) {
        time.seconds += 48 * hour;
        limits = {};
        limits.*one.limit = one.most;
        const auto first = addresses(2, "d" + std::to_string(++round) + ".test");
        const auto second = addresses(2, "e" + std::to_string(round) + ".test");
        const auto before = queued().size();
        REQUIRE_FALSE(send(first));
        CHECK(send(second) == errc::over_sending_limit);
        CHECK(queued().size() == before + 1);
        CHECK(sent().messages == 1);
        CHECK(state(second).new_recipients == 2);
        limits = {};
        CHECK_FALSE(send(second));
    }
}

TEST_CASE_FIXTURE(
    sender_fixture,
    "store senders: limits of an hour open with the next, those of a day a day later") {
    limits.messages_per_hour = 1;
    time.seconds = 1'700'000'000 - 1'700'000'000 % hour + 1800;
    REQUIRE_FALSE(send({"x@one.test"}));
    CHECK(send({"x@one.test"}) == errc::over_sending_limit);
    time.seconds += 1800;
    REQUIRE_FALSE(send({"x@one.test"}));
    limits = {};
    limits.messages_per_day = 2;
    CHECK(send({"x@one.test"}) == errc::over_sending_limit);
    time.seconds += 23 * hour - 1;
    CHECK(send({"x@one.test"}) == errc::over_sending_limit);
    time.seconds += 1;
    CHECK_FALSE(send({"x@one.test"}));
}

TEST_CASE_FIXTURE(
    sender_fixture,
    "store senders: of two messages at the same time for the last place one is refused") {
    limits.messages_per_hour = 1;
    std::vector<error_code> ends;
    const auto send_one = [](delivery_store& to, delivery_request wanted,
                             std::vector<error_code>& into) -> awaitable<void> {
        into.push_back(co_await to.deliver(std::move(wanted)));
    };
    std::vector<delivery_request> requests;
    for (int n = 0; n < 8; ++n)
        requests.push_back(request({"x@one.test"}));
    for (auto& one : requests)
        asio::co_spawn(io, send_one(store->delivery, std::move(one), ends), asio::detached);
    run_until(io, [&ends] { return ends.size() == 8; });
    CHECK(std::count(ends.begin(), ends.end(), error_code()) == 1);
    CHECK(std::count(ends.begin(), ends.end(), make_error_code(errc::over_sending_limit)) == 7);
    CHECK(sent().messages == 1);
}

TEST_CASE_FIXTURE(sender_fixture,
                  "store senders: the longest unseen correspondents are forgotten first") {
    options.max_correspondents = 3;
    reopen();
    REQUIRE_FALSE(send({"a@one.test", "b@one.test"}));
    time.seconds += 24 * hour;
    REQUIRE_FALSE(send({"a@one.test", "c@one.test", "d@one.test"}));
    CHECK(state({"b@one.test"}).new_recipients == 1);
    CHECK(state({"a@one.test", "c@one.test", "d@one.test"}).new_recipients == 0);
    CHECK(findings().empty());
    time.seconds += 24 * hour * 401;
    store->keeper.tidy();
    CHECK(state({"a@one.test", "c@one.test", "d@one.test"}).new_recipients == 3);
    CHECK(findings().empty());
}

TEST_CASE_FIXTURE(
    sender_fixture,
    "store senders: nothing of an account stays when it is removed, but that it is frozen") {
    REQUIRE_FALSE(send(addresses(3)));
    const auto bob = add_account("b@example.test");
    REQUIRE_FALSE(get(store->senders.freeze(bob, freeze_reason::by_operator)));
    REQUIRE_FALSE(get(store->directory.remove_account(ann)));
    REQUIRE_FALSE(get(store->directory.remove_account(bob)));
    CHECK(state().hours.empty());
    CHECK(state(addresses(3)).new_recipients == 3);
    CHECK(get(store->senders.find(bob, {})).frozen.has_value());
    CHECK(findings().empty());
}

TEST_CASE_FIXTURE(sender_fixture,
                  "A37 store senders: what a frozen account has in the queue stays, and goes when "
                  "that is lifted") {
    REQUIRE_FALSE(send({"x@one.test", "y@two.test"}));
    delivery_request of_others;
    of_others.blob = staged("body");
    queue_item other;
    other.created_at = time.seconds;
    other.recipients = {{"z@one.test", "", "", 0, time.seconds}};
    of_others.remote = {other};
    REQUIRE_FALSE(get(store->delivery.deliver(std::move(of_others))));
    REQUIRE_FALSE(get(store->senders.freeze(ann, freeze_reason::by_operator)));
    CHECK(send({"x@one.test"}) == errc::sending_frozen);
    CHECK(queued().at(0).recipients.at(0).frozen);  // also before its time has come
    auto found = claim();
    REQUIRE(found.claims.size() == 1);
    CHECK(found.claims[0].items.at(0).recipients.at(0).to == "z@one.test");
    CHECK(found.next_due == time.seconds + 60);  // of the lease: nothing is due before
    CHECK(findings().empty());
    REQUIRE_FALSE(get(store->queue.retry(queue_id(1), time.seconds)));
    CHECK(claim().claims.empty());
    reopen();
    CHECK(claim().claims.empty());
    CHECK(get(store->senders.unfreeze(ann)).value() == 2);
    CHECK(claim().claims.size() == 2);
    CHECK_FALSE(queued().at(0).recipients.at(0).frozen);
}

TEST_CASE_FIXTURE(
    sender_fixture,
    "store senders: frozen mail can be dropped, and what was held besides stays held") {
    REQUIRE_FALSE(send({"x@one.test"}));
    REQUIRE_FALSE(send({"y@one.test"}));
    REQUIRE_FALSE(get(store->senders.freeze(ann, freeze_reason::by_operator)));
    CHECK(claim().claims.empty());
    REQUIRE_FALSE(get(store->queue.remove(queue_id(1))));
    REQUIRE_FALSE(get(store->queue.hold(queue_id(2), true)));
    CHECK(findings().empty());
    CHECK(get(store->senders.unfreeze(ann)).value() == 1);
    CHECK(claim().claims.empty());
    REQUIRE_FALSE(get(store->queue.hold(queue_id(2), false)));
    CHECK(claim().claims.size() == 1);
}

TEST_CASE_FIXTURE(
    sender_fixture,
    "A37 store senders: many unknown ones among new recipients freeze an account, once") {
    REQUIRE_FALSE(send(addresses(16)));
    CHECK_FALSE(note_unknown(4));
    CHECK_FALSE(state().frozen.has_value());
    CHECK(note_unknown(1));
    REQUIRE(state().frozen.has_value());
    CHECK(state().frozen->reason == freeze_reason::unknown_recipients);
    CHECK(state().frozen->since == time.seconds);
    CHECK_FALSE(note_unknown(10));
    CHECK(get(store->senders.untold()) == std::vector<account_id>{ann});
    reopen();
    CHECK(state().frozen.has_value());
    REQUIRE_FALSE(get(store->senders.note_told(ann)));
    CHECK(get(store->senders.untold()).empty());
    REQUIRE(get(store->senders.unfreeze(ann)));
    CHECK_FALSE(note_unknown(4));  // counted anew
    CHECK(sent().new_recipients == 16);
}

TEST_CASE_FIXTURE(sender_fixture,
                  "store senders: a few bad addresses, or a small part of many, freeze nobody") {
    REQUIRE_FALSE(send(addresses(100)));
    CHECK_FALSE(note_unknown(24));
    time.seconds += 2 * hour;
    CHECK_FALSE(note_unknown(4));  // those are too long ago
    CHECK_FALSE(note_unknown(100, 0));
}
