// ESEARCH, SEARCHRES, WITHIN, PARTIAL and the save date in whole sessions.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

/// Five messages, 2 and 4 are flagged.
void fill(imap_server& server) {
    for (unsigned n = 1; n <= 5; ++n)
        server.parts.put("Subject: n" + std::to_string(n) + "\r\n\r\nbody\r\n",
                         n % 2 == 0 ? mail::flags::flagged : 0u);
}

}  // namespace

TEST_CASE("imap session: SEARCH RETURN answers with ESEARCH and its tag in quotes") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH RETURN (MIN MAX COUNT ALL) UNFLAGGED\r\n"
                          "b UID SEARCH RETURN () FLAGGED\r\n"
                          "c SEARCH RETURN (MIN COUNT) DELETED\r\n"
                          "d SEARCH RETURN (ALL) DELETED\r\n"
                          "e SEARCH RETURN (MAX) 2:4\r\n") ==
          "* ESEARCH (TAG \"a\") MIN 1 MAX 5 COUNT 3 ALL 1,3,5\r\na OK Searched\r\n"
          "* ESEARCH (TAG \"b\") UID ALL 2,4\r\nb OK Searched\r\n"
          "* ESEARCH (TAG \"c\") COUNT 0\r\nc OK Searched\r\n"
          "* ESEARCH (TAG \"d\")\r\nd OK Searched\r\n"
          "* ESEARCH (TAG \"e\") MAX 4\r\ne OK Searched\r\n");
}

TEST_CASE("imap session: SEARCH RETURN (PARTIAL) gives a page from either end") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH RETURN (PARTIAL 1:2) ALL\r\n"
                          "b UID SEARCH RETURN (PARTIAL -1:-2 COUNT) ALL\r\n"
                          "c SEARCH RETURN (PARTIAL 4:9) ALL\r\n"
                          "d SEARCH RETURN (PARTIAL 6:9) ALL\r\n"
                          "e SEARCH RETURN (PARTIAL 1:9) DELETED\r\n") ==
          "* ESEARCH (TAG \"a\") PARTIAL (1:2 1:2)\r\na OK Searched\r\n"
          "* ESEARCH (TAG \"b\") UID COUNT 5 PARTIAL (-1:-2 4:5)\r\nb OK Searched\r\n"
          "* ESEARCH (TAG \"c\") PARTIAL (4:9 4:5)\r\nc OK Searched\r\n"
          "* ESEARCH (TAG \"d\") PARTIAL (6:9 NIL)\r\nd OK Searched\r\n"
          "* ESEARCH (TAG \"e\") PARTIAL (1:9 NIL)\r\ne OK Searched\r\n");
}

TEST_CASE("imap session: $ is the saved result in every command that takes a set") {
    imap_server server;
    fill(server);
    server.as_ann("a CREATE box\r\n");
    CHECK(server.in_inbox("a SEARCH RETURN (SAVE) FLAGGED\r\n"
                          "b FETCH $ (UID)\r\n"
                          "c UID FETCH $ (FLAGS)\r\n"
                          "d SEARCH $ 1:3\r\n"
                          "e SEARCH NOT $\r\n"
                          "f UID SEARCH UID $\r\n"
                          "g STORE $ +FLAGS.SILENT (\\Deleted)\r\n"
                          "h COPY $ box\r\n"
                          "i UID EXPUNGE $\r\n"
                          "j FETCH $ (UID)\r\n"
                          "k STATUS box (MESSAGES)\r\n") ==
          "a OK Searched\r\n"
          "* 2 FETCH (UID 2)\r\n* 4 FETCH (UID 4)\r\nb OK Fetched\r\n"
          "* 2 FETCH (UID 2 FLAGS (\\Flagged))\r\n* 4 FETCH (UID 4 FLAGS (\\Flagged))\r\n"
          "c OK Fetched\r\n"
          "* SEARCH 2\r\nd OK Searched\r\n"
          "* SEARCH 1 3 5\r\ne OK Searched\r\n"
          "* SEARCH 2 4\r\nf OK Searched\r\n"
          "g OK Stored\r\n"
          "h OK [COPYUID V 2,4 1:2] Copied\r\n"
          "* 4 EXPUNGE\r\n* 2 EXPUNGE\r\ni OK Expunged\r\n"
          "j OK Fetched\r\n"
          "* STATUS box (MESSAGES 2)\r\nk OK Done\r\n");
}

