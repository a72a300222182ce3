#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;
using test::memory_stream;

namespace {

const std::string two_parts =
    "From: Ann <ann@a.example>\r\n"
    "Subject: two parts\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n"
    "\r\n"
    "--b\r\n"
    "Content-Type: text/plain\r\n"
    "\r\n"
    "first\r\n"
    "--b\r\n"
    "Content-Type: text/html\r\n"
    "\r\n"
    "<p>second\r\n"
    "--b--\r\n";

const std::string simple = "Subject: hello\r\nX-A: 1\r\nX-B: 2\r\n\r\nbody text\r\n";

}  // namespace

TEST_CASE("imap session: FETCH of what stands in the rows") {
    imap_server server;
    server.parts.put(simple, mail::flags::seen, {"$Work"});
    CHECK(server.in_inbox("a FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)\r\n"
                          "b FETCH 1 FAST\r\n"
                          "c UID FETCH 1 (FLAGS)\r\n") ==
          "* 1 FETCH (UID 1 FLAGS (\\Seen $Work) INTERNALDATE \"02-Jan-2026 03:04:05 +0000\""
          " RFC822.SIZE 45 ENVELOPE (NIL \"hello\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n"
          "a OK Fetched\r\n"
          "* 1 FETCH (FLAGS (\\Seen $Work) INTERNALDATE \"02-Jan-2026 03:04:05 +0000\""
          " RFC822.SIZE 45)\r\n"
          "b OK Fetched\r\n"
          "* 1 FETCH (UID 1 FLAGS (\\Seen $Work))\r\n"
          "c OK Fetched\r\n");
}

TEST_CASE("imap session: FETCH of BODY and BODYSTRUCTURE") {
    imap_server server;
    server.parts.put(two_parts);
    CHECK(server.in_inbox("a FETCH 1 (BODY BODYSTRUCTURE)\r\n") ==
          "* 1 FETCH (BODY ((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 5 0)"
          "(\"text\" \"html\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 9 0) \"mixed\")"
          " BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 5 0 NIL "
          "NIL NIL NIL)"
          "(\"text\" \"html\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 9 0 NIL NIL NIL NIL)"
          " \"mixed\" (\"boundary\" \"b\") NIL NIL NIL))\r\n"
          "a OK Fetched\r\n");
}

TEST_CASE("imap session: FETCH of sections, whole and in parts") {
    imap_server server;
    server.parts.put(two_parts, mail::flags::seen);
    CHECK(server.in_inbox("a FETCH 1 BODY.PEEK[1]\r\n"
                          "b FETCH 1 (BODY[2] BODY[2.MIME] BODY[3])\r\n"
                          "c FETCH 1 BODY[TEXT]<0.7>\r\n"
                          "d FETCH 1 BODY[HEADER.FIELDS (subject X-NONE)]\r\n"
                          "e FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (From Subject MIME-Version)]\r\n"
                          "f FETCH 1 BODY[1]<100.7>\r\n") ==
          "* 1 FETCH (BODY[1] {5}\r\nfirst)\r\na OK Fetched\r\n"
          "* 1 FETCH (BODY[2] {9}\r\n<p>second BODY[2.MIME] {27}\r\nContent-Type: text/html\r\n\r\n"
          " BODY[3] NIL)\r\nb OK Fetched\r\n"
          "* 1 FETCH (BODY[TEXT]<0> {7}\r\n--b\r\nCo)\r\nc OK Fetched\r\n"
          "* 1 FETCH (BODY[HEADER.FIELDS (subject X-NONE)] {22}\r\nSubject: two parts\r\n\r\n)\r\n"
          "d OK Fetched\r\n"
          "* 1 FETCH (BODY[HEADER.FIELDS.NOT (From Subject MIME-Version)] {45}\r\n"
          "Content-Type: multipart/mixed; boundary=b\r\n\r\n)\r\n"
          "e OK Fetched\r\n"
          "* 1 FETCH (BODY[1]<100> {0}\r\n)\r\nf OK Fetched\r\n");
}

