// FUTURERELEASE: mail waits for its time, for recipients here and elsewhere. RFC 4865
#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// The clock stands at 2026-11-29 18:20 UTC.
struct later_server : test::running_server {
    later_server() {
        parts.time.set_wall(wall_time(std::chrono::seconds(1'795'976'400)));
        submission.config.offer_dsn = true;
    }
    std::string send(const std::string& parameters, const std::vector<std::string>& recipients) {
        std::string input = "MAIL FROM:<ann@a.example>" + parameters + "\r\n";
        for (const auto& one : recipients)
            input += "RCPT TO:<" + one + "\r\n";
        return submission.submit(input +
                                 "DATA\r\nFrom: ann@a.example\r\nSubject: later\r\n\r\nx\r\n.\r\n");
    }
    /// Looks whether something is due, and works it off.
    void look() {
        start();
        until([this] { return runner->running() == 0; });
        stop();
    }
};

}  // namespace

TEST_CASE_FIXTURE(later_server, "future release: EHLO says how far, in seconds and as a time") {
    CHECK(has(submission.submit(""), "FUTURERELEASE 2592000 2026-12-29T18:20:00Z\r\n"));
    submission.config.max_hold = std::chrono::seconds(0);
    CHECK_FALSE(has(submission.submit(""), "FUTURERELEASE"));
    CHECK(has(send(" HOLDFOR=60", {}), "555 5.5.4"));
}

TEST_CASE_FIXTURE(later_server,
                  "future release: nothing arrives before its time, everything then") {
    REQUIRE(has(send(" HOLDFOR=3600", {"bob@a.example>", "bob@b.example>"}), "250 2.6.0 stored"));
    CHECK(parts.inbox(parts.bob).empty());
    const auto waiting = parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].release_at == now() + 3600);
    REQUIRE(waiting[0].recipients.size() == 2);
    for (const auto& one : waiting[0].recipients)
        CHECK(one.due_at == now() + 3600);
    parts.time.move_wall(std::chrono::seconds(3599));
    look();
    CHECK(parts.inbox(parts.bob).empty());
    CHECK(servers.at("192.0.2.1").messages.empty());
    parts.time.move_wall(std::chrono::seconds(1));
    start();
    until_empty();
    stop();
    const auto here = parts.inbox(parts.bob);
    REQUIRE(here.size() == 1);
    CHECK(has(here[0].octets, "\r\nSubject: later\r\n"));
    CHECK(has(here[0].prefix, "Return-Path: <ann@a.example>\r\n"));
    CHECK(has(here[0].prefix, "Delivered-To: bob@a.example\r\n"));
    CHECK(here[0].date == now());
    CHECK(servers.at("192.0.2.1").messages.size() == 1);
}

TEST_CASE_FIXTURE(later_server, "future release: a time with a zone is that moment") {
    REQUIRE(has(send(" HOLDUNTIL=2026-11-29T20:00:00+01:00", {"bob@a.example>"}), "250 2.6.0"));
    CHECK(parts.queue().at(0).release_at == now() + 40 * 60);
}

TEST_CASE_FIXTURE(later_server, "future release: what is past, too far, or said twice is refused") {
    CHECK(has(send(" HOLDUNTIL=2026-11-29T18:20:00Z", {}), "501 5.5.4 release is in the past"));
    CHECK(has(send(" HOLDFOR=2592001", {}), "501 5.5.4 release is further away"));
    CHECK(has(send(" HOLDUNTIL=9999-12-31T23:59:59Z", {}), "501 5.5.4 release is further away"));
    CHECK(has(send(" HOLDFOR=60 HOLDUNTIL=2026-11-29T19:00:00Z", {}), "501 5.5.4"));
    CHECK(has(send(" HOLDFOR=2592000", {"bob@a.example>"}), "250 2.6.0"));
}

TEST_CASE_FIXTURE(later_server, "future release: who is dropped from the queue never gets it") {
    send(" HOLDFOR=3600", {"bob@a.example>"});
    REQUIRE_FALSE(parts.wait(parts.store().queue.remove(queue_id(1))));
    parts.time.move_wall(std::chrono::hours(2));
    look();
    CHECK(parts.inbox(parts.bob).empty());
}

TEST_CASE_FIXTURE(later_server,
                  "future release: a recipient who is gone by then is told to the sender") {
    send(" HOLDFOR=3600", {"bob@a.example>", "bob@b.example>"});
    REQUIRE_FALSE(parts.wait(parts.store().directory.remove_account(parts.bob)));
    parts.time.move_wall(std::chrono::hours(2));
    start();
    until_empty();
    stop();
    const auto mail = parts.inbox(parts.ann);
    REQUIRE(mail.size() == 1);
    CHECK(has(mail[0].octets, "Final-Recipient: rfc822; bob@a.example"));
    CHECK(has(mail[0].octets, "Status: 5.1.1"));
    CHECK(servers.at("192.0.2.1").messages.size() == 1);
}

