// METADATA (RFC 5464), LIST-METADATA (RFC 9590).
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

TEST_CASE("imap metadata: entries of a mailbox, with NIL for those that are not there") {
    imap_server server;
    CHECK(server.as_ann(
              "a SETMETADATA INBOX (/private/comment \"My own\" /Shared/Comment {4+}\r\nx\r\ny)\r\n"
              "b GETMETADATA inbox (/shared/comment /PRIVATE/comment /shared/none)\r\n"
              "c SETMETADATA INBOX (/private/comment NIL)\r\n"
              "d GETMETADATA INBOX /private/comment\r\n"
              "e GETMETADATA Sent /shared/comment\r\n") ==
          "a OK Set\r\n"
          "* METADATA INBOX (/PRIVATE/comment \"My own\" /shared/comment {4}\r\nx\r\ny"
          " /shared/none NIL)\r\nb OK Done\r\n"
          "c OK Set\r\n"
          "* METADATA INBOX (/private/comment NIL)\r\nd OK Done\r\n"
          "* METADATA Sent (/shared/comment NIL)\r\ne OK Done\r\n");
}

TEST_CASE("imap metadata: a value with NUL comes back as literal8") {
    imap_server server;
    const std::string value("a\0b", 3);
    CHECK(server.as_ann("a SETMETADATA INBOX (/private/comment ~{3+}\r\n" + value + ")\r\n" +
                        "b GETMETADATA INBOX /private/comment\r\n") ==
          "a OK Set\r\n* METADATA INBOX (/private/comment ~{3}\r\n" + value + ")\r\nb OK Done\r\n");
}

TEST_CASE("imap metadata: DEPTH and MAXSIZE") {
    imap_server server;
    const auto said = server.as_ann(
        "a SETMETADATA INBOX (/private/filters/values/small \"SMALLER 5000\""
        " /private/filters/values/boss \"FROM boss\" /private/filters/values/boss/deep \"x\")\r\n"
        "b GETMETADATA INBOX (DEPTH 1) (/private/filters/values)\r\n"
        "c GETMETADATA (DEPTH infinity MAXSIZE 9) INBOX /private\r\n"
        "d GETMETADATA (DEPTH infinity MAXSIZE 0) INBOX /shared\r\n"
        "e GETMETADATA (MAXSIZE 8) INBOX /private/filters/values/boss\r\n");
    CHECK(said ==
          "a OK Set\r\n"
          "* METADATA INBOX (/private/filters/values/boss \"FROM boss\""
          " /private/filters/values/small \"SMALLER 5000\")\r\nb OK Done\r\n"
          "* METADATA INBOX (/private/filters/values/boss \"FROM boss\""
          " /private/filters/values/boss/deep \"x\")\r\n"
          "c OK [METADATA LONGENTRIES 12] Done, but for those that are too long\r\n"
          "d OK Done\r\n"
          "e OK [METADATA LONGENTRIES 9] Done, but for those that are too long\r\n");
}

TEST_CASE("imap metadata: the server's entries: private ones are each user's own") {
    imap_server server;
    imap_client ann(server), bob(server, "bob@a.example");
    CHECK(ann.command("SETMETADATA \"\" (/private/vendor/x/y \"ann's\")") == "t OK Set\r\n");
    CHECK(ann.command("GETMETADATA \"\" /private/vendor/x/y") ==
          "* METADATA \"\" (/private/vendor/x/y \"ann's\")\r\nt OK Done\r\n");
    CHECK(bob.command("GETMETADATA \"\" (/private/vendor/x/y /shared/admin /shared/comment)") ==
          "* METADATA \"\" (/shared/admin \"mailto:postmaster@a.example\" /private/vendor/x/y NIL"
          " /shared/comment NIL)\r\nt OK Done\r\n");
    CHECK(bob.command("SETMETADATA \"\" (/shared/comment \"x\")") ==
          "t NO [NOPERM] Only the owner of the server sets this entry\r\n");
}

TEST_CASE("imap metadata: /private/specialuse tells what LIST tells (RFC 6154)") {
    imap_server server;
    CHECK(server.as_ann("a GETMETADATA Sent /private/specialuse\r\n"
                        "b GETMETADATA INBOX /private/specialuse\r\n"
                        "c SETMETADATA INBOX (/private/specialuse \"\\\\Sent\")\r\n") ==
          "* METADATA Sent (/private/specialuse \"\\\\Sent\")\r\na OK Done\r\n"
          "* METADATA INBOX (/private/specialuse NIL)\r\nb OK Done\r\n"
          "c NO [NOPERM] The special use is given by CREATE\r\n");
}

TEST_CASE("imap metadata: B17 a value at the limit is kept, one octet more is MAXSIZE") {
    imap_server server;
    const auto set = [&](std::size_t octets) {
        return server.as_ann("a SETMETADATA INBOX (/shared/comment {" + std::to_string(octets) +
                             "+}\r\n" + std::string(octets, 'x') + ")\r\n");
    };
    CHECK(set(4096) == "a OK Set\r\n");
    CHECK(set(4097) == "a NO [METADATA MAXSIZE 4096] The value is too long\r\n");
    CHECK(set(1'000'000).starts_with("a NO [TOOBIG]"));
    CHECK(server.as_ann("b GETMETADATA (MAXSIZE 4095) INBOX /shared/comment\r\n") ==
          "b OK [METADATA LONGENTRIES 4096] Done, but for those that are too long\r\n");
}

TEST_CASE("imap metadata: B17 too many entries change nothing") {
    imap_server server;
    std::string full = "SETMETADATA INBOX (/private/e0 \"x\"";
    for (int n = 1; n < 64; ++n)
        full += " /private/e" + std::to_string(n) + " \"x\"";
    imap_client ann(server);
    CHECK(ann.command(full + ")") == "t OK Set\r\n");
    CHECK(ann.command("SETMETADATA INBOX (/private/e0 \"new\" /private/more \"x\")") ==
          "t NO [METADATA TOOMANY] Too many annotations\r\n");
    CHECK(ann.command("GETMETADATA INBOX /private/e0") ==
          "* METADATA INBOX (/private/e0 \"x\")\r\nt OK Done\r\n");
}

TEST_CASE("imap metadata: a mailbox that is not there has none") {
    imap_server server;
    CHECK(server.as_ann("a GETMETADATA Nowhere /shared/comment\r\n"
                        "b SETMETADATA Nowhere (/shared/comment \"x\")\r\n") ==
          "a NO [NONEXISTENT] No such mailbox\r\nb NO [NONEXISTENT] No such mailbox\r\n");
}

TEST_CASE("imap metadata: LIST RETURN (METADATA) tells them behind each line") {
    imap_server server;
    CHECK(
        server.as_ann("a SETMETADATA Sent (/shared/vendor/x/color \"#fff\")\r\n"
                      "b LIST \"\" (INBOX Sent) RETURN (METADATA (/shared/vendor/x/color))\r\n") ==
        "a OK Set\r\n"
        "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
        "* METADATA INBOX (/shared/vendor/x/color NIL)\r\n"
        "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n"
        "* METADATA Sent (/shared/vendor/x/color \"#fff\")\r\nb OK Listed\r\n");
}
