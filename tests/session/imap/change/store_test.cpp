#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

TEST_CASE("imap session: STORE adds, removes and replaces flags") {
    imap_server server;
    server.parts.fill(2);
    CHECK(server.in_inbox("a STORE 1:2 +FLAGS (\\Seen \\Flagged)\r\n"
                          "b STORE 1 -FLAGS (\\Seen)\r\n"
                          "c STORE 2 FLAGS (\\Draft)\r\n"
                          "d STORE 2 FLAGS.SILENT ()\r\n"
                          "e UID STORE 2 +FLAGS \\Answered\r\n"
                          "f FETCH 1:2 FLAGS\r\n") ==
          "* 1 FETCH (FLAGS (\\Seen \\Flagged))\r\n* 2 FETCH (FLAGS (\\Seen \\Flagged))\r\n"
          "a OK Stored\r\n"
          "* 1 FETCH (FLAGS (\\Flagged))\r\nb OK Stored\r\n"
          "* 2 FETCH (FLAGS (\\Draft))\r\nc OK Stored\r\n"
          "d OK Stored\r\n"
          "* 2 FETCH (UID 2 FLAGS (\\Answered))\r\ne OK Stored\r\n"
          "* 1 FETCH (FLAGS (\\Flagged))\r\n* 2 FETCH (FLAGS (\\Answered))\r\nf OK Fetched\r\n");
}

TEST_CASE("imap session: a new keyword is told before it is used") {
    imap_server server;
    server.parts.fill(1);
    CHECK(server.in_inbox("a STORE 1 +FLAGS ($Label)\r\n") ==
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Label)\r\n"
          "* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Label \\*)]"
          " Flags are kept\r\n"
          "* 1 FETCH (FLAGS ($Label))\r\n"
          "a OK Stored\r\n");
}

TEST_CASE("imap session: B15 keywords end at 256 a mailbox") {
    imap_server server;
    server.parts.fill(1);
    const auto store = [](int from, int to) {
        std::string line = "a STORE 1 +FLAGS.SILENT (";
        for (int n = from; n < to; ++n)
            line += (n > from ? " k" : "k") + std::to_string(n);
        return line + ")\r\n";
    };
    CHECK(server.in_inbox(store(0, 128) + store(128, 256)).ends_with("a OK Stored\r\n"));
    CHECK(server.in_inbox("a STORE 1 +FLAGS.SILENT (one-more)\r\n") ==
          "a NO [LIMIT] Too many keywords in this mailbox\r\n");
    const auto all = server.in_inbox("a FETCH 1 FLAGS\r\n");
    CHECK(all.find("k0 ") != std::string::npos);
    CHECK(all.find(" k255)") != std::string::npos);
}

TEST_CASE(
    "imap session: STORE of a number beyond the mailbox is BAD, of an unknown UID is nothing") {
    imap_server server;
    server.parts.fill(1);
    CHECK(server.in_inbox("a STORE 2 +FLAGS (\\Seen)\r\nb UID STORE 9 +FLAGS (\\Seen)\r\n") ==
          "a BAD No message with that number\r\nb OK Stored\r\n");
}

TEST_CASE("imap session: .SILENT still tells what another session changed") {
    imap_server server;
    server.parts.fill(3);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS (\\Flagged)");
    // RFC 9051 6.4.6: message 1 has more flags than the client can know of.
    CHECK(ann.command("STORE 1:2 +FLAGS.SILENT (\\Seen)") ==
          "* 1 FETCH (FLAGS (\\Seen \\Flagged))\r\nt OK Stored\r\n");
    CHECK(ann.command("NOOP") == "t OK Done\r\n");
    CHECK(other.command("NOOP") ==
          "* 1 FETCH (UID 1 FLAGS (\\Seen \\Flagged))\r\n* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"
          "t OK Done\r\n");
}

TEST_CASE("imap session: changes of our own are told once, with those of others between them") {
    imap_server server;
    server.parts.fill(3);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 3 +FLAGS (\\Flagged)");
    CHECK(ann.command("STORE 1 +FLAGS (\\Seen)") ==
          "* 1 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (UID 3 FLAGS (\\Flagged))\r\nt OK Stored\r\n");
    CHECK(ann.command("NOOP") == "t OK Done\r\n");
    CHECK(other.command("NOOP") == "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\nt OK Done\r\n");
}

TEST_CASE("imap session: STORE over more messages than one slice") {
    imap_server server;
    server.parts.fill(300);
    const auto said = server.in_inbox(
        "a STORE 1:* +FLAGS.SILENT (\\Seen)\r\n"
        "b STATUS INBOX (UNSEEN)\r\n");
    CHECK(said == "a OK Stored\r\n* STATUS INBOX (UNSEEN 0)\r\nb OK Done\r\n");
}

TEST_CASE("imap session: STORE of a message that is gone") {
    imap_server server;
    server.parts.fill(2);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(ann.command("STORE 1 +FLAGS (\\Seen)") ==
          "t NO [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
    CHECK(ann.command("UID STORE 1 +FLAGS (\\Seen)") ==
          "* 1 EXPUNGE\r\nt OK [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
}

TEST_CASE("imap session: each OK that left out messages which another has expunged says so") {
    imap_server server;
    server.parts.fill(6);
    imap_client ann(server), other(server);
    const std::string issued = "t OK [EXPUNGEISSUED] Some of the messages no longer exist\r\n";
    const auto ends = [&](const std::string& text) {
        const auto said = ann.command(text);
        CAPTURE(text);
        CAPTURE(said);
        return said.ends_with(issued);
    };
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    CHECK_FALSE(ends("SEARCH ALL"));
    other.command("STORE 2 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(ends("STORE 1:* +FLAGS.SILENT (\\Answered)"));
    CHECK(ends("FETCH 1:* FLAGS (CHANGEDSINCE 1)"));
    CHECK(ends("SEARCH ALL"));
    CHECK(ends("SEARCH BODY body"));
    CHECK(ends("SEARCH RETURN (SAVE) 1:3"));
    CHECK(ends("SORT (SIZE) UTF-8 ALL"));
    CHECK(ends("SORT (SIZE) UTF-8 UNSEEN"));
    CHECK(ends("THREAD REFERENCES UTF-8 ALL"));
    CHECK(ends("ESEARCH ALL"));
    CHECK_FALSE(ends("SEARCH 3:4"));
    CHECK_FALSE(ends("FETCH 1 UID"));
    CHECK_FALSE(ends("SORT (SIZE) UTF-8 3"));
    // The code that COPY has to give takes the only place.
    const auto copied = ann.command("COPY 1:3 Sent");
    CHECK(copied.starts_with("* OK [EXPUNGEISSUED] Some of the messages no longer exist\r\n"));
    CHECK(copied.find("t OK [COPYUID ") != copied.npos);
    CHECK_FALSE(ends("SEARCH ALL"));  // told by now
    other.command("STORE 1:2 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    const auto moved = ann.command("MOVE 1:3 Sent");
    CHECK(moved.find("* OK [COPYUID ") != moved.npos);
    CHECK(moved.ends_with(issued));
}

TEST_CASE("imap session: with the index, too, a search says that messages went") {
    imap_server server;
    server.open_index();
    server.parts.fill(6);
    server.index_all();
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    CHECK(ann.command("SEARCH BODY body") == "* SEARCH 1 2 3 4 5 6\r\nt OK Searched\r\n");
    other.command("SELECT INBOX");
    other.command("STORE 2 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(ann.command("SEARCH BODY body") ==
          "* SEARCH 1 3 4 5 6\r\nt OK [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
}
