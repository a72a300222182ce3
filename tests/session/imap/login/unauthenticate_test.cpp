// RFC 8437 UNAUTHENTICATE.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

TEST_CASE("imap session: B09 after UNAUTHENTICATE nothing of the user is left (RFC 8437)") {
    imap_server server;
    server.parts.fill(2);
    imap_client client(server);
    client.command("ENABLE UTF8=ACCEPT");
    client.command("SELECT INBOX");
    const auto said = client.command("UNAUTHENTICATE");
    CHECK(said.starts_with("t OK [CAPABILITY IMAP4rev1"));
    CHECK(said.find("AUTH=PLAIN") != std::string::npos);
    CHECK(said.find("UNAUTHENTICATE") == std::string::npos);
    const std::string not_now = "t BAD Command not allowed in this state\r\n";
    CHECK(client.command("FETCH 1 UID") == not_now);
    CHECK(client.command("LIST \"\" *") == not_now);
    client.command("LOGIN bob@a.example pw");
    CHECK(client.command("FETCH 1 UID") == not_now);
    CHECK(client.command("STATUS INBOX (MESSAGES)") ==
          "* STATUS INBOX (MESSAGES 0)\r\nt OK Done\r\n");
    // UTF8=ACCEPT was Ann's.
    CHECK(client.command("STATUS \"\xc3\xbc\" (MESSAGES)") ==
          "t NO [CANNOT] the mailbox name is not modified UTF-7\r\n");
    // Ann's news are not Bob's.
    client.command("SELECT INBOX");
    server.parts.put("Subject: for Ann\r\n\r\nx\r\n");
    CHECK(client.command("NOOP") == "t OK Done\r\n");
}

TEST_CASE("imap session: UNAUTHENTICATE needs a user, and a stranger's limits follow it") {
    imap_server server;
    CHECK(server.talk("a UNAUTHENTICATE\r\n")
              .ends_with("a BAD Command not allowed in this state\r\n"));
    const auto said = server.as_ann("a UNAUTHENTICATE\r\nb LOGIN {4097}\r\n");
    CHECK(said.ends_with("b NO [TOOBIG] the literal is too large\r\n"));
}

TEST_CASE("imap session: a changed password of the user before does not end the next session") {
    imap_server server;
    imap_client client(server);
    client.command("UNAUTHENTICATE");
    server.parts.set_password_hash(server.parts.ann, "$other");
    client.command("LOGIN bob@a.example pw");
    CHECK(client.command("NOOP") == "t OK Done\r\n");
}
