// Submission through the real store and directory: what arrives here, what waits to leave.
#include "base/base64.hpp"
#include "tests/support/test_smtp.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

using namespace hauspost;

namespace {

/// Of ann@a.example and bob@a.example; info@a.example leads to ann.
struct submissions {
    submissions() { parts.add_alias("info@a.example", {"ann@a.example"}); }

    test::server_parts parts;
    test::submission_server submission{parts};
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

const std::string from_ann = "MAIL FROM:<ann@a.example>\r\n";

std::string data(const std::string& message) {
    return "DATA\r\n" + message + "\r\n.\r\n";
}

}  // namespace

TEST_CASE_FIXTURE(submissions,
                  "A29 submitted mail: here it arrives, for elsewhere it waits, by one commit") {
    const auto said =
        submission.submit(from_ann +
                          "RCPT TO:<bob@a.example>\r\nRCPT TO:<Eve@B.Example>\r\n"
                          "RCPT TO:<hidden@c.example>\r\n" +
                          data("From: ann@a.example\r\nBcc: hidden@c.example\r\n\r\nbody"));
    CHECK(has(said, "250 2.6.0 stored as "));
    const auto here = parts.inbox(parts.bob);
    REQUIRE(here.size() == 1);
    CHECK_FALSE(has(here[0].octets, "hidden@"));
    CHECK(has(here[0].octets, "\r\nDate: "));
    CHECK(has(here[0].octets, "\r\nMessage-ID: <"));
    const auto waiting = parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].sender == parts.ann);
    CHECK(waiting[0].reverse_path == "ann@a.example");
    REQUIRE(waiting[0].recipients.size() == 2);
    CHECK(waiting[0].recipients[0].to == "eve@b.example");
    CHECK(waiting[0].recipients[1].to == "hidden@c.example");
    // Nothing that only one of them may know stands in front.
    CHECK(waiting[0].prefix.empty());
    CHECK(waiting[0].octets == here[0].octets.size());
}

TEST_CASE_FIXTURE(submissions,
                  "A29 submitted mail: the trace names neither the client's name nor its address") {
    submission.submit(from_ann + "RCPT TO:<bob@a.example>\r\n" +
                      data("From: ann@a.example\r\n\r\nbody"));
    const auto here = parts.inbox(parts.bob);
    REQUIRE(here.size() == 1);
    CHECK(here[0].octets.starts_with("Received: by mx.example with ESMTPSA (TLSv1.3 "));
    CHECK_FALSE(has(here[0].octets, "192.0.2.77"));
}

TEST_CASE_FIXTURE(submissions,
                  "A27 submitted mail: a message in another's name leaves nothing at all") {
    const auto before = parts.store().keeper.check().blobs;
    const auto said =
        submission.submit(from_ann + "RCPT TO:<bob@a.example>\r\nRCPT TO:<eve@b.example>\r\n" +
                          data("From: bob@a.example\r\n\r\nbody"));
    CHECK(has(said, "550 5.7.1 <bob@a.example> is not an address of ann@a.example; "));
    CHECK(has(submission.submit("MAIL FROM:<bob@a.example>\r\n"),
              "553 5.7.1 <bob@a.example> is not "));
    CHECK(parts.inbox(parts.bob).empty());
    CHECK(parts.queue().empty());
    CHECK(parts.store().keeper.check().blobs == before);
}

TEST_CASE_FIXTURE(submissions,
                  "submitted mail: an alias of the login may be the sender and the author") {
    const auto said =
        submission.submit("MAIL FROM:<info@a.example>\r\nRCPT TO:<bob@a.example>\r\n" +
                          data("From: Info <info+news@a.example>\r\n\r\nbody"));
    CHECK(has(said, "250 2.6.0 stored as "));
    CHECK(parts.inbox(parts.bob).size() == 1);
}

TEST_CASE_FIXTURE(submissions,
                  "submitted mail: an unknown recipient of an own domain is refused at once") {
    CHECK(has(submission.submit(from_ann + "RCPT TO:<nobody@a.example>\r\n"),
              "550 5.1.1 no such user here"));
}

TEST_CASE_FIXTURE(submissions,
                  "submitted mail: what an own address forwards has its trace, the rest has not") {
    parts.add_alias("list@a.example", {"out@d.example"});
    submission.submit(from_ann + "RCPT TO:<list@a.example>\r\nRCPT TO:<eve@b.example>\r\n" +
                      "RCPT TO:<out@d.example>\r\n" + data("From: ann@a.example\r\n\r\nbody"));
    const auto waiting = parts.queue();
    REQUIRE(waiting.size() == 2);
    std::string all;
    for (const auto& item : waiting) {
        all += item.prefix + '|';
        for (const auto& to : item.recipients)
            all += to.to + ' ';
    }
    // out@d.example is written to once.
    CHECK(all == "Delivered-To: list@a.example\r\n|out@d.example |eve@b.example ");
}

TEST_CASE_FIXTURE(submissions,
                  "submitted mail: a message that came here once may be sent on by hand") {
    const auto said =
        submission.submit(from_ann + "RCPT TO:<eve@b.example>\r\n" +
                          data("Delivered-To: eve@b.example\r\nFrom: ann@a.example\r\n\r\nx"));
    CHECK(has(said, "250 2.6.0 stored as "));
    CHECK(parts.queue().size() == 1);
}

TEST_CASE_FIXTURE(submissions, "A28 submitted mail: without a login nothing is relayed") {
    test::memory_stream peer("EHLO c\r\n" + from_ann + "RCPT TO:<eve@b.example>\r\n" + data("x") +
                             "QUIT\r\n");
    CHECK(has(submission.talk(peer), "530 5.7.0 "));
    CHECK(parts.queue().empty());
}

TEST_CASE_FIXTURE(submissions,
                  "A28 submitted mail: another password, or a locked account, ends the session") {
    for (const bool is_locked : {false, true}) {
        const auto login = base64::encode(std::string("\0bob@a.example\0pw", 17));
        test::memory_stream peer("EHLO c\r\nAUTH PLAIN " + login + "\r\n", test::when_dry::wait);
        const auto session = submission.connect(peer);
        asio::co_spawn(parts.io, session->run(), asio::detached);
        test::run_until(parts.io, [&] { return peer.is_waiting() && peer.unread_input().empty(); });
        CHECK(has(peer.take_output(), "235 2.7.0"));
        storage::account_change wanted;
        if (is_locked)
            wanted.active = false;
        else
            wanted.password_hash = "another";
        parts.change(parts.bob, std::move(wanted));
        test::run_until(parts.io, [&] { return peer.is_closed(); });
        CHECK(peer.take_output() == "421 4.7.0 account has changed, log in again\r\n");
    }
}

TEST_CASE_FIXTURE(submissions,
                  "submitted mail: what goes to many lets what people write go first") {
    const auto lane_of = [this](std::size_t recipients, const std::string& field = "") {
        std::string input = from_ann;
        for (std::size_t n = 0; n < recipients; ++n)
            input += "RCPT TO:<r" + std::to_string(n) + "@b.example>\r\n";
        CHECK(has(submission.submit(input + data("From: ann@a.example\r\n" + field + "\r\nbody")),
                  "250 2.6.0"));
        return parts.queue().back().lane;
    };
    CHECK(lane_of(1) == storage::queue_lane::people);
    CHECK(lane_of(49) == storage::queue_lane::people);
    CHECK(lane_of(50) == storage::queue_lane::bulk);
    CHECK(lane_of(1, "List-Id: <news.a.example>\r\n") == storage::queue_lane::bulk);
}
