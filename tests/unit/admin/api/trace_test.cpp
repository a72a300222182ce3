#include "admin/trace.hpp"

#include "admin/api/trace_words.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <ctime>

using namespace hauspost;
using namespace hauspost::test;
using storage::trace_door;
using storage::trace_event;
using storage::trace_rule;
using storage::trace_step;

namespace {

trace_event step(trace_step what, const std::string& to = "") {
    trace_event event;
    event.step = what;
    event.to = to;
    event.at = 900'000;
    return event;
}

storage::traced_message forwarded() {
    storage::traced_message message;
    auto came = step(trace_step::received);
    came.id = storage::trace_id(33);
    came.door = trace_door::smtp;
    came.from = "x@b.example";
    came.peer = "mx.b.example [192.0.2.1]";
    came.tls = "TLSv1.3";
    came.number = 2048;
    came.message_id = "1@b.example";
    auto kept = step(trace_step::stored, "anna@a.example");
    kept.rule = trace_rule::exact;
    kept.account = account_id(1);
    auto sent_on = step(trace_step::queued, "anna@a.example");
    sent_on.target = "anna@c.example";
    sent_on.rule = trace_rule::forward;
    sent_on.number = 7;
    message.steps = {came, kept, sent_on};
    return message;
}

}  // namespace

TEST_CASE("trace: what a message went through is told in sentences") {
    auto message = forwarded();
    auto later = step(trace_step::postponed, "anna@c.example");
    later.attempt = 1;
    later.peer = "mx.c.example [192.0.2.7]";
    later.words = "451 4.3.0 later";
    auto gone = step(trace_step::expunged);
    gone.account = account_id(1);
    gone.door = trace_door::imap;
    gone.by = "anna@a.example";
    gone.peer = "Thunderbird 115";
    gone.target = "INBOX";
    gone.number = 3;
    message.steps.push_back(later);
    message.steps.push_back(gone);
    std::vector<std::string> told;
    for (const auto& one : message.steps)
        told.push_back(admin::api::sentence_of(one));
    const std::vector<std::string> expected{
        "Received from mx.b.example [192.0.2.1], 2 KB, encrypted with TLSv1.3",
        "Put into the mailbox of anna@a.example",
        "For anna@a.example: Waits to be sent to anna@c.example, to where anna@a.example forwards "
        "(number 7 in the queue)",
        "Attempt 1 to send to anna@c.example did not succeed, another follows; "
        "mx.c.example [192.0.2.7] said: 451 4.3.0 later",
        "Deleted from the mailbox INBOX by anna@a.example with Thunderbird 115 (IMAP), with 2 "
        "others"};
    CHECK(told == expected);
    CHECK(admin::api::state_of(message) == "deleted, waiting");
}

TEST_CASE("trace: each step, rule and door has a name and a sentence") {
    for (int n = 1; n <= static_cast<int>(storage::last_trace_step); ++n) {
        const auto what = static_cast<trace_step>(n);
        CAPTURE(n);
        CHECK(admin::api::name_of(what) != "none");
        for (int rule = 0; rule <= static_cast<int>(storage::last_trace_rule); ++rule)
            for (int door = 0; door <= static_cast<int>(storage::last_trace_door); ++door) {
                auto one = step(what);
                one.rule = static_cast<trace_rule>(rule);
                one.door = static_cast<trace_door>(door);
                CHECK_FALSE(admin::api::sentence_of(one).empty());
            }
    }
}

TEST_CASE("trace: a state is said for all recipients, each once") {
    using admin::api::state_of;
    auto message = forwarded();
    CHECK(state_of(message) == "in mailbox, waiting");
    message.steps.push_back(step(trace_step::delivered, "anna@c.example"));
    CHECK(state_of(message) == "in mailbox, sent");
    message.steps.push_back(step(trace_step::queued, "d@d.example"));
    message.steps.push_back(step(trace_step::failed, "d@d.example"));
    message.steps.push_back(step(trace_step::sender_told, "d@d.example"));
    CHECK(state_of(message) == "in mailbox, sent, failed");
}

TEST_CASE("trace: what becomes of the sender's own copy says nothing of his mail") {
    using admin::api::state_of;
    auto message = forwarded();
    auto copy = step(trace_step::filed);
    copy.account = account_id(9);
    message.steps.push_back(copy);
    copy.step = trace_step::expunged;
    message.steps.push_back(copy);
    CHECK(state_of(message) == "in mailbox, waiting");
    copy.step = trace_step::stored;  // he has written to himself, too
    message.steps.insert(message.steps.begin(), copy);
    CHECK(state_of(message) == "deleted, in mailbox, waiting");
}

