// The message trace: what is written with which change, and how it is found.
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/trace_notes.hpp"
#include "storage/lmdb/trace_rows.hpp"
#include "storage/trace_store.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

using steps = std::vector<trace_step>;
using enum trace_step;

trace_event event_of(trace_step step, std::uint64_t id = 0) {
    trace_event event;
    event.step = step;
    event.id = trace_id(id);
    return event;
}

struct trace_fixture : store_fixture {
    trace_fixture() { time.milliseconds = 1; }

    /// A message for ann, and for some elsewhere; a second after the one before.
    void take(std::uint64_t id,
              const std::string& from,
              const std::string& to = "a@example.test",
              const std::vector<std::string>& remote = {}) {
        ++time.seconds;
        delivery_request request;
        request.blob = staged("body " + std::to_string(id));
        request.summary = "sum";
        request.local.push_back({ann, ""});
        auto received_event = event_of(received, id);
        received_event.from = from;
        received_event.message_id = std::to_string(id) + "@" + from;
        request.trace.push_back(received_event);
        auto stored_event = event_of(stored, id);
        stored_event.to = to;
        stored_event.target = "a@example.test";
        stored_event.account = ann;
        request.trace.push_back(stored_event);
        for (const auto& target : remote) {
            auto queued_event = event_of(queued, id);
            queued_event.number = request.remote.size();
            queued_event.to = to;
            queued_event.target = target;
            request.trace.push_back(queued_event);
            queue_item item;
            item.reverse_path = from;
            item.recipients.push_back({target, "", ""});
            request.remote.push_back(item);
        }
        REQUIRE_FALSE(get(store->delivery.deliver(std::move(request))));
    }
    void refuse(const std::string& to) {
        auto event = event_of(refused);
        event.at = time.seconds * 1000;
        event.from = "spam@b.test";
        event.to = to;
        store->trace.note(std::move(event));
    }

    trace_page find(trace_query wanted = {}) {
        auto found = get(store->trace.find(std::move(wanted)));
        REQUIRE(found.has_value());
        return std::move(*found);
    }
    trace_page of_address(const std::string& address) {
        trace_query wanted;
        wanted.address = address;
        return find(wanted);
    }
    trace_page of_id(std::uint64_t id) {
        trace_query wanted;
        wanted.id = trace_id(id);
        return find(wanted);
    }
    static steps steps_of(const traced_message& message) {
        steps all;
        for (const auto& one : message.steps)
            all.push_back(one.step);
        return all;
    }
    /// Ids of messages, in the order of the page.
    static std::vector<std::uint64_t> ids(const trace_page& page) {
        std::vector<std::uint64_t> all;
        for (const auto& one : page.messages)
            all.push_back(one.steps.front().id.value());
        return all;
    }
    void settle(trace_step told, queue_outcome::end what = queue_outcome::end::done) {
        claim_request wanted;
        wanted.now = time.seconds + 1'000'000;
        wanted.lease_until = wanted.now + 600;
        wanted.most_recipients = 10;
        const auto claims = get(store->queue.claim(std::move(wanted)));
        REQUIRE(claims->claims.size() == 1);
        const auto& claim = claims->claims.front();
        queue_settlement done;
        done.lease = claim.lease;
        done.domain = claim.domain;
        queue_outcome outcome;
        outcome.id = claim.items.front().id;
        outcome.number = claim.items.front().recipients.front().number;
        outcome.what = what;
        outcome.due_at = time.seconds + 300;
        outcome.reply = "451 4.3.0 later";
        outcome.host = "mx.c.test [192.0.2.7]";
        outcome.tls = "TLSv1.3";
        outcome.trace = told;
        done.outcomes.push_back(std::move(outcome));
        REQUIRE_FALSE(get(store->queue.settle(std::move(done))));
    }
    std::size_t rows() {
        close();
        environment env(options.data_dir / "meta", options.map_octets);
        std::size_t count = 0;
        {
            const read_txn tx(env);
            count = tx.count(table::trace);
        }
        return count;
    }
};

}  // namespace

