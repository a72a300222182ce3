#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

TEST_CASE("imap session: COPY tells the UIDs of source and copy") {
    imap_server server;
    server.parts.fill(3);
    CHECK(server.in_inbox("a COPY 1,3 Archive\r\nb UID COPY 2 Archive\r\n"
                          "c STATUS Archive (MESSAGES)\r\n") ==
          "a OK [COPYUID V 1,3 1:2] Copied\r\n"
          "b OK [COPYUID V 2 3] Copied\r\n"
          "* STATUS Archive (MESSAGES 3)\r\nc OK Done\r\n");
}

TEST_CASE("imap session: MOVE tells the UIDs first and then the expunges") {
    imap_server server;
    server.parts.fill(3);
    CHECK(server.in_inbox(
              "a MOVE 1:2 Trash\r\nb UID MOVE 3 Trash\r\nc STATUS Trash (MESSAGES)\r\n") ==
          "* OK [COPYUID V 1:2 1:2] Moved\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\na OK Done\r\n"
          "* OK [COPYUID V 3 3] Moved\r\n* 1 EXPUNGE\r\nb OK Done\r\n"
          "* STATUS Trash (MESSAGES 3)\r\nc OK Done\r\n");
}

TEST_CASE("imap session: COPY to a missing mailbox asks for CREATE, of nothing does nothing") {
    imap_server server;
    server.parts.fill(1);
    CHECK(server.in_inbox("a COPY 1 Nowhere\r\nb UID COPY 9 Archive\r\nc COPY 2 Archive\r\n") ==
          "a NO [TRYCREATE] No such mailbox\r\n"
          "b OK Nothing to do\r\n"
          "c BAD No message with that number\r\n");
}

TEST_CASE("imap session: flags and keywords go with a copy") {
    imap_server server;
    server.parts.put("Subject: a\r\n\r\nx\r\n", mail::flags::flagged, {"$Work"});
    CHECK(
        server.in_inbox("a COPY 1 Archive\r\nb SELECT Archive\r\nc FETCH 1 (FLAGS BODY[TEXT])\r\n")
            .ends_with(
                "* 1 FETCH (FLAGS (\\Recent \\Seen \\Flagged $Work) BODY[TEXT] {3}\r\nx\r\n)\r\n"
                "c OK Fetched\r\n"));
}

TEST_CASE("imap session: COPY into the selected mailbox itself shows the copy") {
    imap_server server;
    server.parts.fill(1);
    CHECK(server.in_inbox("a COPY 1 INBOX\r\n") ==
          "* 2 EXISTS\r\n* 1 RECENT\r\na OK [COPYUID V 1 2] Copied\r\n");
}

TEST_CASE("imap session: MOVE of what another session took away") {
    imap_server server;
    server.parts.fill(2);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    two.command("MOVE 1 Archive");
    CHECK(one.command("MOVE 1 Trash") ==
          "* 1 EXPUNGE\r\nt NO [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
    CHECK(one.command("MOVE 1 Trash") ==
          "* OK [COPYUID V 2 1] Moved\r\n* 1 EXPUNGE\r\nt OK Done\r\n");
}

TEST_CASE("imap session: B11 a COPYUID with 40,000 gaps is told whole and never held whole") {
    imap_server server;
    for (int n = 0; n < 320; ++n)
        server.parts.put("\r\nx\r\n", n % 2 == 0 ? mail::flags::deleted : 0);
    server.parts.copy_all(8);  // 81,920
    imap_client ann(server);
    ann.command("SELECT INBOX");
    ann.command("EXPUNGE");
    std::string even = "2", expunged;
    for (int n = 4; n <= 81'920; n += 2)
        even += ',' + std::to_string(n);
    for (int n = 40'960; n > 0; --n)
        expunged += "* " + std::to_string(n) + " EXPUNGE\r\n";
    const auto is = [](const std::string& said, const std::string& wanted) {
        return said == wanted;
    };
    CHECK(is(ann.command("UID COPY 1:* Archive"),
             "t OK [COPYUID V " + even + " 1:40960] Copied\r\n"));
    CHECK(is(ann.command("MOVE 1:* Archive"),
             "* OK [COPYUID V " + even + " 40961:81920] Moved\r\n" + expunged + "t OK Done\r\n"));
    CHECK(even.size() > 200'000);
    CHECK(ann.peer().largest_write() < 192 * 1024);
}
