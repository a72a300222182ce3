// SORT, ESORT and THREAD in whole sessions.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

void put(imap_server& server,
         const std::string& from,
         const std::string& subject,
         const std::string& day,
         const std::string& more = "") {
    server.parts.put("From: " + from + "\r\nTo: " + from + "\r\nSubject: " + subject +
                     "\r\nDate: " + day + " Jan 2026 10:00:00 +0000\r\n" + more + "\r\nbody\r\n");
}

void fill(imap_server& server) {
    put(server, "Zoe <b@b.example>", "Re: beta", "3");
    put(server, "adam <c@b.example>", "alpha", "5", "X-Long: " + std::string(300, 'x') + "\r\n");
    put(server, "a@b.example", "=?utf-8?q?=C3=84rger?=", "1");
    put(server, "Bob <d@b.example>", "[list] ALPHA (fwd)", "4");
}

}  // namespace

TEST_CASE("imap session: SORT by each key, with sequence numbers and UIDs") {
    imap_server server;
    fill(server);
    CHECK(
        server.in_inbox("a SORT (DATE) UTF-8 ALL\r\nb SORT (SUBJECT) US-ASCII ALL\r\n"
                        "c UID SORT (REVERSE DATE) UTF-8 1:3\r\nd SORT (FROM) UTF-8 ALL\r\n"
                        "e SORT (DISPLAYFROM) UTF-8 ALL\r\nf SORT (REVERSE SIZE) UTF-8 2:3\r\n"
                        "g SORT (ARRIVAL) UTF-8 UNDELETED\r\n"
                        "h SORT (SUBJECT REVERSE DATE) UTF-8 FROM b.example\r\n"
                        "i SORT (DATE) UTF-8 DELETED\r\nj SORT (TO CC DISPLAYTO) UTF-8 ALL\r\n") ==
        "* SORT 3 1 4 2\r\na OK Sorted\r\n"
        // The umlaut is an A with a mark: RFC 5051 decomposes.
        "* SORT 2 4 3 1\r\nb OK Sorted\r\n"
        "* SORT 2 1 3\r\nc OK Sorted\r\n"
        "* SORT 3 1 2 4\r\nd OK Sorted\r\n"
        "* SORT 3 2 4 1\r\ne OK Sorted\r\n"
        "* SORT 2 3\r\nf OK Sorted\r\n"
        "* SORT 1 2 3 4\r\ng OK Sorted\r\n"
        "* SORT 2 4 3 1\r\nh OK Sorted\r\n"
        "* SORT\r\ni OK Sorted\r\n"
        "* SORT 3 1 2 4\r\nj OK Sorted\r\n");
}

TEST_CASE("imap session: SORT RETURN tells of the order, MIN and MAX are first and last in it") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SORT RETURN (MIN MAX COUNT ALL) (DATE) UTF-8 ALL\r\n"
                          "b UID SORT RETURN (PARTIAL 2:3) (DATE) UTF-8 ALL\r\n"
                          "c SORT RETURN (PARTIAL -1:-1) (DATE) UTF-8 ALL\r\n"
                          "d SORT RETURN () (REVERSE ARRIVAL) UTF-8 DELETED\r\n"
                          "e SORT RETURN (SAVE MAX) (DATE) UTF-8 ALL\r\nf SEARCH $\r\n"
                          "g SORT RETURN (SAVE) (DATE) UTF-8 3:4\r\nh SORT (DATE) UTF-8 $\r\n") ==
          "* ESEARCH (TAG \"a\") MIN 3 MAX 2 COUNT 4 ALL 3,1,4,2\r\na OK Sorted\r\n"
          "* ESEARCH (TAG \"b\") UID PARTIAL (2:3 1,4)\r\nb OK Sorted\r\n"
          "* ESEARCH (TAG \"c\") PARTIAL (-1:-1 2)\r\nc OK Sorted\r\n"
          "* ESEARCH (TAG \"d\")\r\nd OK Sorted\r\n"
          "* ESEARCH (TAG \"e\") MAX 2\r\ne OK Sorted\r\n* SEARCH 2\r\nf OK Searched\r\n"
          "g OK Sorted\r\n* SORT 3 4\r\nh OK Sorted\r\n");
}