TEST_CASE("imap session: MOVE takes $ and leaves it empty") {
    imap_server server;
    fill(server);
    server.as_ann("a CREATE box\r\n");
    CHECK(server.in_inbox("a SEARCH RETURN (SAVE) 1:2\r\nb MOVE $ box\r\nc SEARCH $\r\n") ==
          "a OK Searched\r\n"
          "* OK [COPYUID V 1:2 1:2] Moved\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\nb OK Done\r\n"
          "* SEARCH\r\nc OK Searched\r\n");
}

TEST_CASE(
    "imap session: a search that ends in NO leaves $ empty, whoever refuses it (RFC 5182 2.1)") {
    imap_server server;
    server.parts.fill(3);
    imap_client one(server);
    one.command("SELECT INBOX");
    const auto left_by = [&](const std::string& text, const std::string& answer) {
        one.command("SEARCH RETURN (SAVE) 2:3");
        const auto said = one.command(text);
        CAPTURE(text.substr(0, 80));
        CAPTURE(said);
        CHECK(said.starts_with("t " + answer));
        return one.command("SEARCH $");
    };
    const std::string none = "* SEARCH\r\nt OK Searched\r\n";
    const std::string kept = "* SEARCH 2 3\r\nt OK Searched\r\n";
    std::string many = "ESEARCH IN (mailboxes (";
    for (int n = 0; n < 300; ++n)
        many += "a ";
    many += "b)) RETURN (SAVE) ALL";
    CHECK(left_by("SEARCH RETURN (SAVE) CHARSET X-NONE ALL", "NO [BADCHARSET") == none);
    CHECK(left_by("UID SEARCH RETURN (COUNT SAVE) CHARSET X-NONE ALL", "NO [BADCHARSET") == none);
    CHECK(left_by("SORT RETURN (SAVE) (SIZE) X-NONE ALL", "NO [BADCHARSET") == none);
    CHECK(left_by(many, "NO [LIMIT]") == none);
    // BAD leaves it as it was, and so does a search that is not to be kept.
    CHECK(left_by("SEARCH RETURN (SAVE) FOO", "BAD") == kept);
    CHECK(left_by("SEARCH RETURN (COUNT) CHARSET X-NONE ALL", "NO [BADCHARSET") == kept);
    CHECK(left_by("SEARCH CHARSET X-NONE ALL", "NO [BADCHARSET") == kept);
}

TEST_CASE("imap session: what SAVE keeps beside MIN, MAX, COUNT and PARTIAL (RFC 5182 2.4)") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH RETURN (SAVE MIN) ALL\r\nb SEARCH $\r\n"
                          "c SEARCH RETURN (SAVE MIN MAX) ALL\r\nd SEARCH $\r\n"
                          "e SEARCH RETURN (SAVE MIN COUNT) ALL\r\nf SEARCH $\r\n"
                          "g SEARCH RETURN (SAVE PARTIAL 2:3) ALL\r\nh SEARCH $\r\n") ==
          "* ESEARCH (TAG \"a\") MIN 1\r\na OK Searched\r\n* SEARCH 1\r\nb OK Searched\r\n"
          "* ESEARCH (TAG \"c\") MIN 1 MAX 5\r\nc OK Searched\r\n* SEARCH 1 5\r\nd OK Searched\r\n"
          "* ESEARCH (TAG \"e\") MIN 1 COUNT 5\r\ne OK Searched\r\n* SEARCH 1 2 3 4 5\r\n"
          "f OK Searched\r\n"
          "* ESEARCH (TAG \"g\") PARTIAL (2:3 2:3)\r\ng OK Searched\r\n* SEARCH 2 3\r\n"
          "h OK Searched\r\n");
}

TEST_CASE("imap session: $ is empty at first, after SELECT and after a search that failed") {
    imap_server server;
    fill(server);
    imap_client one(server);
    one.command("SELECT INBOX");
    CHECK(one.command("SEARCH $") == "* SEARCH\r\nt OK Searched\r\n");
    one.command("SEARCH RETURN (SAVE) ALL");
    CHECK(one.command("SEARCH RETURN (SAVE FOO) ALL").starts_with("t BAD"));
    CHECK(one.command("SEARCH RETURN (COUNT) $") ==
          "* ESEARCH (TAG \"t6\") COUNT 5\r\nt OK Searched\r\n");
    CHECK(one.command("SEARCH RETURN (SAVE) $ CHARSET") != "");
    one.command("SELECT INBOX");
    CHECK(one.command("SEARCH $") == "* SEARCH\r\nt OK Searched\r\n");
}

