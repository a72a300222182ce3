#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;
using test::memory_stream;

namespace {

const std::string message = "Subject: hello\r\n\r\nbody\r\n";  // 24 octets

}  // namespace

TEST_CASE("imap session: APPEND with flags and date, then FETCH") {
    imap_server server;
    CHECK(server
              .as_ann("a APPEND INBOX (\\Seen $Work) \"05-Jan-1999 20:55:23 -0700\" {24}\r\n" +
                      message + "\r\nb SELECT INBOX\r\nc FETCH 1 (FLAGS INTERNALDATE BODY[])\r\n")
              .ends_with("b OK [READ-WRITE] Mailbox is open\r\n"
                         "* 1 FETCH (FLAGS (\\Recent \\Seen $Work) INTERNALDATE"
                         " \"05-Jan-1999 20:55:23 -0700\" BODY[] {24}\r\n" +
                         message + ")\r\nc OK Fetched\r\n"));
}

TEST_CASE(
    "imap session: APPEND asks for a synchronising literal, tells the UID, and is seen at once") {
    imap_server server;
    CHECK(server.in_inbox("a APPEND INBOX {24}\r\n" + message + "\r\nb APPEND INBOX {24+}\r\n" +
                          message + "\r\nc NOOP\r\n") ==
          "+ Ready for the message\r\n"
          "* 1 EXISTS\r\n* 1 RECENT\r\na OK [APPENDUID V 1] Stored\r\n"
          "* 2 EXISTS\r\n* 2 RECENT\r\nb OK [APPENDUID V 2] Stored\r\n"
          "c OK Done\r\n");
}

TEST_CASE("imap session: APPEND without a date takes the time of now") {
    imap_server server;
    CHECK(server.in_inbox("a APPEND INBOX {24+}\r\n" + message + "\r\nb FETCH 1 INTERNALDATE\r\n")
              .find("* 1 FETCH (INTERNALDATE \"02-Jan-2026 03:04:05 +0000\")") !=
          std::string::npos);
}

TEST_CASE("imap session: APPEND to a mailbox that is missing asks for CREATE") {
    imap_server server;
    CHECK(server.as_ann("a APPEND Nowhere {24}\r\nb APPEND Nowhere {24+}\r\n" + message +
                        "\r\nc NOOP\r\n") ==
          "a NO [TRYCREATE] No such mailbox\r\n"
          "b NO [TRYCREATE] No such mailbox\r\n"
          "c OK Done\r\n");
}

TEST_CASE("imap session: APPEND before login is refused and its octets are no commands") {
    imap_server server;
    const auto said = server.talk("a APPEND INBOX {24+}\r\n" + message + "\r\nb NOOP\r\n");
    CHECK(said.find("a BAD Command not allowed in this state\r\n") != std::string::npos);
    CHECK(said.find("b OK Done\r\n") != std::string::npos);
}

TEST_CASE("imap session: B14 a message at the size limit is stored, one octet more is TOOBIG") {
    imap_server server;
    server.config.limits.append_octets = 24;
    CHECK(server.as_ann("a APPEND INBOX {24+}\r\n" + message + "\r\n") ==
          "a OK [APPENDUID V 1] Stored\r\n");
    const auto said = server.as_ann("a APPEND INBOX {25}\r\nb NOOP\r\n");
    CHECK(said.starts_with("a NO [TOOBIG]"));
    CHECK(said.ends_with("b OK Done\r\n"));
}

TEST_CASE("imap session: B14 an APPEND that is broken off stores nothing, wherever it is cut") {
    imap_server server;
    const auto input = "L LOGIN ann@a.example pw\r\na APPEND INBOX {24+}\r\n" + message + "\r\n";
    for (std::size_t cut = 0; cut < input.size(); ++cut)
        server.talk(input.substr(0, cut));
    CHECK(server.as_ann("a STATUS INBOX (MESSAGES)\r\n") ==
          "* STATUS INBOX (MESSAGES 0)\r\na OK Done\r\n");
    CHECK(server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap session: B14 a stop of the server ends an APPEND of which nothing more comes") {
    imap_server server;
    imap_client client(server);
    client.send("a APPEND INBOX {24}\r\n");
    client.wait_for("+ Ready for the message\r\n");
    client.send(message.substr(0, 10));
    client.settle();
    client.session().request_stop();
    CHECK(client.wait_closed() == "* BYE [UNAVAILABLE] The server shuts down\r\n");
    CHECK(
        server.as_ann("a STATUS INBOX (MESSAGES)\r\n").starts_with("* STATUS INBOX (MESSAGES 0)"));
}

TEST_CASE("imap session: an APPEND whose end is wrong stores nothing") {
    imap_server server;
    const auto said = server.as_ann("a APPEND INBOX {24+}\r\n" + message +
                                    " junk\r\nb STATUS INBOX (MESSAGES)\r\n");
    CHECK(said.starts_with("a BAD"));
    CHECK(said.find("* STATUS INBOX (MESSAGES 0)\r\n") != std::string::npos);
}

TEST_CASE("imap session: APPEND refuses an empty message and one with NUL") {
    imap_server server;
    CHECK(server.as_ann("a APPEND INBOX {0+}\r\n\r\nb APPEND INBOX {3+}\r\na" +
                        std::string(1, '\0') + "b\r\nc NOOP\r\n") ==
          "a NO [CANNOT] A message must not be empty\r\n"
          "b NO [CANNOT] The message has NUL octets\r\n"
          "c OK Done\r\n");
}

TEST_CASE("imap session: a large APPEND arrives whole, however it is cut") {
    imap_server server;
    std::string large = "Subject: large\r\n\r\n";
    for (int n = 0; large.size() < 700'000; ++n)
        large += "line " + std::to_string(n) + "\r\n";
    const auto size = std::to_string(large.size());
    memory_stream peer("L LOGIN ann@a.example pw\r\na APPEND INBOX {" + size + "+}\r\n" + large +
                       "\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\n");
    peer.split_every(7'777);
    const auto said = server.talk(peer);
    CHECK(said.find("a OK [APPENDUID V 1] Stored\r\n") != std::string::npos);
    CHECK(said.ends_with("* 1 FETCH (BODY[] {" + size + "}\r\n" + large + ")\r\nc OK Fetched\r\n"));
}

TEST_CASE("imap session: an account over its quota gets OVERQUOTA and keeps what it has") {
    imap_server server;
    server.parts.set_quota(server.parts.ann, 40);
    CHECK(server.as_ann("a APPEND INBOX {24+}\r\n" + message + "\r\nb APPEND INBOX {24+}\r\n" +
                        message + "\r\nc STATUS INBOX (MESSAGES)\r\n") ==
          "a OK [APPENDUID V 1] Stored\r\n"
          "b NO [OVERQUOTA] The account is full\r\n"
          "* STATUS INBOX (MESSAGES 1)\r\nc OK Done\r\n");
}

TEST_CASE("imap session: B12 APPEND in one session while another expunges keeps numbers true") {
    imap_server server;
    server.parts.fill(3);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    two.command("STORE 1 +FLAGS.SILENT (\\Deleted)");
    two.command("EXPUNGE");
    CHECK(one.command("APPEND INBOX {24+}\r\n" + message) ==
          "* 1 EXPUNGE\r\n* 3 EXISTS\r\n* 1 RECENT\r\nt OK [APPENDUID V 4] Stored\r\n");
    CHECK(two.command("FETCH 1 UID") ==
          "* 1 FETCH (UID 2)\r\n* 3 EXISTS\r\n* 0 RECENT\r\nt OK Fetched\r\n");
}
