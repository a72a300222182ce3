#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;
using test::memory_stream;

TEST_CASE("imap session: IDLE tells new mail, flags and expunges as they happen") {
    imap_server server;
    server.parts.fill(1);
    imap_client idler(server), other(server);
    idler.command("SELECT INBOX");
    other.command("SELECT INBOX");
    idler.send("i IDLE\r\n");
    CHECK(idler.wait_for("\r\n") == "+ idling\r\n");
    server.parts.fill(1);
    CHECK(idler.wait_for("RECENT\r\n") == "* 2 EXISTS\r\n* 1 RECENT\r\n");
    other.command("STORE 1 +FLAGS (\\Deleted)");
    CHECK(idler.wait_for("))\r\n") == "* 1 FETCH (UID 1 FLAGS (\\Deleted))\r\n");
    other.command("EXPUNGE");
    CHECK(idler.wait_for("EXPUNGE\r\n") == "* 1 EXPUNGE\r\n");
    idler.send("done\r\n");
    CHECK(idler.wait_for("completed\r\n") == "i OK Idle completed\r\n");
    CHECK(idler.command("NOOP") == "t OK Done\r\n");
}

TEST_CASE("imap session: IDLE without a selected mailbox waits quietly") {
    imap_server server;
    imap_client idler(server);
    idler.send("i IDLE\r\n");
    idler.wait_for("+ idling\r\n");
    server.parts.fill(1);
    idler.send("DONE\r\n");
    CHECK(idler.wait_for("completed\r\n") == "i OK Idle completed\r\n");
}

TEST_CASE("imap session: IDLE, DONE and more in one segment, as iOS 18 sends it") {
    imap_server server;
    CHECK(server.in_inbox("a IDLE\r\nDONE\r\nb NOOP\r\nc IDLE\r\nDONE\r\nd NOOP\r\n") ==
          "+ idling\r\na OK Idle completed\r\nb OK Done\r\n"
          "+ idling\r\nc OK Idle completed\r\nd OK Done\r\n");
}

TEST_CASE("imap session: B10 what is not DONE ends IDLE and is not run") {
    imap_server server;
    CHECK(server.in_inbox("a IDLE\r\nb LOGOUT\r\nc NOOP\r\n") ==
          "+ idling\r\na BAD DONE was expected\r\nc OK Done\r\n");
}

TEST_CASE("imap session: B10 an endless line in IDLE ends the connection") {
    imap_server server;
    const auto said = server.in_inbox("a IDLE\r\n" + std::string(3'000'000, 'x'));
    CHECK(said.size() < 500);
}

TEST_CASE("imap session: B10 IDLE that is never ended times out") {
    imap_server server;
    memory_stream peer("L LOGIN ann@a.example pw\r\na IDLE\r\n", test::when_dry::time_out);
    CHECK(server.talk(peer).ends_with("+ idling\r\n* BYE Autologout\r\n"));
}

TEST_CASE("imap session: B10 a thousand IDLEs in a row") {
    imap_server server;
    std::string input;
    for (int n = 0; n < 1'000; ++n)
        input += "a IDLE\r\nDONE\r\n";
    CHECK(server.in_inbox(input + "b NOOP\r\n").ends_with("b OK Done\r\n"));
}

TEST_CASE("imap session: B10 who reads nothing in IDLE while 100,000 flags change is dropped") {
    imap_server server;
    server.parts.fill(800);
    server.parts.copy_all(7);
    imap_client idler(server), other(server);
    idler.command("SELECT INBOX");
    idler.send("i IDLE\r\n");
    idler.wait_for("+ idling\r\n");
    other.command("SELECT INBOX");
    auto& stalled = idler.peer();
    stalled.stall_output_after(stalled.output().size() + 300'000);
    CHECK(other.command("STORE 1:* +FLAGS.SILENT (\\Seen)") == "t OK Stored\r\n");
    const auto said = idler.wait_closed();
    CHECK(said.size() == 300'000);
    CHECK(said.starts_with("* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n"));
    CHECK(stalled.largest_write() < 256 * 1024);
    CHECK(other.command("STORE 102400 +FLAGS (\\Flagged)") ==
          "* 102400 FETCH (FLAGS (\\Seen \\Flagged))\r\nt OK Stored\r\n");
}

TEST_CASE("imap session: many changes reach an idle client whole") {
    imap_server server;
    server.parts.fill(3'000);
    imap_client idler(server), other(server);
    idler.command("SELECT INBOX");
    idler.send("i IDLE\r\n");
    idler.wait_for("+ idling\r\n");
    other.command("SELECT INBOX");
    other.command("STORE 1:* +FLAGS.SILENT (\\Seen)");
    const auto said = idler.wait_for("* 3000 FETCH (UID 3000 FLAGS (\\Seen))\r\n");
    CHECK(said.starts_with("* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n"));
}

TEST_CASE("imap session: a stop of the server ends IDLE") {
    imap_server server;
    imap_client idler(server);
    idler.send("i IDLE\r\n");
    idler.wait_for("+ idling\r\n");
    idler.session().request_stop();
    CHECK(idler.wait_closed().ends_with("* BYE [UNAVAILABLE] The server shuts down\r\n"));
}