TEST_CASE("imap session: B06 a saved search that takes too long leaves $ empty") {
    imap_server server;
    fill(server);
    server.config.search_timeout = std::chrono::milliseconds(-1);
    CHECK(server.in_inbox("a SEARCH RETURN (SAVE) ALL\r\nb FETCH $ (UID)\r\n") ==
          "a NO [LIMIT] The search takes too long\r\nb OK Fetched\r\n");
}

TEST_CASE("imap session: what another session expunges drops out of $") {
    imap_server server;
    fill(server);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    one.command("SEARCH RETURN (SAVE) 2:4");
    two.command("STORE 3 +FLAGS (\\Deleted)");
    two.command("EXPUNGE");
    one.command("NOOP");
    CHECK(one.command("UID SEARCH $") == "* SEARCH 2 4\r\nt OK Searched\r\n");
    CHECK(one.command("SEARCH $") == "* SEARCH 2 3\r\nt OK Searched\r\n");
}

TEST_CASE("imap session: YOUNGER and OLDER count back from the server's clock") {
    imap_server server;
    fill(server);  // INTERNALDATE is the clock's time
    server.parts.time.advance(std::chrono::seconds(100));
    CHECK(server.in_inbox("a SEARCH YOUNGER 100\r\nb SEARCH YOUNGER 99\r\n"
                          "c SEARCH OLDER 100\r\nd SEARCH OLDER 101\r\n") ==
          "* SEARCH 1 2 3 4 5\r\na OK Searched\r\n* SEARCH\r\nb OK Searched\r\n"
          "* SEARCH 1 2 3 4 5\r\nc OK Searched\r\n* SEARCH\r\nd OK Searched\r\n");
}

TEST_CASE("imap session: SEARCH by the date of saving") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH SAVEDON 2-Jan-2026\r\nb SEARCH SAVEDBEFORE 2-Jan-2026\r\n"
                          "c SEARCH SAVEDSINCE 2-Jan-2026 FLAGGED\r\nd SEARCH "
                          "SAVEDATESUPPORTED 1\r\n") ==
          "* SEARCH 1 2 3 4 5\r\na OK Searched\r\n* SEARCH\r\nb OK Searched\r\n"
          "* SEARCH 2 4\r\nc OK Searched\r\n* SEARCH 1\r\nd OK Searched\r\n");
}

TEST_CASE("imap session: UID FETCH (PARTIAL) gives a page of the set, from either end") {
    imap_server server;
    fill(server);
    imap_client one(server);
    one.command("SELECT INBOX");
    one.command("STORE 2 +FLAGS (\\Deleted)");
    one.command("EXPUNGE");  // UIDs 1, 3, 4, 5 are left
    CHECK(one.command("UID FETCH 1:* (UID) (PARTIAL 2:3)") ==
          "* 2 FETCH (UID 3)\r\n* 3 FETCH (UID 4)\r\nt OK Fetched\r\n");
    CHECK(one.command("UID FETCH 1:3,5 (UID) (PARTIAL -1:-2)") ==
          "* 2 FETCH (UID 3)\r\n* 4 FETCH (UID 5)\r\nt OK Fetched\r\n");
    CHECK(one.command("UID FETCH 1:* (UID) (PARTIAL 4:100)") ==
          "* 4 FETCH (UID 5)\r\nt OK Fetched\r\n");
    CHECK(one.command("UID FETCH 1:* UID (PARTIAL 5:100)") == "t OK Fetched\r\n");
    CHECK(one.command("FETCH 1:* (UID) (PARTIAL 1:2)").starts_with("t BAD"));
    CHECK(one.command("UID FETCH 1:* (UID) (PARTIAL 1:2 PARTIAL 1:2)").starts_with("t BAD"));
    CHECK(one.command("UID FETCH 1:* (UID) (PARTIAL 0:2)").starts_with("t BAD"));
    CHECK(one.command("UID FETCH 1:* ALL (PARTIAL 1:1)").starts_with("* 1 FETCH (UID 1 FLAGS"));
}
