// UIDONLY, RFC 9586, and UIDBATCHES, RFC 10022.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

const std::string refused = "t BAD [UIDREQUIRED] After ENABLE UIDONLY only UIDs are taken\r\n";

}  // namespace

TEST_CASE("imap UIDONLY: no sequence number is taken any more") {
    imap_server server;
    server.parts.fill(3);
    imap_client ann(server);
    CHECK(ann.command("ENABLE UIDONLY") == "* ENABLED UIDONLY\r\nt OK Done\r\n");
    const auto opened = ann.command("SELECT INBOX");
    CHECK(opened.find("* 3 EXISTS") != std::string::npos);
    CHECK(opened.find("UNSEEN") == std::string::npos);
    for (const auto* command : {"FETCH 1 FLAGS", "STORE 1 FLAGS ()", "COPY 1 Trash", "MOVE 1 Trash",
                                "SEARCH ALL", "UID SEARCH 1:2", "UID SEARCH OR SEEN NOT 2"})
        CHECK_MESSAGE(ann.command(command) == refused, command);
    const std::string mail = "{14+}\r\nSubject: a\r\n\r\n";
    CHECK(ann.command("REPLACE 1 INBOX " + mail) == refused);
    CHECK(ann.command("UID REPLACE 1 Sent " + mail).find("\r\nt OK ") != std::string::npos);
    CHECK(ann.command("UID SEARCH UID 2:*") == "* SEARCH 2 3\r\nt OK Searched\r\n");
}

TEST_CASE("imap UIDONLY: UIDFETCH and VANISHED take the place of FETCH and EXPUNGE") {
    imap_server server;
    server.parts.fill(3);
    imap_client ann(server), other(server);
    ann.command("ENABLE UIDONLY");
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS.SILENT (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(ann.command("NOOP") == "* VANISHED 1\r\nt OK Done\r\n");
    CHECK(ann.command("UID FETCH 2:3 FLAGS") ==
          "* 2 UIDFETCH (FLAGS ())\r\n* 3 UIDFETCH (FLAGS ())\r\nt OK Fetched\r\n");
    CHECK(ann.command("UID STORE 3 +FLAGS (\\Seen)") ==
          "* 3 UIDFETCH (FLAGS (\\Seen))\r\nt OK Stored\r\n");
    CHECK(ann.command("UID FETCH 3 BODY.PEEK[TEXT]") ==
          "* 3 UIDFETCH (BODY[TEXT] {8}\r\nbody 3\r\n)\r\nt OK Fetched\r\n");
    other.command("STORE 2 +FLAGS.SILENT (\\Draft)");
    CHECK(ann.command("NOOP") == "* 3 UIDFETCH (FLAGS (\\Seen \\Draft))\r\nt OK Done\r\n");
    ann.command("UID STORE 2 +FLAGS.SILENT (\\Deleted)");
    CHECK(ann.command("EXPUNGE") == "* VANISHED 2\r\nt OK Expunged\r\n");
    CHECK(ann.command("UID MOVE 3 Trash") ==
          "* OK [COPYUID V 3 1] Moved\r\n* VANISHED 3\r\nt OK Done\r\n");
}

TEST_CASE("imap UIDBATCHES: cuts the mailbox into batches from the newest message down") {
    imap_server server;
    server.parts.fill(1100);
    imap_client ann(server);
    ann.command("SELECT INBOX");
    ann.command("UID STORE 100,1000 +FLAGS.SILENT (\\Deleted)");
    ann.command("EXPUNGE");
    CHECK(ann.command("UIDBATCHES 500") ==
          "* UIDBATCHES (TAG \"t5\") 1100:600,599:99,98:1\r\nt OK Done\r\n");
    CHECK(ann.command("UIDBATCHES 500 2:2") == "* UIDBATCHES (TAG \"t6\") 599:99\r\nt OK Done\r\n");
    CHECK(ann.command("UIDBATCHES 500 2:4294967295") ==
          "* UIDBATCHES (TAG \"t7\") 599:99,98:1\r\nt OK Done\r\n");
    CHECK(ann.command("UIDBATCHES 500 4:9") == "* UIDBATCHES (TAG \"t8\")\r\nt OK Done\r\n");
    CHECK(ann.command("UIDBATCHES 4294967295") ==
          "* UIDBATCHES (TAG \"t9\") 1100:1\r\nt OK Done\r\n");
}

TEST_CASE("imap UIDBATCHES: too small a batch is NO, a wrong range BAD (B05)") {
    imap_server server;
    CHECK(
        server.in_inbox("a UIDBATCHES 499\r\nb UIDBATCHES 500 3:2\r\nc UIDBATCHES 500\r\n"
                        "d UIDBATCHES 0\r\ne UIDBATCHES 500 0:1\r\nf UIDBATCHES 4294967296\r\n") ==
        "a NO [TOOFEW] A batch has 500 messages at least\r\n"
        "b BAD [CLIENTBUG] The batches are named from the first to the last\r\n"
        "* UIDBATCHES (TAG \"c\")\r\nc OK Done\r\n"
        "d BAD the size of a batch is missing or not valid\r\n"
        "e BAD a range of batches is written first:last\r\n"
        "f BAD the size of a batch is missing or not valid\r\n");
    CHECK(server.as_ann("a UIDBATCHES 500\r\n") == "a BAD Command not allowed in this state\r\n");
}
