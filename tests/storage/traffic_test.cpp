// Counters of what passes: written with the changes that they tell of.
#include "storage/lmdb/env.hpp"
#include "storage/trace_store.hpp"
#include "storage/traffic_store.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

constexpr std::int64_t hour = 3600;

struct traffic_fixture : store_fixture {
    /// A message for ann by this door.
    void take(trace_door door) {
        delivery_request request;
        request.blob = staged("body");
        request.summary = "sum";
        request.local.push_back({ann, ""});
        trace_event event;
        event.step = trace_step::received;
        event.door = door;
        request.trace.push_back(event);
        REQUIRE_FALSE(get(store->delivery.deliver(std::move(request))));
    }
    void note(trace_step step, std::uint64_t number = 0) {
        trace_event event;
        event.step = step;
        event.number = number;
        store->trace.note(std::move(event));
    }
    std::vector<hourly_traffic> read(std::int64_t since = 0) {
        return get(store->traffic.read(since));
    }
    traffic sum() {
        traffic all;
        for (const auto& one : read())
            all += one.passed;
        return all;
    }
};

}  // namespace

TEST_CASE_FIXTURE(traffic_fixture, "traffic: messages are counted by their door, an hour each") {
    take(trace_door::smtp);
    take(trace_door::smtp);
    take(trace_door::submission);
    time.seconds += hour;
    take(trace_door::smtp);
    const auto hours = read();
    REQUIRE(hours.size() == 2);
    CHECK(hours[0].passed.received == 2);
    CHECK(hours[0].passed.submitted == 1);
    CHECK(hours[1].passed.received == 1);
    CHECK(hours[1].begins_at - hours[0].begins_at == hour);
    CHECK(hours[1].begins_at % hour == 0);
    CHECK(read(time.seconds).size() == 1);
    CHECK(read(time.seconds + hour).empty());
}

TEST_CASE_FIXTURE(traffic_fixture, "traffic: what is noted is counted with the next change, once") {
    note(trace_step::refused);
    note(trace_step::more_refused, 40);
    store->traffic.note_sign_in(true);
    store->traffic.note_sign_in(false);
    store->traffic.note_sign_in(false);
    CHECK(read().empty());
    take(trace_door::smtp);
    take(trace_door::smtp);
    const auto all = sum();
    CHECK(all.refused == 41);
    CHECK(all.sign_ins == 1);
    CHECK(all.wrong_passwords == 2);
    CHECK(all.received == 2);
}

TEST_CASE_FIXTURE(traffic_fixture,
                  "traffic: what is noted before a stop is there after the start") {
    store->traffic.note_sign_in(true);
    reopen();
    CHECK(sum().sign_ins == 1);
}

TEST_CASE_FIXTURE(traffic_fixture, "traffic: a message that was not stored is not counted") {
    delivery_request request;
    request.blob = staged("body");
    request.summary = "sum";
    request.local.push_back({account_id(4711), ""});  // nobody
    trace_event event;
    event.step = trace_step::received;
    event.door = trace_door::smtp;
    request.trace.push_back(event);
    CHECK(get(store->delivery.deliver(std::move(request))));
    CHECK(sum() == traffic());
}

TEST_CASE_FIXTURE(traffic_fixture, "traffic: it is counted where no trace is kept") {
    options.trace_days = 0;
    reopen();
    take(trace_door::submission);
    note(trace_step::refused);
    take(trace_door::submission);
    CHECK(sum().submitted == 2);
    CHECK(sum().refused == 1);
}

TEST_CASE_FIXTURE(traffic_fixture, "traffic: hours go with time, when another one begins") {
    take(trace_door::smtp);
    time.seconds += traffic_store::hours_kept * hour;
    take(trace_door::smtp);
    CHECK(read().size() == 2);
    time.seconds += hour;
    take(trace_door::smtp);
    const auto hours = read();
    REQUIRE(hours.size() == 2);
    CHECK(hours.back().begins_at - hours.front().begins_at == hour);
}
