#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

TEST_CASE("imap session: EXPUNGE tells each message in an order that fits") {
    imap_server server;
    server.parts.fill(5);
    CHECK(server.in_inbox("a STORE 2,4:5 +FLAGS.SILENT (\\Deleted)\r\n"
                          "b EXPUNGE\r\nc FETCH 1:* UID\r\nd EXPUNGE\r\n") ==
          "a OK Stored\r\n"
          "* 5 EXPUNGE\r\n* 4 EXPUNGE\r\n* 2 EXPUNGE\r\nb OK Expunged\r\n"
          "* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 3)\r\nc OK Fetched\r\n"
          "d OK Expunged\r\n");
}

TEST_CASE("imap session: UID EXPUNGE takes only the messages named") {
    imap_server server;
    server.parts.fill(3);
    CHECK(server.in_inbox("a STORE 1:3 +FLAGS.SILENT (\\Deleted)\r\nb UID EXPUNGE 2:9\r\n"
                          "c FETCH 1:* UID\r\n") ==
          "a OK Stored\r\n"
          "* 3 EXPUNGE\r\n* 2 EXPUNGE\r\nb OK Expunged\r\n"
          "* 1 FETCH (UID 1)\r\nc OK Fetched\r\n");
}

TEST_CASE("imap session: a UID is never used again") {
    imap_server server;
    server.parts.fill(1);
    server.in_inbox("a STORE 1 +FLAGS (\\Deleted)\r\nb EXPUNGE\r\n");
    server.parts.fill(1);
    CHECK(server.in_inbox("a FETCH 1 UID\r\n") == "* 1 FETCH (UID 2)\r\na OK Fetched\r\n");
}

TEST_CASE("imap session: three sessions keep their own numbers until they may be told") {
    imap_server server;
    server.parts.fill(4);
    imap_client one(server), two(server), three(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    three.command("SELECT INBOX");
    one.command("STORE 1 +FLAGS.SILENT (\\Deleted)");
    CHECK(one.command("EXPUNGE") == "* 1 EXPUNGE\r\nt OK Expunged\r\n");
    // Two knows it as number 2 still.
    CHECK(two.command("STORE 2 +FLAGS (\\Flagged)") ==
          "* 2 FETCH (FLAGS (\\Flagged))\r\nt OK Stored\r\n");
    CHECK(one.command("NOOP") == "* 1 FETCH (UID 2 FLAGS (\\Flagged))\r\nt OK Done\r\n");
    two.command("STORE 3 +FLAGS.SILENT (\\Deleted)");
    CHECK(two.command("EXPUNGE") == "* 3 EXPUNGE\r\n* 1 EXPUNGE\r\nt OK Expunged\r\n");
    // Three hears nothing while it uses numbers, then all at once.
    CHECK(three.command("SEARCH FLAGGED") ==
          "* SEARCH 2\r\n* 2 FETCH (UID 2 FLAGS (\\Flagged))\r\n"
          "t OK [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
    CHECK(three.command("FETCH 4 UID") == "* 4 FETCH (UID 4)\r\nt OK Fetched\r\n");
    CHECK(three.command("UID FETCH 1:* UID") ==
          "* 3 EXPUNGE\r\n* 1 EXPUNGE\r\n"
          "* 1 FETCH (UID 2)\r\n* 2 FETCH (UID 4)\r\nt OK Fetched\r\n");
    CHECK(one.command("NOOP") == "* 2 EXPUNGE\r\nt OK Done\r\n");
    CHECK(one.command("FETCH 1:* UID") ==
          "* 1 FETCH (UID 2)\r\n* 2 FETCH (UID 4)\r\nt OK Fetched\r\n");
}

TEST_CASE("imap session: new mail while an expunge is held back keeps the numbers true") {
    imap_server server;
    server.parts.fill(2);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    one.command("STORE 1 +FLAGS.SILENT (\\Deleted)");
    one.command("EXPUNGE");
    server.parts.fill(1);
    CHECK(two.command("FETCH 2 UID") ==
          "* 2 FETCH (UID 2)\r\n* 3 EXISTS\r\n* 1 RECENT\r\nt OK Fetched\r\n");
    CHECK(two.command("FETCH 3 UID") == "* 3 FETCH (UID 3)\r\nt OK Fetched\r\n");
    CHECK(two.command("NOOP") == "* 1 EXPUNGE\r\nt OK Done\r\n");
    CHECK(two.command("FETCH 1:* UID") ==
          "* 1 FETCH (UID 2)\r\n* 2 FETCH (UID 3)\r\nt OK Fetched\r\n");
}

TEST_CASE("imap session: EXPUNGE leaves a message that this client does not know of") {
    imap_server server;
    server.parts.fill(1);
    imap_client one(server);
    one.command("SELECT INBOX");
    server.parts.put("\r\nnew\r\n", mail::flags::deleted);
    CHECK(one.command("EXPUNGE") == "* 2 EXISTS\r\n* 1 RECENT\r\nt OK Expunged\r\n");
    CHECK(one.command("EXPUNGE") == "* 2 EXPUNGE\r\nt OK Expunged\r\n");
}
