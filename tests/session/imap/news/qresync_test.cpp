// QRESYNC, RFC 7162 3.2.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

/// INBOX with that many messages: modseq 2, 3, ...
struct filled_inbox {
    explicit filled_inbox(unsigned messages) {
        server.parts.fill(messages);
        storage::mailbox_key box{server.parts.ann, mailbox_id(1)};
        const auto opened = server.parts.wait(server.parts.store().mailboxes.open(box));
        validity = std::to_string(opened->info.counters.uid_validity.value());
    }
    /// SELECT with what is known; the answer from HIGHESTMODSEQ on.
    std::string resync(const std::string& modseq_and_more) {
        imap_client ann(server);
        ann.command("ENABLE QRESYNC");
        const auto said =
            ann.command("SELECT INBOX (QRESYNC (" + validity + " " + modseq_and_more + "))");
        const auto at = said.find("* OK [HIGHESTMODSEQ");
        return at == std::string::npos ? said : said.substr(said.find("\r\n", at) + 2);
    }
    void expunge(const std::string& set) {
        imap_client other(server);
        other.command("SELECT INBOX");
        other.command("UID STORE " + set + " +FLAGS.SILENT (\\Deleted)");
        other.command("UID EXPUNGE " + set);
    }
    imap_server server;
    std::string validity;
};

const std::string opened = "t OK [READ-WRITE] Mailbox is open\r\n";

}  // namespace

TEST_CASE("imap qresync: a client that comes back is told what went and what changed") {
    filled_inbox at(6);  // modseq 2 to 7
    CHECK(at.resync("7") == opened);
    at.expunge("2:3");  // 8, 9
    {
        imap_client other(at.server);
        other.command("SELECT INBOX");
        other.command("STORE 2 +FLAGS.SILENT (\\Seen)");  // UID 4, 10
    }
    at.server.parts.fill(1);  // UID 7, 11
    const std::string changed =
        "* 2 FETCH (UID 4 FLAGS (\\Seen) MODSEQ (10))\r\n* 5 FETCH (UID 7 FLAGS () MODSEQ "
        "(11))\r\n";
    CHECK(at.resync("7") == "* VANISHED (EARLIER) 2:3\r\n" + changed + opened);
    CHECK(at.resync("9") == changed + opened);
    CHECK(at.resync("11") == opened);
    CHECK(at.resync("9223372036854775807") == opened);
    // Only what the client says it knows.
    CHECK(at.resync("7 1:2,5:6") == "* VANISHED (EARLIER) 2\r\n" + opened);
    CHECK(at.resync("7 4:99") == changed + opened);
}

TEST_CASE("imap qresync: another UIDVALIDITY means a plain SELECT") {
    filled_inbox at(2);
    at.expunge("1");
    at.validity = "7";
    CHECK(at.resync("1") == opened);
}

TEST_CASE("imap qresync: without ENABLE its parameters are BAD and nothing is deselected") {
    filled_inbox at(1);
    CHECK(at.server.in_inbox("a SELECT INBOX (QRESYNC (1 1))\r\n"
                             "b UID FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)\r\n"
                             "c FETCH 1 UID\r\n") ==
          "a BAD ENABLE QRESYNC comes first\r\n"
          "* OK [HIGHESTMODSEQ 2] Highest mod-sequence\r\n"
          "b BAD ENABLE QRESYNC comes first\r\n"
          "* 1 FETCH (UID 1 MODSEQ (2))\r\nc OK Fetched\r\n");
}

TEST_CASE("imap qresync: UID FETCH VANISHED tells what went of a set, the last message too") {
    filled_inbox at(6);
    at.expunge("2,5:6");
    imap_client ann(at.server);
    ann.command("ENABLE QRESYNC");
    ann.command("SELECT INBOX");
    CHECK(ann.command("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 7 VANISHED)") ==
          "* VANISHED (EARLIER) 2,5:6\r\nt OK Fetched\r\n");
    CHECK(ann.command("UID FETCH 1:3,6 (FLAGS) (CHANGEDSINCE 3 VANISHED)") ==
          "* VANISHED (EARLIER) 2,6\r\n* 2 FETCH (UID 3 FLAGS () MODSEQ (4))\r\nt OK Fetched\r\n");
    CHECK(ann.command("UID FETCH 1:* (FLAGS) (CHANGEDSINCE 99 VANISHED)") == "t OK Fetched\r\n");
}