TEST_CASE_FIXTURE(later_server,
                  "future release: aliases count as they are when the time has come") {
    parts.add_alias("team@a.example", {"bob@a.example"});
    send(" HOLDFOR=3600", {"team@a.example> NOTIFY=SUCCESS"});
    parts.add_alias("team@a.example", {"ann@a.example", "out@c.example"});
    parts.time.move_wall(std::chrono::hours(2));
    start();
    until_empty();
    stop();
    CHECK(parts.inbox(parts.bob).size() == 1);
    CHECK(servers.at("192.0.2.3").messages.size() == 1);
    std::string to_ann;  // the message, that it has arrived, and that it went on
    for (const auto& mail : parts.inbox(parts.ann))
        to_ann += mail.octets;
    CHECK(has(to_ann, "\r\nSubject: later\r\n"));
    CHECK(has(to_ann, "Action: delivered"));
    CHECK(has(to_ann, "Action: relayed"));
}

TEST_CASE_FIXTURE(later_server, "future release: five days are counted from its time on") {
    servers.at("192.0.2.3").is_away = true;
    send(" HOLDFOR=864000", {"carl@c.example>"});
    parts.time.move_wall(std::chrono::hours(24 * 10));
    start();
    until([this] { return servers.at("192.0.2.3").connections == 1; });
    until([this] { return runner->running() == 0; });
    stop();
    const auto waiting = parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].recipients.at(0).state == storage::queue_state::waiting);
    CHECK(parts.inbox(parts.ann).empty());
}

TEST_CASE_FIXTURE(
    later_server,
    "A37 future release: a frozen account's mail does not leave when its time comes") {
    send(" HOLDFOR=3600", {"bob@a.example>", "bob@b.example>"});
    auto& senders = parts.store().senders;
    REQUIRE_FALSE(parts.wait(senders.freeze(parts.ann, storage::freeze_reason::by_operator)));
    parts.time.move_wall(std::chrono::hours(2));
    look();
    CHECK(parts.inbox(parts.bob).empty());
    CHECK(servers.at("192.0.2.1").messages.empty());
    CHECK(parts.queue().size() == 1);
}

TEST_CASE_FIXTURE(
    later_server,
    "future release: R9 who dies behind the delivery, and comes again, delivers once") {
    send(" HOLDFOR=3600", {"bob@a.example>", "ann@a.example>"});
    parts.time.move_wall(std::chrono::hours(1));
    storage::claim_request wanted;
    wanted.now = now();
    wanted.lease_until = wanted.now + 60;
    wanted.most_domains = wanted.most_recipients = 10;
    storage::queue_store& queue = parts.store().queue;
    const auto found = parts.wait(queue.claim(std::move(wanted)));
    REQUIRE(found->claims.size() == 1);
    const auto& claim = found->claims[0];
    const auto results = parts.wait(own.run(claim));
    REQUIRE(results.size() == 2);
    CHECK(results[0].verdict == outbound::attempt_verdict::delivered);
    // Nobody has settled it; and yet there is nothing left that could be delivered again.
    CHECK(parts.queue().empty());
    CHECK(parts.inbox(parts.bob).size() == 1);
    CHECK(parts.wait(own.run(claim)).at(0).verdict == outbound::attempt_verdict::again);
    CHECK(parts.inbox(parts.bob).size() == 1);
    CHECK(parts.inbox(parts.ann).size() == 1);
}

TEST_CASE_FIXTURE(later_server, "reports: R9 who dies behind a report has told the sender once") {
    servers.at("192.0.2.3").greeting = "521 no mail here\r\n";
    put({"carl@c.example"});
    const auto claimed = [&] {
        storage::claim_request wanted;
        wanted.now = now();
        wanted.lease_until = wanted.now + 60;
        wanted.most_domains = wanted.most_recipients = 10;
        storage::queue_store& queue = parts.store().queue;
        return parts.wait(queue.claim(std::move(wanted)))->claims.at(0);
    };
    const auto sent = claimed();
    storage::claimed_outcomes failed;
    failed.lease = sent.lease;
    failed.outcomes.resize(1);
    failed.outcomes[0].id = sent.items.at(0).id;
    failed.outcomes[0].what = storage::queue_outcome::end::report;
    failed.outcomes[0].state = storage::queue_state::owes_failed;
    storage::queue_settlement done;
    done.lease = failed.lease;
    done.domain = sent.domain;
    done.outcomes = failed.outcomes;
    storage::queue_store& queue = parts.store().queue;
    REQUIRE_FALSE(parts.wait(queue.settle(std::move(done))));
    const auto owed = claimed();
    REQUIRE(owed.domain.empty());
    storage::claimed_outcomes told;
    told.lease = owed.lease;
    told.outcomes.resize(1);
    told.outcomes[0].id = owed.items.at(0).id;
    auto again = told;
    CHECK(parts.wait(reports.tell(owed.items[0], std::move(told))) ==
          outbound::report_verdict::told);
    CHECK(parts.queue().empty());
    CHECK(parts.wait(reports.tell(owed.items[0], std::move(again))) ==
          outbound::report_verdict::later);
    CHECK(parts.inbox(parts.ann).size() == 1);
}