TEST_CASE("trace: the command asks for what was typed") {
    furnished at;
    at.trace.page.messages.push_back(forwarded());
    const auto said = at.ask(R"({"command":"trace","about":"Anna@A.example"})");
    CHECK(at.trace.asked.address == "anna@a.example");
    CHECK(at.trace.asked.since == (1000 - 7 * 86'400) * 1000);
    CHECK(at.trace.asked.most == 50);
    CHECK(contains(said, R"("id":"0000000000011")"));
    CHECK(contains(said, R"("state":"in mailbox, waiting")"));
    CHECK(contains(said, R"("recipients":["anna@a.example"])"));
    CHECK(contains(said, R"("queue":7)"));
    CHECK_FALSE(contains(said, "life"));
    at.ask(R"({"command":"trace","about":"@MÜLLER.example","limit":5000})");
    CHECK(at.trace.asked.address == "@xn--mller-kva.example");
    CHECK(at.trace.asked.most == 1000);
    CHECK(contains(at.ask(R"({"command":"trace","about":"0000000000oll"})"), R"("life":true)"));
    CHECK(at.trace.asked.id == storage::trace_id(33));
    CHECK(at.trace.asked.since == 0);
    at.ask(R"({"command":"trace","message_id":" <1@b.example> ","account":"ANNA@a.example"})");
    CHECK(at.trace.asked.message_id == "1@b.example");
    CHECK(at.trace.asked.account == account_id(1));
    CHECK(at.trace.asked.account_name == "anna@a.example");
    at.ask(R"({"command":"trace","account":"gone@a.example","since":"10m","until":"5m"})");
    CHECK_FALSE(at.trace.asked.account);
    CHECK(at.trace.asked.since == 400'000);
    CHECK(at.trace.asked.until == 700'000);
}

TEST_CASE("trace: a list that goes on says where") {
    furnished at;
    at.trace.page.messages.push_back(forwarded());
    at.trace.page.next = storage::trace_place{1'700'000'000'000'000, 4'294'967'295};
    at.trace.page.only_counted = 12;
    const auto said = at.ask(R"({"command":"trace"})");
    CHECK(contains(said, R"("more":"1700000000000000-4294967295")"));
    CHECK(contains(said, R"("only_counted":12)"));
    at.ask(R"({"command":"trace","after":"1700000000000000-4294967295"})");
    CHECK(at.trace.asked.before == at.trace.page.next);
    for (const auto* wrong : {"x", "1", "1-", "-1", "1-2-3", "1-99999999999", "1 2"})
        CHECK(contains(at.ask(R"({"command":"trace","after":")" + std::string(wrong) + "\"}"),
                       "is not a place in this list"));
}

TEST_CASE("trace: what cannot be traced is refused with what could be") {
    furnished at;
    for (const auto* wrong : {"anna", "0000000000000", "x@", "@", "123456789012U"})
        CHECK(contains(at.ask(R"({"command":"trace","about":")" + std::string(wrong) + "\"}"),
                       "nothing that can be traced"));
    for (const auto* wrong : {"yesterday", "-1d", "1y", "2026-13-01", "2026-01-01 25:00", "d", "7"})
        CHECK(contains(at.ask(R"({"command":"trace","since":")" + std::string(wrong) + "\"}"),
                       "is not a time"));
    at.trace.is_busy = true;
    CHECK(contains(at.ask(R"({"command":"trace"})"), "try again"));
    at.trace.is_kept = false;
    CHECK(contains(at.ask(R"({"command":"trace"})"), "keep_days"));
}

TEST_CASE("trace: times are read as people type them") {
    using admin::read_time;
    CHECK(read_time("2h", 10'000) == 2'800'000);
    CHECK(read_time("7d", 10'000) == 0);
    CHECK(read_time("90min", 10'000) == 4'600'000);
    std::tm parts{};
    parts.tm_year = 126;
    parts.tm_mon = 2;
    parts.tm_mday = 31;
    parts.tm_hour = 14;
    parts.tm_min = 30;
    parts.tm_isdst = -1;
    const auto expected = static_cast<std::int64_t>(std::mktime(&parts)) * 1000;
    CHECK(read_time("2026-03-31 14:30", 0) == expected);
    CHECK(read_time("2026-03-31T14:30:00", 0) == expected);
    CHECK(read_time("2026-03-31", 0).value() < expected);
}
