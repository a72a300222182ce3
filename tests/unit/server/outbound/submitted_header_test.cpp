#include "server/outbound/submitted_header.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace hauspost::outbound;

namespace {

/// What is to be stored, with the body; cut into pieces of that many octets before it comes.
std::string passed(std::string_view message,
                   std::size_t piece = std::string_view::npos,
                   submitted_header header = {}) {
    std::string body;
    while (!message.empty()) {
        auto octets = message.substr(0, piece);
        message.remove_prefix(octets.size());
        if (!header.is_complete()) header.take(octets);
        body += octets;
    }
    header.finish();
    std::string out;
    for (const auto one : header.pieces())
        out += one;
    return out + body;
}

submitted_header read(std::string_view message) {
    submitted_header header;
    header.take(message);
    header.finish();
    return header;
}

std::string authors(std::string_view fields) {
    const auto header = read(fields);  // its authors live no longer
    std::string all;
    for (const auto& one : header.authors())
        all += one.local + '@' + one.domain + ' ';
    return all;
}

}  // namespace

TEST_CASE("submitted header: what needs nothing goes on as it came, however it is cut") {
    const std::string message =
        "From: ann@a.example\r\nSubject: a\r\n folded\r\nDate: x\r\nMessage-ID: <1@a>\r\n\r\n"
        "body\r\n\r\nmore\r\n";
    for (std::size_t piece = 1; piece <= message.size(); ++piece)
        CHECK(passed(message, piece) == message);
    CHECK(passed("\r\nbody\r\n") == "\r\nbody\r\n");
}

TEST_CASE(
    "A29 submitted header: Bcc and Resent-Bcc go with all their lines, and nothing else does") {
    const std::string message =
        "Bcc: one@a.example,\r\n two@a.example\r\nSubject: x\r\nbCC : three@a.example\r\n"
        "Resent-Bcc: four@a.example\r\nBccs: stays\r\nTo: ann@a.example\r\nBcc:\r\n\r\n"
        "Bcc: of the body\r\n";
    const std::string without =
        "Subject: x\r\nBccs: stays\r\nTo: ann@a.example\r\n\r\nBcc: of the body\r\n";
    for (const std::size_t piece : {1, 2, 3, 7, 1000})
        CHECK(passed(message, piece) == without);
    CHECK(passed("Bcc: one@a.example") == "\r\n");
}

TEST_CASE("submitted header: fields that are added stand at its end") {
    submitted_header header;
    header.add("Date", "today");
    header.add("Message-ID", "<1@mx>");
    CHECK(passed("Subject: x\r\n\r\nbody\r\n", 5, header) ==
          "Subject: x\r\nDate: today\r\nMessage-ID: <1@mx>\r\n\r\nbody\r\n");
    CHECK(passed("\r\nbody\r\n", 1, header) == "Date: today\r\nMessage-ID: <1@mx>\r\n\r\nbody\r\n");
    CHECK(passed("Subject: no body", 1000, header) ==
          "Subject: no body\r\nDate: today\r\nMessage-ID: <1@mx>\r\n\r\n");
    CHECK(passed("", 1, header) == "Date: today\r\nMessage-ID: <1@mx>\r\n\r\n");
}

TEST_CASE("A27 submitted header: a line that is no field begins the body, for every reader") {
    submitted_header header;
    header.add("Date", "today");
    CHECK(passed("Subject: x\r\nno field\r\nFrom: eve@b.example\r\n\r\nbody\r\n", 4, header) ==
          "Subject: x\r\nDate: today\r\n\r\nno field\r\nFrom: eve@b.example\r\n\r\nbody\r\n");
    CHECK(passed("hello\r\n", 4, header) == "Date: today\r\n\r\nhello\r\n");
    CHECK(read("Subject: x\r\nno field\r\nFrom: eve@b.example\r\n\r\n").authors().empty());
}

TEST_CASE("submitted header: what there is of From, Sender, Date and Message-ID is known") {
    const auto none = read("Subject: x\r\n\r\nFrom: ann@a.example\r\n");
    CHECK_FALSE(none.has_from());
    CHECK_FALSE(none.has_date());
    CHECK_FALSE(none.has_message_id());
    const auto all = read("FROM: ann@a.example\r\ndate: x\r\nMessage-Id : <1@a>\r\n\r\n");
    CHECK(all.has_from());
    CHECK(all.has_date());
    CHECK(all.has_message_id());
    CHECK_FALSE(read("Sender: ann@a.example\r\n\r\n").has_from());
}

TEST_CASE("submitted header: all authors of all fields are found, unreadable ones have no domain") {
    CHECK(authors("From: Ann <ann@a.example>, \"eve@c.example\" <bob@b.example>\r\n\r\n") ==
          "ann@a.example bob@b.example ");
    CHECK(authors("From: ann@a.example\r\nFrom: eve@b.example\r\nSender: x@c.example\r\n\r\n") ==
          "ann@a.example eve@b.example x@c.example ");
    CHECK(authors("From: ann@a.example\r\nResent-From: eve@b.example\r\n"
                  "resent-sender: x@c.example\r\n\r\n") ==
          "ann@a.example eve@b.example x@c.example ");
    CHECK_FALSE(read("Resent-From: ann@a.example\r\n\r\n").has_from());
    CHECK(authors("From: team: ann@a.example, eve@b.example;\r\n\r\n") ==
          "ann@a.example eve@b.example ");
    CHECK(authors("From: ann\r\n\r\n") == "ann@ ");
    CHECK(authors("From:\r\n\r\n") == "@ ");
    CHECK(authors("From: nobody:;\r\n\r\n") == "@ ");
    CHECK(authors("From: (only a comment)\r\n\r\n") == "@ ");
}

TEST_CASE("A27 submitted header: its size and the number of its fields have an end") {
    submitted_header long_one;
    const std::string field = "X: " + std::string(1000, 'x') + "\r\n";
    std::size_t taken = 0;
    while (!long_one.is_too_long()) {
        std::string_view octets = field;
        long_one.take(octets);
        taken += field.size();
        REQUIRE(taken <= submitted_header::max_octets + field.size());
    }
    CHECK(taken > submitted_header::max_octets);
    std::string many;
    for (int i = 0; i < 2000; ++i)
        many += "X: y\r\n";
    CHECK_FALSE(read(many + "\r\n").is_too_long());
    // One more that nobody would look at: it could name anybody.
    CHECK(read(many + "From: eve@b.example\r\n\r\n").is_too_long());
}
