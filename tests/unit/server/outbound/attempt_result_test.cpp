#include "server/outbound/attempt_result.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::outbound;
using storage::queue_outcome;
using storage::queue_state;
using end = storage::queue_outcome::end;

namespace {

struct one_recipient {
    one_recipient() {
        item.id = queue_id(7);
        item.reverse_path = "ann@a.example";
        item.created_at = 1000;
        row.number = 3;
        row.attempts = 1;
    }
    [[nodiscard]] queue_outcome of(attempt_verdict verdict, std::int64_t now = 2000) const {
        attempt_result result;
        result.verdict = verdict;
        result.reply = "451 4.3.0 later";
        result.host = "mx.b.example [192.0.2.1]";
        result.tls = "TLSv1.3";
        result.server_reports = server_reports;
        return outcome_of(item, row, result, {}, now);
    }
    storage::queue_item item;
    storage::queue_recipient row;
    bool server_reports = false;
};

smtp::send_outcome said(smtp::send_verdict verdict, smtp::send_reason reason) {
    smtp::send_outcome made;
    made.verdict = verdict;
    made.reason = reason;
    return made;
}

}  // namespace

TEST_CASE("outbound attempt: what was delivered leaves the queue") {
    one_recipient at;
    const auto done = at.of(attempt_verdict::delivered);
    CHECK(done.what == end::done);
    CHECK(done.id == queue_id(7));
    CHECK(done.number == 3);
}

TEST_CASE("outbound attempt: who asked for it is told that a message was passed on, once") {
    one_recipient at;
    at.row.notify = "FAILURE,SUCCESS";
    CHECK(at.of(attempt_verdict::delivered).what == end::report);
    CHECK(at.of(attempt_verdict::delivered).state == queue_state::owes_relayed);
    at.server_reports = true;  // RFC 3461 5.2.2: then the next server does it
    CHECK(at.of(attempt_verdict::delivered).what == end::done);
}

TEST_CASE("outbound attempt: what failed for now comes again, with the words of the server") {
    const auto again = one_recipient().of(attempt_verdict::again);
    CHECK(again.what == end::again);
    CHECK(again.due_at == 2000 + 300);
    CHECK(again.reply == "451 4.3.0 later");
    CHECK(again.host == "mx.b.example [192.0.2.1]");
    CHECK(again.tls == "TLSv1.3");
}

TEST_CASE("outbound attempt: what was not tried is as if it had not been claimed") {
    CHECK(one_recipient().of(attempt_verdict::untried).what == end::release);
}

TEST_CASE("outbound attempt: a failure goes back to the sender") {
    one_recipient at;
    CHECK(at.of(attempt_verdict::failed).state == queue_state::owes_failed);
    constexpr std::int64_t five_days = 5 * 24 * 3600;
    CHECK(at.of(attempt_verdict::again, 1000 + five_days).what == end::report);
    CHECK(at.of(attempt_verdict::again, 1000 + five_days - 300).what == end::again);
}

TEST_CASE("outbound attempt: A21 nobody is told of what has no sender, or when he wants silence") {
    one_recipient at;
    SUBCASE("a report itself") {
        at.item.reverse_path.clear();
    }
    SUBCASE("NEVER") {
        at.row.notify = "NEVER";
    }
    SUBCASE("only successes") {
        at.row.notify = "success";
    }
    CHECK(at.of(attempt_verdict::failed).what == end::done);
}

TEST_CASE("outbound attempt: what senders want to hear of (RFC 3461 4.1)") {
    one_recipient at;
    CHECK(wants_notice(at.item, at.row, "FAILURE"));
    CHECK(wants_notice(at.item, at.row, "DELAY"));
    CHECK_FALSE(wants_notice(at.item, at.row, "SUCCESS"));
    at.row.notify = "Success,delay";
    CHECK(wants_notice(at.item, at.row, "SUCCESS"));
    CHECK(wants_notice(at.item, at.row, "DELAY"));
    CHECK_FALSE(wants_notice(at.item, at.row, "FAILURE"));
}