TEST_CASE("imap session: THREAD by references and by subject") {
    imap_server server;
    put(server, "a@b.example", "one", "1", "Message-ID: <1@x>\r\n");
    put(server, "a@b.example", "Re: one", "2", "Message-ID: <2@x>\r\nReferences: <1@x>\r\n");
    put(server, "a@b.example", "other", "3", "Message-ID: <3@x>\r\n");
    put(server, "a@b.example", "Re: one", "4", "Message-ID: <4@x>\r\nIn-Reply-To: <1@x>\r\n");
    CHECK(
        server.in_inbox("a THREAD REFERENCES UTF-8 ALL\r\nb UID THREAD ORDEREDSUBJECT UTF-8 ALL\r\n"
                        "c THREAD REFERENCES US-ASCII DELETED\r\n"
                        "d THREAD REFERENCES UTF-8 2:4\r\n") ==
        "* THREAD (1 (2)(4))(3)\r\na OK Threaded\r\n"
        "* THREAD (1 (2)(4))(3)\r\nb OK Threaded\r\n"
        "* THREAD\r\nc OK Threaded\r\n"
        "* THREAD ((2)(4))(3)\r\nd OK Threaded\r\n");
}

TEST_CASE("imap session: SORT and THREAD over many messages use a worker thread") {
    imap_server server;
    server.parts.fill(700);
    imap_client one(server);
    one.command("SELECT INBOX");
    CHECK(one.command("SORT (SUBJECT) UTF-8 ALL").starts_with("* SORT 1 10 100 101 102 "));
    CHECK(one.command("SORT (REVERSE SUBJECT) UTF-8 UNSEEN").starts_with("* SORT 99 98 97 "));
    CHECK(one.command("THREAD REFERENCES UTF-8 ALL").starts_with("* THREAD (1)(2)(3)"));
    CHECK(one.command("THREAD ORDEREDSUBJECT UTF-8 ALL").starts_with("* THREAD (1)(2)(3)"));
}

TEST_CASE("imap session: SORT and THREAD refuse what they do not know") {
    imap_server server;
    CHECK(server.in_inbox("a SORT (DATE) KLINGON ALL\r\nb THREAD REFS UTF-8 ALL\r\n"
                          "c SORT () UTF-8 ALL\r\nd THREAD REFERENCES KLINGON ALL\r\n") ==
          "a NO [BADCHARSET (US-ASCII UTF-8)] this charset is not known\r\n"
          "b BAD this threading algorithm is not known\r\n"
          "c BAD this sort key is not known\r\n"
          "d NO [BADCHARSET (US-ASCII UTF-8)] this charset is not known\r\n");
    CHECK(server.as_ann("a SORT (DATE) UTF-8 ALL\r\nb THREAD REFERENCES UTF-8 ALL\r\n") ==
          "a BAD Command not allowed in this state\r\nb BAD Command not allowed in this state\r\n");
}

TEST_CASE("imap session: B06 a SORT or THREAD that takes too long is ended") {
    imap_server server;
    server.parts.fill(3);
    server.config.search_timeout = std::chrono::milliseconds(-1);
    CHECK(server.in_inbox("a SORT (DATE) UTF-8 ALL\r\nb THREAD REFERENCES UTF-8 ALL\r\n") ==
          "a NO [LIMIT] The search takes too long\r\nb NO [LIMIT] The search takes too long\r\n");
}

TEST_CASE("imap session: SORT tells only of messages the client knows") {
    imap_server server;
    server.parts.fill(2);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    server.parts.fill(1);
    two.command("STORE 1 +FLAGS (\\Deleted)");
    two.command("EXPUNGE");
    // The EXPUNGE waits, so 2 is still 2; what is gone is not found.
    CHECK(one.command("SORT (DATE) UTF-8 ALL").starts_with("* SORT 2\r\n* 3 EXISTS\r\n"));
    CHECK(one.command("UID SORT (ARRIVAL) UTF-8 ALL") ==
          "* 1 EXPUNGE\r\n* SORT 2 3\r\nt OK Sorted\r\n");
}