TEST_CASE("imap session: a copy's own header lines stand before the message") {
    imap_server server;
    server.parts.put(simple, mail::flags::seen, {}, "INBOX", "Delivered-To: ann@a.example\r\n");
    CHECK(server.in_inbox("a FETCH 1 (RFC822.SIZE BODY[])\r\n"
                          "b FETCH 1 BODY[HEADER]\r\n"
                          "c FETCH 1 BODY[]<20.12>\r\n"
                          "d FETCH 1 BODY[HEADER.FIELDS (Delivered-To)]\r\n"
                          "e FETCH 1 (RFC822.TEXT RFC822.HEADER)\r\n") ==
          "* 1 FETCH (RFC822.SIZE 74 BODY[] {74}\r\nDelivered-To: ann@a.example\r\n" + simple +
              ")\r\na OK Fetched\r\n"
              "* 1 FETCH (BODY[HEADER] {63}\r\nDelivered-To: ann@a.example\r\n"
              "Subject: hello\r\nX-A: 1\r\nX-B: 2\r\n\r\n)\r\nb OK Fetched\r\n"
              "* 1 FETCH (BODY[]<20> {12}\r\nexample\r\nSub)\r\nc OK Fetched\r\n"
              "* 1 FETCH (BODY[HEADER.FIELDS (Delivered-To)] {31}\r\n"
              "Delivered-To: ann@a.example\r\n\r\n)\r\nd OK Fetched\r\n"
              "* 1 FETCH (RFC822.TEXT {11}\r\nbody text\r\n RFC822.HEADER {63}\r\n"
              "Delivered-To: ann@a.example\r\nSubject: hello\r\nX-A: 1\r\nX-B: 2\r\n\r\n)\r\n"
              "e OK Fetched\r\n");
}

TEST_CASE("imap session: BODY[] sets \\Seen and tells it in its line, BODY.PEEK[] does not") {
    imap_server server;
    server.parts.put("\r\nx\r\n");
    CHECK(server.in_inbox("a FETCH 1 BODY.PEEK[TEXT]\r\n"
                          "b FETCH 1 FLAGS\r\n"
                          "c FETCH 1 BODY[TEXT]\r\n"
                          "d FETCH 1 BODY[TEXT]\r\n"
                          "e FETCH 1 RFC822.HEADER\r\n") ==
          "* 1 FETCH (BODY[TEXT] {3}\r\nx\r\n)\r\na OK Fetched\r\n"
          "* 1 FETCH (FLAGS ())\r\nb OK Fetched\r\n"
          "* 1 FETCH (FLAGS (\\Seen) BODY[TEXT] {3}\r\nx\r\n)\r\nc OK Fetched\r\n"
          "* 1 FETCH (BODY[TEXT] {3}\r\nx\r\n)\r\nd OK Fetched\r\n"
          "* 1 FETCH (RFC822.HEADER {2}\r\n\r\n)\r\ne OK Fetched\r\n");
}

TEST_CASE(
    "imap session: each FETCH that sets \\Seen answers with one line, flags as they are now") {
    imap_server server;
    for (int n = 0; n < 4; ++n)
        server.parts.put("\r\nx\r\n", mail::flags::flagged, {"$Work"});
    CHECK(server.in_inbox("a FETCH 1 RFC822.TEXT\r\n"
                          "b FETCH 2 (FLAGS RFC822)\r\n"
                          "c UID FETCH 3:4 (BODY[TEXT] FLAGS)\r\n"
                          "d NOOP\r\n") ==
          "* 1 FETCH (FLAGS (\\Seen \\Flagged $Work) RFC822.TEXT {3}\r\nx\r\n)\r\na OK Fetched\r\n"
          "* 2 FETCH (FLAGS (\\Seen \\Flagged $Work) RFC822 {5}\r\n\r\nx\r\n)\r\nb OK Fetched\r\n"
          "* 3 FETCH (UID 3 FLAGS (\\Seen \\Flagged $Work) BODY[TEXT] {3}\r\nx\r\n)\r\n"
          "* 4 FETCH (UID 4 FLAGS (\\Seen \\Flagged $Work) BODY[TEXT] {3}\r\nx\r\n)\r\n"
          "c OK Fetched\r\nd OK Done\r\n");
}

TEST_CASE("imap session: what is seen before its slice is written has the flags of others in it") {
    imap_server server;
    server.parts.fill(100);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    two.command("STORE 70 +FLAGS (\\Flagged $New)");
    const auto said = one.command("FETCH 1:* BODY[TEXT]");
    std::size_t lines = 0;
    for (auto at = said.find(" FETCH ("); at != said.npos; at = said.find(" FETCH (", at + 1))
        ++lines;
    CHECK(lines == 100);
    CHECK(said.find("* 70 FETCH (FLAGS (\\Seen \\Flagged $New) BODY[TEXT]") != said.npos);
    // One change for each slice: each is one commit.
    CHECK(one.command("UID SEARCH RETURN (COUNT) SEEN")
              .ends_with(" UID COUNT 100\r\nt OK Searched\r\n"));
}