TEST_CASE(
    "outbound attempt: what a server lacks for good is a failure, what it lacks now is none") {
    using smtp::send_reason;
    using smtp::send_verdict;
    for (const auto reason : {send_reason::too_big, send_reason::needs_8bitmime,
                              send_reason::needs_smtputf8, send_reason::bad_address}) {
        const auto result = result_of(said(send_verdict::temporary, reason));
        CHECK(result.verdict == attempt_verdict::failed);
        CHECK(result.reply.starts_with("5."));
    }
    CHECK(result_of(said(send_verdict::temporary, send_reason::unsure)).verdict ==
          attempt_verdict::again);
    CHECK(result_of(said(send_verdict::temporary, send_reason::timed_out)).reply ==
          "no answer in time");
    CHECK(result_of(said(send_verdict::postponed, send_reason::next_connection)).verdict ==
          attempt_verdict::untried);
}

TEST_CASE("outbound attempt: a reply is kept with its codes") {
    auto outcome = said(smtp::send_verdict::permanent, smtp::send_reason::replied);
    outcome.reply.code = 550;
    outcome.reply.enhanced = "5.1.1";
    outcome.reply.lines = {"no such user"};
    const auto result = result_of(outcome);
    CHECK(result.verdict == attempt_verdict::failed);
    CHECK(result.reply == "550 5.1.1 no such user");
}

TEST_CASE(
    "outbound attempt: a domain without hosts fails with its status, one that is silent waits") {
    mail_hosts none;
    none.verdict = hosts_verdict::no_such_domain;
    none.why = "b.example does not exist";
    CHECK(result_of(none).verdict == attempt_verdict::failed);
    CHECK(result_of(none).reply == "5.1.2 b.example does not exist");
    none.verdict = hosts_verdict::lookup_failed;
    CHECK(result_of(none).verdict == attempt_verdict::again);
}

TEST_CASE("outbound attempt: what is kept of a reply is taken apart again") {
    const auto whole = words_of("550 5.1.1 no such user");
    CHECK(whole.code == 550);
    CHECK(whole.enhanced == "5.1.1");
    CHECK(whole.text == "no such user");
    const auto bare = words_of("421 closing");
    CHECK(bare.code == 421);
    CHECK(bare.enhanced.empty());
    CHECK(bare.text == "closing");
    const auto ours = words_of("5.1.2 no such domain");
    CHECK(ours.code == 0);
    CHECK(ours.enhanced == "5.1.2");
    CHECK(words_of("connection lost").text == "connection lost");
    CHECK(words_of("").text.empty());
}

TEST_CASE("outbound attempt: unknown is whom a server, or the DNS, knows nothing of for good") {
    attempt_result result;
    result.verdict = attempt_verdict::failed;
    for (const auto* unknown : {"550 5.1.1 no such user", "550 5.1.10 not found",
                                "5.1.2 the domain does not exist", "550 User unknown"}) {
        result.reply = unknown;
        CHECK_MESSAGE(is_unknown_recipient(result), unknown);
    }
    for (const auto* other : {"550 5.7.1 message refused as spam", "552 5.2.2 mailbox full",
                              "5.7.30 the server does not promise TLS", "554 5.7.1 blocked"}) {
        result.reply = other;
        CHECK_MESSAGE(!is_unknown_recipient(result), other);
    }
    result.verdict = attempt_verdict::again;
    result.reply = "450 4.1.1 no such user";
    CHECK_FALSE(is_unknown_recipient(result));
}

TEST_CASE("outbound attempt: the trace tells a delivery from a failure that nobody is told of") {
    using storage::trace_step;
    one_recipient at;
    at.row.notify = "NEVER";
    CHECK(at.of(attempt_verdict::delivered).trace == trace_step::delivered);
    CHECK(at.of(attempt_verdict::failed).trace == trace_step::failed);
    CHECK(at.of(attempt_verdict::failed).what == end::done);
    CHECK(at.of(attempt_verdict::again).trace == trace_step::postponed);
    CHECK(at.of(attempt_verdict::again, 10'000'000).trace == trace_step::failed);
    CHECK(at.of(attempt_verdict::untried).trace == trace_step::none);
}