TEST_CASE("imap qresync: VANISHED in place of EXPUNGE, and HIGHESTMODSEQ in the tagged OK") {
    filled_inbox at(6);
    imap_client ann(at.server), other(at.server);
    CHECK(ann.command("ENABLE QRESYNC") == "* ENABLED QRESYNC\r\nt OK Done\r\n");
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    ann.command("STORE 2,4 +FLAGS.SILENT (\\Deleted)");  // 8
    CHECK(ann.command("EXPUNGE") == "* VANISHED 2,4\r\nt OK [HIGHESTMODSEQ 9] Expunged\r\n");
    CHECK(ann.command("EXPUNGE") == "t OK Expunged\r\n");
    ann.command("STORE 1 +FLAGS.SILENT (\\Deleted)");  // 10
    CHECK(ann.command("UID EXPUNGE 1:3") == "* VANISHED 1\r\nt OK [HIGHESTMODSEQ 11] Expunged\r\n");
    CHECK(ann.command("MOVE 1 Trash") ==
          "* OK [COPYUID V 3 1] Moved\r\n* VANISHED 3\r\nt OK [HIGHESTMODSEQ 12] Done\r\n");
    CHECK(other.command("NOOP") ==
          "* 4 EXPUNGE\r\n* 3 EXPUNGE\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\nt OK Done\r\n");
    other.command("STORE 1 +FLAGS.SILENT (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(ann.command("NOOP") == "* VANISHED 5\r\nt OK Done\r\n");
}

TEST_CASE("imap qresync: VANISHED waits as EXPUNGE does, and the client is told not to go ahead") {
    filled_inbox at(3);  // 2 to 4
    imap_client ann(at.server), other(at.server);
    ann.command("ENABLE QRESYNC");
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS.SILENT (\\Deleted)");  // 5
    other.command("EXPUNGE");                            // 6
    other.command("STORE 1 +FLAGS.SILENT (\\Seen)");     // UID 2, 7
    // RFC 7162 6: a client takes the highest MODSEQ it has seen, unless it is told another.
    CHECK(ann.command("FETCH 2 FLAGS") ==
          "* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (7))\r\n"
          "* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (7))\r\n"
          "* OK [HIGHESTMODSEQ 4] Highest mod-sequence\r\nt OK Fetched\r\n");
    CHECK(ann.command("STORE 3 +FLAGS (\\Draft)") ==
          "* 3 FETCH (UID 3 FLAGS (\\Draft) MODSEQ (8))\r\n"
          "* OK [HIGHESTMODSEQ 4] Highest mod-sequence\r\nt OK Stored\r\n");
    CHECK(ann.command("NOOP") == "* VANISHED 1\r\nt OK Done\r\n");
    CHECK(ann.command("FETCH 2 UID") == "* 2 FETCH (UID 3 MODSEQ (8))\r\nt OK Fetched\r\n");
}

TEST_CASE("imap qresync: CLOSE tells no HIGHESTMODSEQ and the expunge is told when it is asked") {
    filled_inbox at(2);
    imap_client ann(at.server);
    ann.command("ENABLE QRESYNC");
    ann.command("SELECT INBOX");
    ann.command("STORE 1 +FLAGS.SILENT (\\Deleted)");  // 4
    CHECK(ann.command("CLOSE") == "t OK Closed\r\n");
    CHECK(at.resync("4") == "* VANISHED (EARLIER) 1\r\n" + opened);
}

TEST_CASE("imap qresync: SELECT of another mailbox says CLOSED first") {
    filled_inbox at(1);
    imap_client ann(at.server);
    ann.command("ENABLE QRESYNC");
    ann.command("SELECT Sent");
    CHECK(ann.command("SELECT INBOX (QRESYNC (" + at.validity + " 1))")
              .starts_with("* OK [CLOSED] The mailbox before is closed\r\n* FLAGS"));
}

TEST_CASE("imap qresync: what nobody remembers is told as all that is not there") {
    filled_inbox at(9);  // 2 to 10
    at.expunge("2:3");
    at.expunge("8:9");
    at.server.parts.forget_vanished();
    CHECK(at.resync("10") == "* VANISHED (EARLIER) 2:3,8:9\r\n" + opened);
    CHECK(at.resync("10 1:2,4:8") == "* VANISHED (EARLIER) 2,8\r\n" + opened);
    // Up to UID 5 the client's numbers hold: nothing went there since.
    CHECK(at.resync("10 1:9 (1,3 1,5)") == "* VANISHED (EARLIER) 8:9\r\n" + opened);
    CHECK(at.resync("10 1:9 (1,5 1,5)") == "* VANISHED (EARLIER) 2:3,8:9\r\n" + opened);
    CHECK(at.resync("14") == opened);  // as of the last expunge all is remembered
}

TEST_CASE("imap qresync: 64 KB of known UIDs are taken, and VANISHED goes on in further lines") {
    filled_inbox at(1);
    at.server.config.limits.line_octets = 70'000;
    std::string known = "1";
    for (unsigned n = 3; known.size() < 65'000; n += 2)
        known += ',' + std::to_string(n);
    CHECK(at.resync("1 " + known) == "* 1 FETCH (UID 1 FLAGS () MODSEQ (2))\r\n" + opened);
}

TEST_CASE("imap qresync: every FETCH line has the UID, whatever it answers (RFC 7162 3.2.4)") {
    imap_server server;
    server.parts.fill(3);  // modseq 2 to 4
    imap_client ann(server), other(server);
    ann.command("ENABLE QRESYNC");
    ann.command("SELECT INBOX");
    CHECK(ann.command("STORE 2 +FLAGS (\\Flagged)") ==
          "* 2 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (5))\r\nt OK Stored\r\n");
    CHECK(ann.command("STORE 2 (UNCHANGEDSINCE 5) -FLAGS.SILENT (\\Flagged)") ==
          "* 2 FETCH (UID 2 MODSEQ (6))\r\nt OK Stored\r\n");
    CHECK(ann.command("FETCH 1 BODY[TEXT]") ==
          "* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (7) BODY[TEXT] {8}\r\nbody 1\r\n)\r\n"
          "t OK Fetched\r\n");
    CHECK(ann.command("FETCH 3 RFC822.SIZE") ==
          "* 3 FETCH (UID 3 MODSEQ (4) RFC822.SIZE 29)\r\nt OK Fetched\r\n");
    other.command("SELECT INBOX");
    other.command("STORE 3 +FLAGS (\\Seen)");
    CHECK(ann.command("NOOP") == "* 3 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (8))\r\nt OK Done\r\n");
    CHECK(ann.command("ENABLE UIDONLY") == "* ENABLED UIDONLY\r\nt OK Done\r\n");
    CHECK(ann.command("UID STORE 2 +FLAGS (\\Flagged)") ==
          "* 2 UIDFETCH (FLAGS (\\Flagged) MODSEQ (9))\r\nt OK Stored\r\n");
}