TEST_CASE("imap session: a FETCH that sets \\Seen tells the mod-sequence that this made") {
    imap_server server;
    server.parts.fill(2);
    imap_client client(server);
    client.command("ENABLE CONDSTORE");
    client.command("SELECT INBOX");
    CHECK(client.command("FETCH 1:2 BODY[TEXT]") ==
          "* 1 FETCH (FLAGS (\\Seen) MODSEQ (4) BODY[TEXT] {8}\r\nbody 1\r\n)\r\n"
          "* 2 FETCH (FLAGS (\\Seen) MODSEQ (4) BODY[TEXT] {8}\r\nbody 2\r\n)\r\n"
          "t OK Fetched\r\n");
    CHECK(client.command("FETCH 1 MODSEQ") == "* 1 FETCH (MODSEQ (4))\r\nt OK Fetched\r\n");
}

TEST_CASE("imap session: B04 sets beyond the mailbox, upside down and overlapping") {
    imap_server server;
    server.parts.fill(3);
    CHECK(server.in_inbox("a FETCH 4 UID\r\n"
                          "b FETCH 1:4294967296 UID\r\n"
                          "c FETCH 0 UID\r\n"
                          "d FETCH *:2,3,3,2 UID\r\n"
                          "e UID FETCH 4294967295:* UID\r\n"
                          "f UID FETCH 7,9 UID\r\n") ==
          "a BAD No message with that number\r\n"
          "b BAD a set of message numbers is missing or not valid\r\n"
          "c BAD a set of message numbers is missing or not valid\r\n"
          "* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\nd OK Fetched\r\n"
          "* 3 FETCH (UID 3)\r\ne OK Fetched\r\n"
          "f OK Fetched\r\n");
    std::string many = "a UID FETCH 1";
    for (int n = 0; n < 12'000; ++n)
        many += ",2:3";
    CHECK(server.in_inbox(many + " UID\r\n") ==
          "* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\na OK Fetched\r\n");
}

TEST_CASE("imap session: an empty mailbox has no message to fetch") {
    imap_server server;
    CHECK(server.in_inbox("a FETCH 1:* FLAGS\r\nb UID FETCH 1:* FLAGS\r\n") ==
          "a BAD No message with that number\r\nb OK Fetched\r\n");
}

TEST_CASE("imap session: FETCH goes on over many slices and skips the gaps") {
    imap_server server;
    server.parts.fill(1'500);
    server.in_inbox("a STORE 3:700,900:1499 +FLAGS.SILENT (\\Deleted)\r\nb EXPUNGE\r\n");
    std::string expected;
    unsigned sequence = 0;
    for (unsigned id = 1; id <= 1'500; ++id) {
        if ((3 <= id && id <= 700) || (900 <= id && id <= 1'499)) continue;
        expected += "* " + std::to_string(++sequence) + " FETCH (UID " + std::to_string(id) +
                    " RFC822.SIZE " + std::to_string(27 + 2 * std::to_string(id).size()) + ")\r\n";
    }
    CHECK(server.in_inbox("a FETCH 1:* (UID RFC822.SIZE)\r\n") == expected + "a OK Fetched\r\n");
    const auto bodies = server.in_inbox("a FETCH 1:* (UID BODY.PEEK[TEXT])\r\n");
    CHECK(bodies.find("* 202 FETCH (UID 1500 BODY[TEXT] {11}\r\nbody 1500\r\n)\r\na OK") !=
          std::string::npos);
}

TEST_CASE("imap session: a large message comes whole and in pieces") {
    imap_server server;
    std::string body;
    for (int n = 0; body.size() < 1'000'000; ++n)
        body += "line " + std::to_string(n) + "\r\n";
    const auto octets = "Subject: large\r\n\r\n" + body;
    server.parts.put(octets, mail::flags::seen);
    const auto size = std::to_string(octets.size());
    CHECK(server.in_inbox("a FETCH 1 BODY[]\r\n") ==
          "* 1 FETCH (BODY[] {" + size + "}\r\n" + octets + ")\r\na OK Fetched\r\n");
    CHECK(server.in_inbox("a FETCH 1 BODY[]<500000.300000>\r\n") ==
          "* 1 FETCH (BODY[]<500000> {300000}\r\n" + octets.substr(500'000, 300'000) +
              ")\r\na OK Fetched\r\n");
}

TEST_CASE("imap session: B11 a client that reads nothing gets no more than is buffered") {
    imap_server server;
    const std::string body = "Subject: x\r\n\r\n" + std::string(400'000, 'x') + "\r\n";
    for (int n = 0; n < 8; ++n)
        server.parts.put(body, mail::flags::seen);
    memory_stream peer("L LOGIN ann@a.example pw\r\nS SELECT INBOX\r\na FETCH 1:* BODY[]\r\n");
    peer.stall_output_after(50'000);
    const auto said = server.talk(peer);
    CHECK(said.size() < 60'000);
    CHECK(peer.writes() <= 4);
}

TEST_CASE("imap session: B19 no subject can forge a line") {
    imap_server server;
    server.parts.put("Subject: a\r\n \r\n* 99 EXISTS\r\nX: y\r\n\r\nz\r\n");
    server.parts.put("Subject: \"quoted\\\r\n\r\nz\r\n");
    const auto said = server.in_inbox("a FETCH 1:2 ENVELOPE\r\n");
    CHECK(said.find("\r\n* 99") == std::string::npos);
    CHECK(said.ends_with("a OK Fetched\r\n"));
}

TEST_CASE("imap session: FETCH of a message that another session expunged") {
    imap_server server;
    server.parts.fill(3);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 2 +FLAGS.SILENT (\\Deleted)");
    other.command("EXPUNGE");
    // RFC 9051 7.5.1: no EXPUNGE while sequence numbers are in use.
    CHECK(ann.command("FETCH 1:3 UID") ==
          "* 1 FETCH (UID 1)\r\n* 3 FETCH (UID 3)\r\n"
          "t NO [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
    CHECK(ann.command("FETCH 3 UID") == "* 3 FETCH (UID 3)\r\nt OK Fetched\r\n");
    CHECK(ann.command("NOOP") == "* 2 EXPUNGE\r\nt OK Done\r\n");
    CHECK(ann.command("FETCH 2 UID") == "* 2 FETCH (UID 3)\r\nt OK Fetched\r\n");
}

TEST_CASE("imap session: B11 many filtered copies of a large header are not held at once") {
    imap_server server;
    std::string header;
    for (int n = 0; header.size() < 900'000; ++n)
        header += "X-" + std::to_string(n) + ": " + std::string(1'000, 'x') + "\r\n";
    server.parts.put(header + "\r\nbody\r\n");
    std::string items;
    for (int n = 0; n < 20; ++n)
        items += " BODY.PEEK[HEADER.FIELDS.NOT (Y" + std::to_string(n) + ")]";
    memory_stream peer("a LOGIN ann@a.example pw\r\nb SELECT INBOX\r\nc FETCH 1 (" +
                       items.substr(1) + ")\r\n");
    const auto said = server.talk(peer);
    CHECK(said.ends_with(")\r\nc OK Fetched\r\n"));
    CHECK(said.size() > 20 * header.size());
    CHECK(peer.writes() > 20);
}

TEST_CASE("imap session: fields are picked out of 2 MiB of header, and the header comes whole") {
    // The last field ends with the last octet that is looked at, or one behind it.
    for (const std::size_t beyond : {0u, 1u}) {
        const std::string last = "X-Last: 1\r\n";
        std::string header;
        const std::size_t before = 2u * 1024 * 1024 + beyond - last.size();
        while (header.size() < before) {
            const auto line = std::min<std::size_t>(before - header.size(), 100'000);
            header += "X: " + std::string(line - 5, 'x') + "\r\n";
        }
        imap_server server;
        server.parts.put(header + last + "\r\nbody\r\n");
        const auto picked = server.in_inbox("a FETCH 1 BODY.PEEK[HEADER.FIELDS (X-Last)]\r\n");
        const bool is_whole = picked.find("{13}\r\nX-Last: 1\r\n\r\n)") != std::string::npos;
        CHECK_MESSAGE(is_whole == (beyond == 0), picked);
        const auto whole = server.in_inbox("a FETCH 1 BODY.PEEK[HEADER]\r\n");
        CHECK(whole.find("{" + std::to_string(header.size() + last.size() + 2) + "}") !=
              std::string::npos);
        CHECK(whole.find(last + "\r\n)\r\na OK") != std::string::npos);
    }
}
