#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_server;

TEST_CASE("imap session: SELECT tells flags, size, first unseen, UIDVALIDITY and UIDNEXT") {
    imap_server server;
    server.parts.put("Subject: a\r\n\r\n1\r\n", mail::flags::seen);
    server.parts.put("Subject: b\r\n\r\n2\r\n", 0, {"$Work"});
    CHECK(server.as_ann("a SELECT inbox\r\n") ==
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Work)\r\n"
          "* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Work \\*)]"
          " Flags are kept\r\n"
          "* 2 EXISTS\r\n"
          "* 0 RECENT\r\n"
          "* OK [UNSEEN 2] First unseen message\r\n"
          "* OK [UIDVALIDITY V] UIDs stay valid\r\n"
          "* OK [UIDNEXT 3] Next UID\r\n"
          "* OK [HIGHESTMODSEQ 3] Highest mod-sequence\r\n"
          "a OK [READ-WRITE] Mailbox is open\r\n");
}

TEST_CASE("imap session: EXAMINE opens read-only and changes nothing") {
    imap_server server;
    server.parts.put("Subject: a\r\n\r\n1\r\n");
    CHECK(server.as_ann("a EXAMINE INBOX\r\n"
                        "b FETCH 1 BODY[TEXT]\r\n"
                        "c STORE 1 +FLAGS (\\Deleted)\r\n"
                        "d EXPUNGE\r\n"
                        "e CLOSE\r\n"
                        "f STATUS INBOX (MESSAGES UNSEEN)\r\n") ==
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)\r\n"
          "* OK [PERMANENTFLAGS ()] No flag can be changed\r\n"
          "* 1 EXISTS\r\n"
          "* 0 RECENT\r\n"
          "* OK [UNSEEN 1] First unseen message\r\n"
          "* OK [UIDVALIDITY V] UIDs stay valid\r\n"
          "* OK [UIDNEXT 2] Next UID\r\n"
          "* OK [HIGHESTMODSEQ 2] Highest mod-sequence\r\n"
          "a OK [READ-ONLY] Mailbox is open\r\n"
          "* 1 FETCH (BODY[TEXT] {3}\r\n1\r\n)\r\n"
          "b OK Fetched\r\n"
          "c NO [READ-ONLY] The mailbox is opened read-only\r\n"
          "d NO [READ-ONLY] The mailbox is opened read-only\r\n"
          "e OK Closed\r\n"
          "* STATUS INBOX (MESSAGES 1 UNSEEN 1)\r\n"
          "f OK Done\r\n");
}

TEST_CASE("imap session: a failed SELECT leaves no mailbox selected") {
    imap_server server;
    CHECK(server.in_inbox("a SELECT Nowhere\r\nb FETCH 1 FLAGS\r\n") ==
          "* OK [CLOSED] The mailbox before is closed\r\n"
          "a NO [NONEXISTENT] No such mailbox\r\n"
          "b BAD Command not allowed in this state\r\n");
}

TEST_CASE("imap session: CLOSE expunges without a word, UNSELECT does not expunge") {
    imap_server server;
    server.parts.put("Subject: a\r\n\r\n1\r\n", mail::flags::deleted);
    CHECK(server.in_inbox("a UNSELECT\r\nb STATUS INBOX (MESSAGES)\r\n") ==
          "a OK Closed\r\n* STATUS INBOX (MESSAGES 1)\r\nb OK Done\r\n");
    CHECK(server.in_inbox("a CLOSE\r\nb STATUS INBOX (MESSAGES)\r\nc CLOSE\r\n") ==
          "a OK Closed\r\n* STATUS INBOX (MESSAGES 0)\r\nb OK Done\r\n"
          "c BAD Command not allowed in this state\r\n");
}

TEST_CASE("imap session: STATUS tells all its items") {
    imap_server server;
    server.parts.put("Subject: a\r\n\r\n1\r\n", mail::flags::deleted);
    CHECK(server.as_ann("a STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN SIZE)\r\n"
                        "b STATUS Nowhere (MESSAGES)\r\n") ==
          "* STATUS INBOX (MESSAGES 1 RECENT 0 UIDNEXT 2 UIDVALIDITY V UNSEEN 1 SIZE 17)\r\n"
          "a OK Done\r\n"
          "b NO [NONEXISTENT] No such mailbox\r\n");
}

TEST_CASE("imap session: B08 another account's mail cannot be reached by any name") {
    imap_server server;
    const auto said = server.as_ann(
        "a SELECT bob@a.example\r\nb SELECT ../bob@a.example/INBOX\r\n"
        "c STATUS \"user/bob\" (MESSAGES)\r\nd SELECT \"#shared/bob\"\r\n");
    CHECK(said ==
          "a NO [NONEXISTENT] No such mailbox\r\n"
          "b NO [NONEXISTENT] No such mailbox\r\n"
          "c NO [NONEXISTENT] No such mailbox\r\n"
          "d NO [NONEXISTENT] No such mailbox\r\n");
}
