// CONDSTORE, RFC 7162 3.1. A new INBOX has modseq 1; each append or change takes the next one.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

/// Ann's INBOX with that many messages, as modseq 2, 3, ...; one client in it.
struct opened_inbox {
    explicit opened_inbox(unsigned messages) {
        server.parts.fill(messages);
        ann = std::make_unique<imap_client>(server);
        ann->command("SELECT INBOX");
    }
    imap_server server;
    std::unique_ptr<imap_client> ann;
};

}  // namespace

TEST_CASE("imap condstore: SELECT and STATUS tell the same HIGHESTMODSEQ") {
    imap_server server;
    server.parts.fill(2);
    const auto said = server.as_ann(
        "a SELECT INBOX\r\nb STATUS INBOX (MESSAGES HIGHESTMODSEQ)\r\n"
        "c STATUS Sent (HIGHESTMODSEQ)\r\n");
    CHECK(said.find("* OK [HIGHESTMODSEQ 3] Highest mod-sequence\r\n") != std::string::npos);
    CHECK(said.find("* STATUS INBOX (MESSAGES 2 HIGHESTMODSEQ 3)\r\n") != std::string::npos);
    CHECK(said.find("* STATUS Sent (HIGHESTMODSEQ 1)\r\n") != std::string::npos);
}

TEST_CASE("imap condstore: before it is used FETCH lines tell no MODSEQ, after it all do") {
    opened_inbox at(2);
    imap_client other(at.server);
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS (\\Seen)");
    CHECK(at.ann->command("NOOP") == "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\nt OK Done\r\n");
    CHECK(at.ann->command("FETCH 1:2 (MODSEQ)") ==
          "* OK [HIGHESTMODSEQ 4] Highest mod-sequence\r\n"
          "* 1 FETCH (MODSEQ (4))\r\n* 2 FETCH (MODSEQ (3))\r\nt OK Fetched\r\n");
    CHECK(at.ann->command("STORE 2 +FLAGS (\\Seen)") ==
          "* 2 FETCH (FLAGS (\\Seen) MODSEQ (5))\r\nt OK Stored\r\n");
    CHECK(at.ann->command("FETCH 2 FLAGS") ==
          "* 2 FETCH (FLAGS (\\Seen) MODSEQ (5))\r\nt OK Fetched\r\n");
    CHECK(at.ann->command("STORE 2 -FLAGS.SILENT (\\Seen)") == "t OK Stored\r\n");
    other.command("STORE 1 -FLAGS (\\Seen)");
    CHECK(at.ann->command("NOOP") == "* 1 FETCH (UID 1 FLAGS () MODSEQ (7))\r\nt OK Done\r\n");
    CHECK(at.ann->command("FETCH 2 BODY[TEXT]") ==
          "* 2 FETCH (FLAGS (\\Seen) MODSEQ (8) BODY[TEXT] {8}\r\nbody 2\r\n)\r\n"
          "t OK Fetched\r\n");
}

TEST_CASE("imap condstore: each enabling command enables it") {
    for (const auto* command :
         {"ENABLE CONDSTORE", "ENABLE QRESYNC", "STATUS INBOX (HIGHESTMODSEQ)",
          "LIST \"\" INBOX RETURN (STATUS (HIGHESTMODSEQ))", "FETCH 1 MODSEQ",
          "UID FETCH 1 FLAGS (CHANGEDSINCE 1)", "SEARCH MODSEQ 1",
          "STORE 1 (UNCHANGEDSINCE 1) FLAGS ()", "SELECT INBOX (CONDSTORE)"}) {
        opened_inbox at(1);
        CHECK_MESSAGE(at.ann->command(command).find("\r\nt OK") != std::string::npos, command);
        const auto said = at.ann->command("FETCH 1 (UID FLAGS)");
        CHECK_MESSAGE(said == "* 1 FETCH (UID 1 FLAGS () MODSEQ (2))\r\nt OK Fetched\r\n", command);
    }
}

TEST_CASE("imap condstore: CHANGEDSINCE shows what has a higher modseq and implies MODSEQ") {
    opened_inbox at(200);
    CHECK(at.ann->command("FETCH 1:* (UID) (CHANGEDSINCE 199)")
              .ends_with(
                  "* 199 FETCH (UID 199 MODSEQ (200))\r\n* 200 FETCH (UID 200 MODSEQ (201))\r\n"
                  "t OK Fetched\r\n"));
    at.ann->command("STORE 70 +FLAGS.SILENT (\\Seen)");
    CHECK(at.ann->command("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 201)") ==
          "* 70 FETCH (UID 70 FLAGS (\\Seen) MODSEQ (202))\r\nt OK Fetched\r\n");
    CHECK(at.ann->command("UID FETCH 1:69,71:* (FLAGS) (CHANGEDSINCE 201)") == "t OK Fetched\r\n");
    CHECK(at.ann->command("UID FETCH 1:* FLAGS (CHANGEDSINCE 9223372036854775807)") ==
          "t OK Fetched\r\n");
}

