// IMAP4rev2, RFC 9051 Appendix E, beside IMAP4rev1.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("imap rev2: after ENABLE nothing speaks of recent messages and SELECT lists itself") {
    imap_server server;
    server.parts.fill(2);
    CHECK(server.as_ann("a ENABLE IMAP4rev2\r\nb SELECT INBOX\r\nc SELECT Sent\r\n") ==
          "* ENABLED IMAP4rev2\r\na OK Done\r\n"
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)\r\n"
          "* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)]"
          " Flags are kept\r\n"
          "* 2 EXISTS\r\n"
          "* OK [UIDVALIDITY V] UIDs stay valid\r\n"
          "* OK [UIDNEXT 3] Next UID\r\n"
          "* OK [HIGHESTMODSEQ 3] Highest mod-sequence\r\n"
          "* LIST () \"/\" INBOX\r\n"
          "b OK [READ-WRITE] Mailbox is open\r\n"
          "* OK [CLOSED] The mailbox before is closed\r\n"
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)\r\n"
          "* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)]"
          " Flags are kept\r\n"
          "* 0 EXISTS\r\n"
          "* OK [UIDVALIDITY V] UIDs stay valid\r\n"
          "* OK [UIDNEXT 1] Next UID\r\n"
          "* OK [HIGHESTMODSEQ 1] Highest mod-sequence\r\n"
          "* LIST () \"/\" Sent\r\n"
          "c OK [READ-WRITE] Mailbox is open\r\n");
}

TEST_CASE("imap rev2: new mail is told without RECENT") {
    imap_server server;
    imap_client ann(server);
    ann.command("ENABLE IMAP4rev2");
    ann.command("SELECT INBOX");
    server.parts.fill(1);
    CHECK(ann.command("NOOP") == "* 1 EXISTS\r\nt OK Done\r\n");
}

TEST_CASE("imap rev2: a name that only has children cannot be selected") {
    imap_server server;
    CHECK(server.as_ann("a CREATE x/y\r\nb DELETE x\r\nc SELECT x\r\nd STATUS x (MESSAGES)\r\n")
              .ends_with(
                  "c NO [NONEXISTENT] No such mailbox\r\nd NO [NONEXISTENT] No such mailbox\r\n"));
}

TEST_CASE("imap rev2: STATUS has DELETED and SIZE") {
    imap_server server;
    server.parts.put("Subject: a\r\n\r\n1\r\n", mail::flags::deleted);
    CHECK(
        server.as_ann("a ENABLE IMAP4rev2\r\nb STATUS INBOX (DELETED SIZE)\r\n") ==
        "* ENABLED IMAP4rev2\r\na OK Done\r\n* STATUS INBOX (DELETED 1 SIZE 17)\r\nb OK Done\r\n");
}

TEST_CASE("imap rev2: SEARCH is answered with ESEARCH") {
    imap_server server;
    server.parts.fill(3);
    CHECK(server
              .as_ann("a ENABLE IMAP4rev2 CONDSTORE\r\nb SELECT INBOX\r\nc SEARCH UNSEEN\r\n"
                      "d UID SEARCH MODSEQ 3\r\ne SEARCH RETURN (MIN) MODSEQ 1\r\n"
                      "f SEARCH SEEN\r\n")
              .ends_with("* ESEARCH (TAG \"c\") ALL 1:3\r\nc OK Searched\r\n"
                         "* ESEARCH (TAG \"d\") UID ALL 2:3 MODSEQ 4\r\nd OK Searched\r\n"
                         "* ESEARCH (TAG \"e\") MIN 1 MODSEQ 2\r\ne OK Searched\r\n"
                         "* ESEARCH (TAG \"f\")\r\nf OK Searched\r\n"));
}

TEST_CASE("imap rev2: mailbox names are UTF-8 in every command, APPEND too, and \"&\" is itself") {
    imap_server server;
    imap_client ann(server);
    ann.command("ENABLE IMAP4rev2");
    for (const std::string name : {"\"Entw\xc3\xbcrfe\"", "\"R&D\""}) {
        CHECK(has(ann.command("CREATE " + name), "t OK "));
        CHECK(has(ann.command("APPEND " + name + " {14+}\r\nSubject: a\r\n\r\n"),
                  "t OK [APPENDUID "));
        CHECK(has(ann.command("STATUS " + name + " (MESSAGES)"), "(MESSAGES 1)"));
    }
    const auto listed = ann.command("LIST \"\" *");
    CHECK(has(listed, "Entw\xc3\xbcrfe"));
    CHECK(has(listed, "R&D"));
}

TEST_CASE("imap rev2: SEARCH takes a CHARSET, that rule is for UTF8=ACCEPT alone (RFC 9755 3)") {
    imap_server server;
    server.parts.fill(1);
    CHECK(server.in_inbox("a ENABLE IMAP4rev2\r\nb SEARCH CHARSET UTF-8 SUBJECT number\r\n"
                          "c SEARCH CHARSET X-NONE ALL\r\n"
                          "d ENABLE UTF8=ACCEPT\r\ne SEARCH CHARSET UTF-8 SUBJECT number\r\n") ==
          "* ENABLED IMAP4rev2\r\na OK Done\r\n"
          "* ESEARCH (TAG \"b\") ALL 1\r\nb OK Searched\r\n"
          "c NO [BADCHARSET (US-ASCII UTF-8)] this charset is not known\r\n"
          "* ENABLED UTF8=ACCEPT\r\nd OK Done\r\ne BAD no CHARSET after ENABLE UTF8=ACCEPT\r\n");
}
