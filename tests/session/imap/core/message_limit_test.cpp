// MESSAGELIMIT, RFC 9738: a command on too many messages does its work on the newest.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Five messages, three to a command.
struct limited_server : imap_server {
    limited_server() {
        config.max_messages_of_command = 3;
        parts.fill(5);
    }
};

}  // namespace

TEST_CASE("imap MESSAGELIMIT: it is told, and not when there is none") {
    limited_server server;
    imap_client ann(server);
    CHECK(has(ann.command("CAPABILITY"), " MESSAGELIMIT=3 "));
    imap_server boundless;
    CHECK_FALSE(has(imap_client(boundless).command("CAPABILITY"), "MESSAGELIMIT"));
}

TEST_CASE("imap MESSAGELIMIT: FETCH and STORE take the highest UIDs and say where they stopped") {
    limited_server server;
    imap_client ann(server);
    ann.command("SELECT INBOX");
    CHECK(ann.command("FETCH 3:5 (UID)") ==
          "* 3 FETCH (UID 3)\r\n* 4 FETCH (UID 4)\r\n* 5 FETCH (UID 5)\r\nt OK Fetched\r\n");
    CHECK(ann.command("UID FETCH 1:4 (UID)") ==
          "* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\n* 4 FETCH (UID 4)\r\n"
          "t OK [MESSAGELIMIT 3 2] Done for the highest UIDs only\r\n");
    CHECK(has(ann.command("UID FETCH 1:* (UID) (PARTIAL 1:3)"), "* 1 FETCH (UID 1)\r\n"));
    CHECK(ann.command("UID FETCH 1:* (UID) (PARTIAL 1:4)") ==
          "t NO [MESSAGELIMIT 3] Too many messages for one command\r\n");
    CHECK(ann.command("STORE 1:* +FLAGS.SILENT (\\Flagged)") ==
          "t OK [MESSAGELIMIT 3 3] Done for the highest UIDs only\r\n");
    CHECK(ann.command("SEARCH 3:5 FLAGGED") == "* SEARCH 3 4 5\r\nt OK Searched\r\n");
    CHECK(ann.command("UID FETCH 1:2 (FLAGS)") ==
          "* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS ())\r\nt OK Fetched\r\n");
}

TEST_CASE("imap MESSAGELIMIT: a second code stands in a line of its own") {
    limited_server server;
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 4 +FLAGS.SILENT (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(has(ann.command("FETCH 1:* (UID)"),
              "* NO [MESSAGELIMIT 3 3] Done for the highest UIDs only\r\n"
              "t NO [EXPUNGEISSUED] "));
}

TEST_CASE("imap MESSAGELIMIT: a MOVE of a QRESYNC client has HIGHESTMODSEQ in its answer, too") {
    limited_server server;
    imap_client ann(server);
    ann.command("ENABLE QRESYNC");
    ann.command("SELECT INBOX");
    const auto said = ann.command("MOVE 1:4 Trash");
    CHECK(has(said, "* NO [MESSAGELIMIT 3 2] Done for the highest UIDs only\r\n"));
    CHECK(has(said, "\r\nt OK [HIGHESTMODSEQ "));
}

TEST_CASE("imap MESSAGELIMIT: SEARCH counts what it looks at, SORT and THREAD do all or nothing") {
    limited_server server;
    imap_client ann(server);
    ann.command("SELECT INBOX");
    CHECK(ann.command("SEARCH ALL") ==
          "* SEARCH 3 4 5\r\nt OK [MESSAGELIMIT 3 3] Done for the highest UIDs only\r\n");
    CHECK(ann.command("SEARCH UID 1:3") == "* SEARCH 1 2 3\r\nt OK Searched\r\n");
    CHECK(ann.command("SEARCH UIDBEFORE 4") == "* SEARCH 1 2 3\r\nt OK Searched\r\n");
    CHECK(ann.command("SEARCH UIDAFTER 4") == "* SEARCH 5\r\nt OK Searched\r\n");
    CHECK(ann.command("SEARCH UIDAFTER 4294967295") == "* SEARCH\r\nt OK Searched\r\n");
    CHECK(ann.command("SEARCH UIDBEFORE 1") == "* SEARCH\r\nt OK Searched\r\n");
    CHECK(ann.command("SEARCH UIDAFTER 0").starts_with("t BAD"));
    for (const auto* command : {"SORT (DATE) UTF-8 ALL", "THREAD REFERENCES UTF-8 ALL",
                                "SORT (DATE) UTF-8 UNSEEN", "ESEARCH IN (mailboxes INBOX) ALL"})
        CHECK_MESSAGE(
            ann.command(command) == "t NO [MESSAGELIMIT 3] Too many messages for one command\r\n",
            command);
    CHECK(ann.command("SORT (ARRIVAL) UTF-8 UIDBEFORE 4") == "* SORT 1 2 3\r\nt OK Sorted\r\n");
}

TEST_CASE("imap MESSAGELIMIT: COPY does all or nothing, MOVE and UID EXPUNGE the newest") {
    limited_server server;
    imap_client ann(server);
    ann.command("SELECT INBOX");
    CHECK(ann.command("COPY 1:4 Sent") ==
          "t NO [MESSAGELIMIT 3 2] Too many messages for one command\r\n");
    CHECK(ann.command("COPY 1:3 Sent") == "t OK [COPYUID V 1:3 1:3] Copied\r\n");
    CHECK(ann.command("MOVE 1:4 Trash") ==
          "* OK [COPYUID V 2:4 1:3] Moved\r\n* 4 EXPUNGE\r\n* 3 EXPUNGE\r\n* 2 EXPUNGE\r\n"
          "t OK [MESSAGELIMIT 3 2] Done for the highest UIDs only\r\n");
    server.parts.fill(3);
    ann.command("NOOP");
    ann.command("STORE 3:5 +FLAGS.SILENT (\\Deleted)");
    ann.command("STORE 1:2 +FLAGS.SILENT (\\Deleted)");
    CHECK(has(ann.command("UID EXPUNGE 1:*"), "t OK [MESSAGELIMIT 3 6] "));
    // EXPUNGE has no limit.
    CHECK(has(ann.command("EXPUNGE"), "t OK Expunged\r\n"));
    CHECK(has(ann.command("STATUS INBOX (MESSAGES)"), "(MESSAGES 0)"));
}

TEST_CASE("imap MESSAGELIMIT: APPEND of more messages stores none") {
    limited_server server;
    imap_client ann(server);
    const std::string one = " {3+}\r\na:b";
    CHECK(has(ann.command("APPEND Sent" + one + one + one), "t OK [APPENDUID V 1:3]"));
    CHECK(ann.command("APPEND Sent" + one + one + one + one) ==
          "t NO [MESSAGELIMIT 3] Too many messages for one command\r\n");
    CHECK(has(ann.command("STATUS Sent (MESSAGES)"), "(MESSAGES 3)"));
}
