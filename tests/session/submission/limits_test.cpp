// How much people may send, and what they hear beyond that.
#include "server/outbound/sender_watch.hpp"
#include "tests/support/test_smtp.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace hauspost;

namespace {

/// The clock stands at 2026-11-29 18:20 UTC.
struct limited_submission {
    limited_submission() { parts.time.set_wall(wall_time(std::chrono::seconds(1'795'976'400))); }

    void set(storage::sending_limits limits) {
        outbound::sending_settings settings;
        settings.limits = limits;
        submission.limits.set(settings);
    }
    std::string send(const std::string& recipients) {
        std::string input = "MAIL FROM:<ann@a.example>\r\n";
        for (std::size_t at = 0; at < recipients.size();) {
            const auto end = recipients.find(' ', at);
            input += "RCPT TO:<" + recipients.substr(at, end - at) + ">\r\n";
            at = end == std::string::npos ? recipients.size() : end + 1;
        }
        return submission.submit(input + "DATA\r\nFrom: ann@a.example\r\n\r\nbody\r\n.\r\n");
    }
    storage::sent_hour sent() {
        auto& senders = parts.store().senders;
        return storage::sum_of(parts.wait(senders.find(parts.ann, {})).hours);
    }

    test::server_parts parts;
    test::submission_server submission{parts};
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(limited_submission,
                  "sending limits: every recipient counts, new are those elsewhere") {
    CHECK(has(send("bob@a.example eve@b.example EVE@b.example x@c.example"), "250 2.6.0 stored"));
    const auto day = sent();
    CHECK(day.messages == 1);
    CHECK(day.recipients == 4);
    CHECK(day.new_recipients == 2);
    send("eve@b.example");
    CHECK(sent().new_recipients == 2);
}

TEST_CASE_FIXTURE(
    limited_submission,
    "A36 sending limits: who is beyond one hears which, until when, and who can change it") {
    storage::sending_limits limits;
    limits.messages_per_hour = 1;
    set(limits);
    CHECK(has(send("bob@a.example"), "250 2.6.0 stored"));
    const auto said = send("bob@a.example");
    CHECK(has(
        said,
        "450 4.7.1 ann@a.example may send to 1 messages in an hour; there is room again at "
        "2026-11-29 19:00 UTC; the server's owner can change that (sending.messages_per_hour)"));
    CHECK_FALSE(has(said, "354 "));  // before the message comes
    CHECK(parts.inbox(parts.bob).size() == 1);
    CHECK(sent().messages == 1);
    parts.time.move_wall(std::chrono::minutes(40));
    CHECK(has(send("bob@a.example"), "250 2.6.0 stored"));
}

TEST_CASE_FIXTURE(limited_submission,
                  "A36 sending limits: what is too much for one message says so") {
    storage::sending_limits limits;
    limits.new_recipients_per_day = 2;
    set(limits);
    CHECK(has(send("x@b.example y@b.example z@b.example"), "send this message to fewer at once"));
    CHECK(has(send("x@b.example y@b.example bob@a.example"), "250 2.6.0 stored"));
    CHECK(has(send("z@b.example"),
              "450 4.7.1 ann@a.example may send to 2 recipients to whom it has not"));
    CHECK(has(send("x@b.example"), "250 2.6.0 stored"));
}

TEST_CASE_FIXTURE(limited_submission,
                  "A37 sending limits: a frozen account reads and does not send") {
    auto& senders = parts.store().senders;
    REQUIRE_FALSE(
        parts.wait(senders.freeze(parts.ann, storage::freeze_reason::unknown_recipients)));
    CHECK(has(send("bob@a.example"),
              "550 5.7.1 sending is frozen for ann@a.example since 2026-11-29 18:20 UTC, since it "
              "looks as if somebody else uses it: change its password; the server's owner can lift "
              "that (account unfreeze)\r\n"));
    CHECK(parts.inbox(parts.bob).empty());
    REQUIRE(parts.wait(senders.unfreeze(parts.ann)));
    CHECK(has(send("bob@a.example"), "250 2.6.0 stored"));
}

TEST_CASE_FIXTURE(limited_submission,
                  "sending limits: what is refused only behind the message says why, too") {
    // As if another message had come between: the sink is asked without the look before.
    outbound::submission_sink late(submission.relay, submission.senders, parts.time.wall(),
                                   "mx.example");
    const smtp::session_policy policy{"submission", late, &submission.ports};
    storage::sending_limits limits;
    limits.messages_per_day = 1;
    set(limits);
    send("bob@a.example");
    test::memory_stream peer(
        "EHLO c\r\nAUTH PLAIN AGFubkBhLmV4YW1wbGUAcHc=\r\nMAIL FROM:<ann@a.example>\r\n"
        "RCPT TO:<bob@a.example>\r\nDATA\r\nFrom: ann@a.example\r\n\r\nbody\r\n.\r\nQUIT\r\n");
    peer.set_encrypted();
    auto config = std::make_shared<const smtp::session_config>(submission.config);
    smtp::server_session session(peer, policy, parts.limits(), std::move(config));
    test::run(parts.io, session.run());
    CHECK(has(peer.output(), "354 "));
    CHECK(has(peer.output(),
              "450 4.7.1 ann@a.example may send to 1 messages in 24 hours; there is "
              "room again at 2026-11-30 18:00 UTC"));
    CHECK(parts.inbox(parts.bob).size() == 1);
}