TEST_CASE("store trace: an id can be read out, and is understood as people write it") {
    CHECK(to_text(trace_id(0)) == "0000000000000");
    CHECK(to_text(trace_id(UINT64_MAX)) == "FZZZZZZZZZZZZ");
    CHECK(to_text(trace_id(33)) == "0000000000011");
    for (const std::uint64_t number : {1ull, 31ull, 0x0123456789abcdefull, ~0ull})
        CHECK(parse_trace_id(to_text(trace_id(number))) == trace_id(number));
    CHECK(parse_trace_id("oOoOoOoOoOoIl") == trace_id(33));
    CHECK(parse_trace_id("fzzzzzzzzzzzz") == trace_id(UINT64_MAX));
    CHECK_FALSE(parse_trace_id("GZZZZZZZZZZZZ").has_value());  // 65 bits
    CHECK_FALSE(parse_trace_id("0000000000000").has_value());
    CHECK_FALSE(parse_trace_id("00000000000U1").has_value());
    CHECK_FALSE(parse_trace_id("123").has_value());
    CHECK_FALSE(parse_trace_id("").has_value());
}

TEST_CASE("store trace: a row keeps all that a step says, and cuts what is too long") {
    trace_event event;
    event.step = expunged;
    event.rule = trace_rule::forward;
    event.door = trace_door::imap;
    event.at = 5'000;
    event.id = trace_id(7);
    event.blob = blob_id(UINT64_MAX);
    event.account = account_id(9);
    event.from = "from";
    event.to = "to";
    event.target = "target";
    event.by = "by";
    event.peer = "peer";
    event.words = "words";
    event.tls = "tls";
    event.message_id = "message";
    event.subject = "subject";
    event.number = UINT64_MAX;
    event.attempt = 300;
    event.due_at = 1'700'000'000;
    event.blobs = {blob_id(1), blob_id(200), blob_id(UINT64_MAX)};
    const trace_place at{6'000'000, 1};
    const auto back = trace_rows::decode(at, trace_rows::encode(event, 6'000));
    CHECK(back.step == event.step);
    CHECK(back.rule == event.rule);
    CHECK(back.door == event.door);
    CHECK(back.at == 5'000);
    CHECK(back.id == event.id);
    CHECK(back.blob == event.blob);
    CHECK(back.account == event.account);
    CHECK(back.from == "from");
    CHECK(back.to == "to");
    CHECK(back.target == "target");
    CHECK(back.by == "by");
    CHECK(back.peer == "peer");
    CHECK(back.words == "words");
    CHECK(back.tls == "tls");
    CHECK(back.message_id == "message");
    CHECK(back.subject == "subject");
    CHECK(back.number == event.number);
    CHECK(back.attempt == 300);
    CHECK(back.due_at == event.due_at);
    CHECK(back.blobs == event.blobs);

    for (auto* text : {&event.from, &event.to, &event.target, &event.by, &event.peer, &event.words,
                       &event.tls, &event.message_id, &event.subject})
        *text = std::string(5'000, 'x');
    event.blobs.assign(trace_rows::max_blobs, blob_id(UINT64_MAX));
    CHECK(trace_rows::encode(event, 6'000).size() <= schema::max_value_octets);
    event.blobs.clear();
    const auto cut = trace_rows::encode(event, 6'000);
    CHECK(cut.size() <= schema::max_value_octets);
    CHECK(trace_rows::decode(at, cut).from == std::string(320, 'x'));
    CHECK(trace_rows::place_of(trace_rows::key_of(at)) == at);
}

TEST_CASE("store trace: no damaged row is read as a step or past its end") {
    trace_event event = event_of(received, 5);
    event.from = "a@b.test";
    event.blobs = {blob_id(1), blob_id(1'000)};
    const auto row = trace_rows::encode(event, 0);
    for (std::size_t n = 0; n < row.size(); ++n) {
        const auto part = row.substr(0, n);
        const trace_rows::view view(part);
        if (view.is_sound()) (void)view.text(trace_rows::field::from);
        for (int octet = 0; octet < 256; octet += 3) {
            auto other = row;
            other[n] = static_cast<char>(octet);
            try {
                (void)trace_rows::decode({}, other);
            } catch (const fault&) {
                CHECK(n < row.size());
            }
            const trace_rows::view odd(other);
            if (odd.is_sound()) (void)odd.text(trace_rows::field::subject);
        }
    }
    CHECK_THROWS_AS((void)trace_rows::decode({}, ""), fault);
    CHECK_THROWS_AS((void)trace_rows::decode({}, row.substr(0, row.size() - 1)), fault);
    CHECK_THROWS_AS((void)trace_rows::place_of("short"), fault);
}

TEST_CASE("store trace: a message has its whole life, whoever asks for it") {
    trace_fixture at;
    at.take(1, "x@b.test", "sales@example.test", {"y@c.test"});
    at.take(2, "x@b.test");
    at.settle(postponed, queue_outcome::end::again);
    at.settle(delivered);
    REQUIRE(
        at.get(at->mailboxes.remove_messages(
                   at.inbox(), only(1), trace_actor(trace_door::imap, "a@example.test", "Mutt")))
            .has_value());
    const steps life{received, stored, queued, postponed, delivered, expunged};

    const auto one = at.of_id(1);
    REQUIRE(one.messages.size() == 1);
    CHECK_FALSE(one.next.has_value());
    const auto& message = one.messages.front();
    CHECK(at.steps_of(message) == life);
    CHECK(message.steps[0].from == "x@b.test");
    CHECK(message.steps[0].at == at.time.seconds * 1000 - 1000 + 1);
    CHECK(message.steps[2].target == "y@c.test");
    CHECK(message.steps[2].number == 1);  // the queue id
    CHECK(message.steps[3].words == "451 4.3.0 later");
    CHECK(message.steps[3].peer == "mx.c.test [192.0.2.7]");
    CHECK(message.steps[3].tls == "TLSv1.3");
    CHECK(message.steps[3].attempt == 1);
    CHECK(message.steps[3].due_at == at.time.seconds + 300);
    CHECK(message.steps[4].attempt == 2);
    CHECK(message.steps[5].by == "a@example.test");
    CHECK(message.steps[5].peer == "Mutt");
    CHECK(message.steps[5].target == "INBOX");
    CHECK(message.steps[5].door == trace_door::imap);

    CHECK(at.ids(at.of_address("x@b.test")) == std::vector<std::uint64_t>{2, 1});
    CHECK(at.ids(at.of_address("@b.test")) == std::vector<std::uint64_t>{2, 1});
    CHECK(at.ids(at.of_address("y@c.test")) == std::vector<std::uint64_t>{1});
    CHECK(at.ids(at.of_address("sales@example.test")) == std::vector<std::uint64_t>{1});
    CHECK(at.steps_of(at.of_address("y@c.test").messages.front()) == life);
    CHECK(at.of_address("@other.test").messages.empty());
    CHECK(at.of_address("b.test").messages.empty());

    trace_query wanted;
    wanted.message_id = "1@x@b.test";
    CHECK(at.ids(at.find(wanted)) == std::vector<std::uint64_t>{1});
    wanted.address = "a@example.test";  // another step of the same message
    CHECK(at.ids(at.find(wanted)) == std::vector<std::uint64_t>{1});
    wanted.address = "y@d.test";
    CHECK(at.find(wanted).messages.empty());
    CHECK(at.of_id(3).messages.empty());
}

TEST_CASE("store trace: an account's list has what came to it and what was removed from it") {
    trace_fixture at;
    at.take(1, "x@b.test");
    at.take(2, "x@b.test");
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), everything())).has_value());
    trace_query wanted;
    wanted.account = at.ann;
    auto page = at.find(wanted);
    REQUIRE(page.messages.size() == 3);
    CHECK(at.steps_of(page.messages[0]) == steps{expunged});
    CHECK(page.messages[0].steps[0].number == 2);
    CHECK(at.steps_of(page.messages[1]) == steps{received, stored, expunged});
    CHECK(page.messages[1].steps[2].number == 2);
    wanted.account = account_id(77);
    CHECK(at.find(wanted).messages.empty());
    wanted.account_name = "a@example.test";  // of an account that is no more
    CHECK(at.find(wanted).messages.size() == 2);
}

TEST_CASE("store trace: pages follow one another without a gap and without a repetition") {
    trace_fixture at;
    for (std::uint64_t id = 1; id <= 25; ++id)
        at.take(id, "x@b.test", "a@example.test", {"y@c.test", "z@c.test"});
    for (const std::size_t most : {1u, 4u, 25u, 26u}) {
        CAPTURE(most);
        trace_query wanted;
        wanted.address = "@c.test";
        wanted.most = most;
        std::vector<std::uint64_t> all;
        for (bool is_more = true; is_more;) {
            const auto page = at.find(wanted);
            CHECK(page.messages.size() <= most);
            for (const auto id : at.ids(page))
                all.push_back(id);
            wanted.before = page.next;
            is_more = page.next.has_value();
        }
        CHECK(all.size() == 25);
        CHECK(std::is_sorted(all.rbegin(), all.rend()));
        CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
    }
}

TEST_CASE("store trace: a message belongs to the time at which it came") {
    trace_fixture at;
    at.take(1, "x@b.test", "a@example.test", {"y@c.test"});
    const auto between = at.time.seconds * 1000 + 500;
    at.take(2, "x@b.test");
    at.settle(delivered);
    trace_query wanted;
    wanted.until = between;
    auto page = at.find(wanted);
    CHECK(at.ids(page) == std::vector<std::uint64_t>{1});
    CHECK(page.messages[0].steps.back().step == delivered);  // what came of it later
    wanted = {};
    wanted.since = between;
    CHECK(at.ids(at.find(wanted)) == std::vector<std::uint64_t>{2});
}

TEST_CASE("store trace: what is noted is found at once, and is on disk with the next change") {
    trace_fixture at;
    at.refuse("nobody@example.test");
    at.refuse("noone@example.test");
    const auto page = at.of_address("nobody@example.test");
    REQUIRE(page.messages.size() == 1);
    CHECK(page.messages[0].steps[0].from == "spam@b.test");
    CHECK(page.messages[0].steps[0].at == at.time.seconds * 1000);
    at.refuse("third@example.test");
    at.take(1, "x@b.test");
    at.refuse("fourth@example.test");
    at.reopen();  // the end of a run writes the rest
    CHECK(at.find().messages.size() == 5);
}

TEST_CASE("store trace: what waits is written alone after a while") {
    trace_fixture at;
    at.close();
    at.options.trace_delay = std::chrono::milliseconds(0);
    at.reopen();
    at.refuse("nobody@example.test");
    // Nothing else is written, and nobody asks: until the janitor looks.
    const auto is_written = [&at] {
        std::ifstream in(at.options.data_dir / "meta" / "data.mdb", std::ios::binary);
        const std::string all((std::istreambuf_iterator<char>(in)), {});
        return all.find("nobody@example.test") != std::string::npos;
    };
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_written() && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    CHECK(is_written());
}

TEST_CASE("store trace: more than may wait is dropped, and the trace says so") {
    trace_fixture at;
    constexpr std::size_t all = trace_notes::max_waiting + 7;
    for (std::size_t n = 0; n < all; ++n)
        at.refuse("nobody@example.test");
    trace_query wanted;
    wanted.most = 2 * all;
    wanted.address = "none@example.test";
    const auto page = at.find(wanted);  // belongs into each list
    REQUIRE(page.messages.size() == 1);
    CHECK(page.messages[0].steps[0].step == steps_lost);
    CHECK(page.messages[0].steps[0].number == 7);
}

TEST_CASE("store trace: notes are handed out until a commit has them") {
    trace_notes notes;
    CHECK_FALSE(notes.is_waiting(std::chrono::seconds(0)));
    notes.add(event_of(refused, 1));
    std::vector<std::uint64_t> seen;
    const auto look = [&seen](const trace_event& event) { seen.push_back(event.id.value()); };
    notes.hand_out(look);
    notes.add(event_of(refused, 2));
    notes.hand_out(look);  // the first commit has failed
    CHECK(seen == std::vector<std::uint64_t>{1, 1});
    notes.forget_written();
    CHECK(notes.is_waiting(std::chrono::seconds(0)));
    CHECK_FALSE(notes.is_waiting(std::chrono::hours(1)));
    notes.hand_out(look);
    notes.forget_written();
    CHECK(seen == std::vector<std::uint64_t>{1, 1, 2});
    CHECK_FALSE(notes.is_waiting(std::chrono::seconds(0)));
    notes.add(event_of(refused, 3));
    notes.drop();
    std::uint64_t lost = 0;
    notes.hand_out([&lost](const trace_event& event) {
        if (event.step == steps_lost) lost += event.number;
    });
    CHECK(lost == 1);
}

TEST_CASE(
    "store trace: rows go with their own time and size, messages and accounts do not matter") {
    trace_fixture at;
    at.take(1, "x@b.test");
    REQUIRE_FALSE(at.get(at->directory.remove_account(at.ann)));
    at->keeper.tidy();
    CHECK_FALSE(at.of_id(1).messages.empty());
    at.time.seconds += 29 * 86'400;
    at->keeper.tidy();
    CHECK_FALSE(at.of_id(1).messages.empty());
    at.time.seconds += 2 * 86'400;
    at->keeper.tidy();
    CHECK(at.of_id(1).messages.empty());
}

TEST_CASE("store trace: the oldest rows go where it is too large") {
    trace_fixture at;
    at.close();
    at.options.trace_octets = 1'000'000;
    at.reopen();
    for (int n = 0; n < 4; ++n) {
        for (int i = 0; i < 4'000; ++i)
            at.refuse(std::string(280, 'x') + "@example.test");
        trace_query nothing;
        nothing.id = trace_id(1);
        (void)at.find(nothing);
    }
    at->keeper.tidy();
    at.close();
    const auto left = at.rows();
    CHECK(left > 0);
    CHECK(left < 5'000);
    at.reopen();
}

TEST_CASE("store trace: switched off it keeps nothing, and forgets what was kept") {
    trace_fixture at;
    at.take(1, "x@b.test");
    at.close();
    at.options.trace_days = 0;
    at.reopen();
    CHECK_FALSE(at->trace.is_on());
    at.take(2, "x@b.test");
    at.refuse("nobody@example.test");
    CHECK(at.find().messages.size() == 1);
    at->keeper.tidy();
    CHECK(at.find().messages.empty());
}

TEST_CASE("store trace: operators, the end of the retention time and restoring leave their steps") {
    trace_fixture at;
    at.take(1, "x@b.test", "a@example.test", {"y@c.test"});
    REQUIRE_FALSE(at.get(at->queue.hold(queue_id(1), true)));
    REQUIRE_FALSE(at.get(at->queue.hold(queue_id(1), false)));
    REQUIRE_FALSE(at.get(at->queue.retry(queue_id(1), at.time.seconds)));
    REQUIRE_FALSE(at.get(at->queue.remove(queue_id(1))));
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), everything())).has_value());
    REQUIRE(at.get(at->expunged.restore("a@example.test", std::chrono::hours(1)))->messages == 1);
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), everything())).has_value());
    REQUIRE(*at.get(at->expunged.purge("a@example.test")) == 1);
    const auto page = at.of_id(1);
    REQUIRE(page.messages.size() == 1);
    CHECK(at.steps_of(page.messages[0]) == steps{received, stored, queued, held, released, retried,
                                                 dropped, expunged, restored, expunged, purged});
    CHECK(page.messages[0].steps.back().door == trace_door::administrator);
    at.take(2, "x@b.test");
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), everything())).has_value());
    at.time.seconds += 20 * 86'400;
    at->keeper.tidy();
    const auto later = at.of_id(2);
    const auto& gone = later.messages.at(0).steps.back();
    CHECK(gone.step == purged);
    CHECK(gone.door == trace_door::server);
}

TEST_CASE("store trace: a message of very many steps keeps its first and its last ones") {
    trace_fixture at;
    at.take(1, "x@b.test", "a@example.test", {"y@c.test"});
    for (int n = 0; n < 5'000; ++n)
        REQUIRE_FALSE(at.get(at->queue.retry(queue_id(1), at.time.seconds)));
    REQUIRE_FALSE(at.get(at->queue.remove(queue_id(1))));
    const auto page = at.of_id(1);
    const auto& message = page.messages.at(0);
    CHECK(message.steps.front().step == received);
    CHECK(message.steps.back().step == dropped);
    CHECK(message.steps.size() + message.left_out == 5'004);
    CHECK(message.left_out > 0);
}

TEST_CASE("store trace: check tells of a damaged row") {
    trace_fixture at;
    at.take(1, "x@b.test");
    CHECK(at.findings().empty());
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        write_txn tx(env);
        tx.put(table::trace, trace_rows::key_of({1, 1}), "no row");
        tx.commit();
    }
    at.reopen();
    CHECK(at.findings() == std::vector<std::string>{"a row of the trace is damaged"});
    CHECK(at.find().messages.size() == 1);
    at.is_sound_at_end = false;
}