TEST_CASE("imap condstore: a conditional STORE changes what nobody changed and names the rest") {
    opened_inbox at(4);  // modseq 2 to 5
    imap_client other(at.server);
    other.command("SELECT INBOX");
    other.command("STORE 2 +FLAGS (\\Flagged)");  // 6
    CHECK(at.ann->command("STORE 1:4 (UNCHANGEDSINCE 4) +FLAGS (\\Seen)") ==
          "* OK [HIGHESTMODSEQ 5] Highest mod-sequence\r\n"
          "* 1 FETCH (FLAGS (\\Seen) MODSEQ (7))\r\n"
          "* 3 FETCH (FLAGS (\\Seen) MODSEQ (7))\r\n"
          "* 2 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (6))\r\n"
          "t OK [MODIFIED 2,4] Stored but for some that were changed\r\n");
    // .SILENT keeps the flags back, not the MODSEQ.
    CHECK(at.ann->command("UID STORE 1:4 (UNCHANGEDSINCE 6) +FLAGS.SILENT (\\Draft)") ==
          "* 2 FETCH (UID 2 MODSEQ (8))\r\n* 4 FETCH (UID 4 MODSEQ (8))\r\n"
          "t OK [MODIFIED 1,3] Stored but for some that were changed\r\n");
    CHECK(at.ann->command("STORE 1 (UNCHANGEDSINCE 0) +FLAGS (\\Draft)") ==
          "t OK [MODIFIED 1] Stored but for some that were changed\r\n");
    CHECK(at.ann->command("STORE 1 (UNCHANGEDSINCE 7) +FLAGS (\\Seen)") ==
          "* 1 FETCH (FLAGS (\\Seen) MODSEQ (7))\r\nt OK Stored\r\n");
}

TEST_CASE("imap condstore: MODIFIED names sequence numbers after gaps in the UIDs") {
    opened_inbox at(6);
    at.ann->command("STORE 2,4 +FLAGS.SILENT (\\Deleted)");
    at.ann->command("EXPUNGE");
    CHECK(at.ann->command("STORE 1:* (UNCHANGEDSINCE 1) FLAGS.SILENT ()")
              .ends_with("t OK [MODIFIED 1:4] Stored but for some that were changed\r\n"));
    CHECK(at.ann->command("UID STORE 1:* (UNCHANGEDSINCE 1) FLAGS.SILENT ()") ==
          "t OK [MODIFIED 1,3,5:6] Stored but for some that were changed\r\n");
}

TEST_CASE("imap condstore: a conditional STORE of messages that went says NO and both reasons") {
    opened_inbox at(3);
    imap_client other(at.server);
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(at.ann->command("STORE 1:2 (UNCHANGEDSINCE 1) FLAGS.SILENT ()")
              .ends_with(
                  "t NO [MODIFIED 2] Some messages were changed and some no longer exist\r\n"));
    CHECK(at.ann->command("STORE 1:2 (UNCHANGEDSINCE 9) FLAGS.SILENT ()") ==
          "* 2 FETCH (MODSEQ (3))\r\n"
          "t NO [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
}

TEST_CASE("imap condstore: SEARCH MODSEQ ends with the highest one found") {
    opened_inbox at(3);
    at.ann->command("STORE 2 +FLAGS (\\Seen)");
    CHECK(at.ann->command("SEARCH MODSEQ 4") ==
          "* OK [HIGHESTMODSEQ 5] Highest mod-sequence\r\n"
          "* SEARCH 2 3 (MODSEQ 5)\r\nt OK Searched\r\n");
    CHECK(at.ann->command("UID SEARCH MODSEQ \"/flags/\\\\Seen\" all 4 UNSEEN") ==
          "* SEARCH 3 (MODSEQ 4)\r\nt OK Searched\r\n");
    CHECK(at.ann->command("SEARCH MODSEQ 6") == "* SEARCH\r\nt OK Searched\r\n");
    CHECK(at.ann->command("SEARCH NOT MODSEQ 4") == "* SEARCH 1 (MODSEQ 2)\r\nt OK Searched\r\n");
    CHECK(at.ann->command("SEARCH SEEN") == "* SEARCH 2\r\nt OK Searched\r\n");
}

TEST_CASE("imap condstore: B05 a modseq of 64 bits is BAD and the session goes on") {
    opened_inbox at(1);
    for (const auto* command :
         {"FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775808)",
          "STORE 1 (UNCHANGEDSINCE 18446744073709551616) FLAGS ()",
          "SEARCH MODSEQ 9223372036854775808", "SELECT INBOX (QRESYNC (1 9223372036854775808))"})
        CHECK(at.ann->command(command).starts_with("t BAD "));
    CHECK(at.ann->command("FETCH 1 FLAGS") == "* 1 FETCH (FLAGS ())\r\nt OK Fetched\r\n");
}

TEST_CASE("imap condstore: B11 MODIFIED with 40,000 gaps is told whole and never held whole") {
    imap_server server;
    for (int n = 0; n < 320; ++n)
        server.parts.put("\r\nx\r\n", n % 2 == 0 ? mail::flags::flagged : 0);
    server.parts.copy_all(8);  // 81,920
    imap_client ann(server), other(server);
    const auto opened = ann.command("SELECT INBOX");
    const auto at = opened.find("[HIGHESTMODSEQ ") + 15;
    const auto known = opened.substr(at, opened.find(']', at) - at);
    other.command("SELECT INBOX");
    other.command("SEARCH RETURN (SAVE) FLAGGED");
    CHECK(other.command("STORE $ +FLAGS.SILENT (\\Seen)").ends_with("t OK Stored\r\n"));
    std::string odd = "1";
    for (int n = 3; n < 81'920; n += 2)
        odd += ',' + std::to_string(n);
    const auto said =
        ann.command("STORE 1:* (UNCHANGEDSINCE " + known + ") +FLAGS.SILENT (\\Answered)");
    const bool is_told =
        said.ends_with("t OK [MODIFIED " + odd + "] Stored but for some that were changed\r\n");
    CHECK(is_told);
    CHECK(odd.size() > 200'000);
    CHECK(ann.peer().largest_write() < 256 * 1024);
}
