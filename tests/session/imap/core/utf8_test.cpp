// RFC 9755 UTF8=ACCEPT.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_server;

namespace {

const std::string enable = "E ENABLE UTF8=ACCEPT\r\n";
const std::string enabled = "* ENABLED UTF8=ACCEPT\r\nE OK Done\r\n";
const std::string drafts = "Entw\xc3\xbcrfe";

}  // namespace

TEST_CASE("imap session: mailbox names are UTF-8 in both directions after ENABLE (RFC 9755)") {
    imap_server server;
    CHECK(server.as_ann(enable + "a CREATE \"" + drafts + "\"\r\nb LIST \"\" \"" + drafts +
                        "\"\r\nc STATUS \"" + drafts + "\" (MESSAGES)\r\nd SUBSCRIBE \"" + drafts +
                        "\"\r\ne LSUB \"\" \"" + drafts + "\"\r\n") ==
          enabled + "a OK Created\r\n* LIST (\\HasNoChildren) \"/\" \"" + drafts +
              "\"\r\nb OK Listed\r\n* STATUS \"" + drafts +
              "\" (MESSAGES 0)\r\nc OK Done\r\nd OK Subscribed\r\n* LSUB () \"/\" \"" + drafts +
              "\"\r\ne OK Listed\r\n");
    // The same mailbox for who has not enabled it, and "&" means itself for who has.
    CHECK(server.as_ann("a STATUS Entw&APw-rfe (MESSAGES)\r\n") ==
          "* STATUS Entw&APw-rfe (MESSAGES 0)\r\na OK Done\r\n");
    CHECK(server.as_ann(enable + "a CREATE Entw&APw-rfe\r\nb LIST \"\" Entw&*\r\n") ==
          enabled +
              "a OK Created\r\n* LIST (\\HasNoChildren) \"/\" Entw&APw-rfe\r\nb OK Listed\r\n");
}

TEST_CASE("imap session: before ENABLE names are modified UTF-7, broken UTF-8 is none after it") {
    imap_server server;
    CHECK(server.as_ann("a CREATE \"" + drafts + "\"\r\n") ==
          "a NO [CANNOT] the mailbox name is not modified UTF-7\r\n");
    CHECK(server.as_ann(enable + "a CREATE \"x\xff\"\r\n") ==
          enabled + "a NO [CANNOT] the mailbox name is not UTF-8\r\n");
}

TEST_CASE("imap session: APPEND UTF8 takes headers in UTF-8 after ENABLE only (RFC 9755 4)") {
    imap_server server;
    const std::string text =
        "Subject: Gr\xc3\xbc\xc3\x9f"
        "e\r\n\r\nx\r\n";
    const auto size = std::to_string(text.size());
    CHECK(server.as_ann("a APPEND INBOX UTF8 (~{" + size + "+}\r\n" + text + ")\r\nb NOOP\r\n") ==
          "a BAD UTF8 needs ENABLE UTF8=ACCEPT\r\nb OK Done\r\n");
    CHECK(server
              .as_ann(enable + "a APPEND INBOX (\\Seen) UTF8 (~{" + size + "}\r\n" + text +
                      ")\r\nb SELECT INBOX\r\nc FETCH 1 BODY[]\r\n")
              .ends_with("* 1 FETCH (BODY[] {" + size + "}\r\n" + text + ")\r\nc OK Fetched\r\n"));
}

TEST_CASE("imap session: an address in UTF-8 can be read and answered after ENABLE (RFC 9755)") {
    imap_server server;
    server.parts.put("From: J\xc3\xbcrgen <j\xc3\xbcrgen@m\xc3\xbcller.example>\r\n\r\nx\r\n");
    CHECK(server.in_inbox("a FETCH 1 ENVELOPE\r\n").find('\xc3') == std::string::npos);
    const auto said =
        server.in_inbox(enable + "a FETCH 1 ENVELOPE\r\nb FETCH 1 BODY.PEEK[HEADER]\r\n");
    CHECK(said.find("\"j\xc3\xbcrgen\" \"m\xc3\xbcller.example\"") != std::string::npos);
    CHECK(said.find("<j\xc3\xbcrgen@m\xc3\xbcller.example>\r\n") != std::string::npos);
}

TEST_CASE("imap session: ENABLE tells only what it switched on (RFC 5161)") {
    imap_server server;
    CHECK(server.as_ann("a ENABLE X-FOO utf8=accept IDLE\r\nb ENABLE X-FOO\r\n") ==
          "* ENABLED UTF8=ACCEPT\r\na OK Done\r\n* ENABLED\r\nb OK Done\r\n");
}

TEST_CASE("imap session: SEARCH is in UTF-8 after ENABLE, a CHARSET is refused (RFC 9755 3)") {
    imap_server server;
    server.parts.put(
        "Subject: Gr\xc3\xbc\xc3\x9f"
        "e\r\n\r\nx\r\n");
    CHECK(server.in_inbox(enable + "a SEARCH SUBJECT \"gr\xc3\xbc\"\r\n"
                                   "b SEARCH CHARSET UTF-8 SUBJECT x\r\n") ==
          enabled +
              "* SEARCH 1\r\na OK Searched\r\n"
              "b BAD no CHARSET after ENABLE UTF8=ACCEPT\r\n");
}
