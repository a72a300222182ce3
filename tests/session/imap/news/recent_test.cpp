// \Recent of IMAP4rev1, RFC 3501 2.3.2: a message is so in the first session that hears of it.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Mail that is put stays \Recent until a session selects it.
struct fresh_server : imap_server {
    fresh_server() { keeps_recent = true; }
};

/// How many messages are \Recent, as an answer says; -1: it does not say.
int recent_in(const std::string& said) {
    const auto end = said.find(" RECENT\r\n");
    if (end == std::string::npos) return -1;
    const auto start = said.rfind("* ", end) + 2;
    return std::stoi(said.substr(start, end - start));
}

}  // namespace

TEST_CASE("imap recent: the first session that selects a mailbox sees it, no later one does") {
    fresh_server server;
    server.parts.fill(2);
    {
        imap_client first(server), second(server);
        CHECK(has(first.command("SELECT INBOX"), "* 2 EXISTS\r\n* 2 RECENT\r\n"));
        CHECK(has(second.command("SELECT INBOX"), "* 2 EXISTS\r\n* 0 RECENT\r\n"));
        CHECK(first.command("FETCH 1:* FLAGS") ==
              "* 1 FETCH (FLAGS (\\Recent))\r\n* 2 FETCH (FLAGS (\\Recent))\r\nt OK Fetched\r\n");
        CHECK(second.command("FETCH 1:* FLAGS") ==
              "* 1 FETCH (FLAGS ())\r\n* 2 FETCH (FLAGS ())\r\nt OK Fetched\r\n");
        // It is no change of mail.
        CHECK(second.command("NOOP") == "t OK Done\r\n");
        CHECK(recent_in(first.command("SELECT INBOX")) == 0);
    }
    imap_client later(server);
    CHECK(recent_in(later.command("SELECT INBOX")) == 0);
    server.parts.fill(1);
    imap_client last(server);
    CHECK(recent_in(last.command("SELECT INBOX")) == 1);
    CHECK(last.command("FETCH 2:3 FLAGS") ==
          "* 2 FETCH (FLAGS ())\r\n* 3 FETCH (FLAGS (\\Recent))\r\nt OK Fetched\r\n");
}

TEST_CASE("imap recent: EXAMINE sees it and leaves it to the next session") {
    fresh_server server;
    server.parts.fill(1);
    imap_client reader(server), owner(server);
    CHECK(recent_in(reader.command("EXAMINE INBOX")) == 1);
    CHECK(reader.command("FETCH 1 FLAGS") == "* 1 FETCH (FLAGS (\\Recent))\r\nt OK Fetched\r\n");
    server.parts.fill(1);
    CHECK(reader.command("NOOP") == "* 2 EXISTS\r\n* 2 RECENT\r\nt OK Done\r\n");
    CHECK(recent_in(owner.command("SELECT INBOX")) == 2);
    server.parts.fill(1);
    CHECK(owner.command("NOOP") == "* 3 EXISTS\r\n* 3 RECENT\r\nt OK Done\r\n");
    CHECK(reader.command("NOOP") == "* 3 EXISTS\r\n* 2 RECENT\r\nt OK Done\r\n");
    CHECK(recent_in(reader.command("EXAMINE INBOX")) == 0);
}

TEST_CASE("imap recent: what comes while a mailbox is selected is told to one session") {
    fresh_server server;
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    server.parts.fill(1);
    CHECK(one.command("NOOP") == "* 1 EXISTS\r\n* 1 RECENT\r\nt OK Done\r\n");
    CHECK(two.command("NOOP") == "* 1 EXISTS\r\n* 0 RECENT\r\nt OK Done\r\n");
    server.parts.fill(2);
    CHECK(two.command("NOOP") == "* 3 EXISTS\r\n* 2 RECENT\r\nt OK Done\r\n");
    server.parts.fill(1);
    CHECK(one.command("NOOP") == "* 4 EXISTS\r\n* 2 RECENT\r\nt OK Done\r\n");
    CHECK(two.command("NOOP") == "* 4 EXISTS\r\n* 2 RECENT\r\nt OK Done\r\n");
    CHECK(one.command("SEARCH RECENT") == "* SEARCH 1 4\r\nt OK Searched\r\n");
    CHECK(two.command("SEARCH RECENT") == "* SEARCH 2 3\r\nt OK Searched\r\n");
}

TEST_CASE("imap recent: of two sessions in IDLE exactly one sees each message") {
    fresh_server server;
    imap_client one(server), two(server);
    for (auto* idler : {&one, &two}) {
        idler->command("SELECT INBOX");
        idler->send("i IDLE\r\n");
        idler->wait_for("+ idling\r\n");
    }
    for (int n = 1; n <= 20; ++n) {
        server.parts.fill(1);
        const auto exists = "* " + std::to_string(n) + " EXISTS\r\n";
        const auto to_one = one.wait_for(" RECENT\r\n"), to_two = two.wait_for(" RECENT\r\n");
        CHECK(to_one.starts_with(exists));
        CHECK(to_two.starts_with(exists));
        CHECK(recent_in(to_one) + recent_in(to_two) == n);
    }
}

TEST_CASE("imap recent: a client that waits for mail hears of it before the claim is stored") {
    fresh_server server;
    imap_client ann(server);
    ann.command("SELECT INBOX");
    ann.send("i IDLE\r\n");
    ann.wait_for("+ idling\r\n");
    const auto writes = ann.peer().writes();
    server.parts.fill(1);
    CHECK(ann.wait_for("RECENT\r\n") == "* 1 EXISTS\r\n* 1 RECENT\r\n");
    CHECK(ann.peer().writes() == writes + 2);
}

TEST_CASE("imap recent: SEARCH RECENT, NEW and OLD judge it, by flags alone and beside texts") {
    fresh_server server;
    server.parts.fill(1);
    server.as_ann("a SELECT INBOX\r\n");
    server.parts.put("Subject: two\r\n\r\nx\r\n");
    server.parts.put("Subject: three\r\n\r\nx\r\n", mail::flags::seen);
    CHECK(server.in_inbox(
              "a SEARCH RECENT\r\nb SEARCH NEW\r\nc SEARCH OLD\r\nd UID SEARCH NOT NEW\r\n"
              "e SEARCH RECENT SUBJECT t\r\nf SEARCH OR BODY nothing RECENT\r\n"
              "g SEARCH RETURN (COUNT) OLD\r\nh SORT (REVERSE ARRIVAL) UTF-8 RECENT\r\n"
              "i SEARCH OR TEXT three OLD\r\n") ==
          "* SEARCH 2 3\r\na OK Searched\r\n"
          "* SEARCH 2\r\nb OK Searched\r\n"
          "* SEARCH 1\r\nc OK Searched\r\n"
          "* SEARCH 1 3\r\nd OK Searched\r\n"
          "* SEARCH 2 3\r\ne OK Searched\r\n"
          "* SEARCH 2 3\r\nf OK Searched\r\n"
          "* ESEARCH (TAG \"g\") COUNT 1\r\ng OK Searched\r\n"
          "* SORT 2 3\r\nh OK Sorted\r\n"
          "* SEARCH 1 3\r\ni OK Searched\r\n");
}

TEST_CASE("imap recent: a search that is kept up to date counts what comes") {
    fresh_server server;
    imap_client ann(server);
    ann.command("SELECT INBOX");
    ann.command("SEARCH RETURN (UPDATE) RECENT");
    server.parts.fill(1);
    const auto said = ann.command("NOOP");
    CHECK(said.starts_with("* 1 EXISTS\r\n* 1 RECENT\r\n* ESEARCH "));
    CHECK(has(said, "ADDTO (0 1)"));
}

TEST_CASE("imap recent: ESEARCH of a mailbox that is not selected sees it and leaves it") {
    fresh_server server;
    server.parts.fill(2);
    imap_client ann(server);
    for (int n = 0; n < 2; ++n)
        CHECK(has(ann.command("ESEARCH IN (mailboxes INBOX) RETURN (COUNT) RECENT"), " COUNT 2"));
    CHECK(recent_in(ann.command("SELECT INBOX")) == 2);
    ann.command("UNSELECT");
    CHECK_FALSE(has(ann.command("ESEARCH IN (mailboxes INBOX) RETURN (COUNT) RECENT"), "COUNT"));
}

TEST_CASE("imap recent: STATUS counts what no session has seen") {
    fresh_server server;
    server.parts.fill(3);
    imap_client ann(server);
    const std::string status = "STATUS INBOX (RECENT)";
    CHECK(has(ann.command(status), "(RECENT 3)"));
    CHECK(has(ann.command("LIST \"\" INBOX RETURN (STATUS (RECENT))"), "(RECENT 3)"));
    ann.command("EXAMINE INBOX");
    CHECK(has(ann.command(status), "(RECENT 3)"));
    ann.command("SELECT INBOX");
    CHECK(has(ann.command(status), "(RECENT 0)"));
    ann.command("UNSELECT");
    server.parts.fill(1);
    CHECK(has(ann.command(status), "(RECENT 1)"));
}

TEST_CASE("imap recent: a session that speaks IMAP4rev2 never hears of it, and takes nothing") {
    fresh_server server;
    server.parts.fill(2);
    imap_client modern(server), classic(server);
    modern.command("ENABLE IMAP4rev2");
    CHECK(recent_in(modern.command("SELECT INBOX")) == -1);
    CHECK(modern.command("FETCH 1 FLAGS") == "* 1 FETCH (FLAGS ())\r\nt OK Fetched\r\n");
    CHECK_FALSE(has(modern.command("SEARCH RETURN (COUNT) RECENT"), "COUNT 2"));
    CHECK(has(modern.command("SEARCH RETURN (COUNT) OLD"), "COUNT 2"));
    CHECK(has(modern.command("STATUS INBOX (RECENT)"), "(RECENT 0)"));
    server.parts.fill(1);
    CHECK(modern.command("NOOP") == "* 3 EXISTS\r\nt OK Done\r\n");
    CHECK(recent_in(classic.command("SELECT INBOX")) == 3);
    classic.command("ENABLE IMAP4rev2");
    CHECK(classic.command("FETCH 1 FLAGS") == "* 1 FETCH (FLAGS ())\r\nt OK Fetched\r\n");
}

TEST_CASE("imap recent: what a session stores in the mailbox that it has selected is so there") {
    fresh_server server;
    imap_client ann(server);
    ann.command("SELECT INBOX");
    CHECK(ann.command("APPEND INBOX (\\Seen) {14+}\r\nSubject: a\r\n\r\n") ==
          "* 1 EXISTS\r\n* 1 RECENT\r\nt OK [APPENDUID V 1] Stored\r\n");
    CHECK(ann.command("FETCH 1 FLAGS") ==
          "* 1 FETCH (FLAGS (\\Recent \\Seen))\r\nt OK Fetched\r\n");
    CHECK(ann.command("COPY 1 INBOX") ==
          "* 2 EXISTS\r\n* 2 RECENT\r\nt OK [COPYUID V 1 2] Copied\r\n");
    ann.command("COPY 1 Sent");
    ann.command("MOVE 1 Archive");
    CHECK(has(ann.command("STATUS Sent (RECENT)"), "(RECENT 1)"));
    CHECK(has(ann.command("STATUS Archive (RECENT)"), "(RECENT 1)"));
    CHECK(ann.command("APPEND INBOX {14+}\r\nSubject: b\r\n\r\n") ==
          "* 2 EXISTS\r\n* 2 RECENT\r\nt OK [APPENDUID V 3] Stored\r\n");
}

TEST_CASE("imap recent: it stays through STORE and FETCH, and goes with the message") {
    fresh_server server;
    server.parts.fill(3);
    imap_client ann(server);
    ann.command("SELECT INBOX");
    CHECK(ann.command("STORE 1 FLAGS (\\Deleted)") ==
          "* 1 FETCH (FLAGS (\\Recent \\Deleted))\r\nt OK Stored\r\n");
    CHECK(has(ann.command("FETCH 2 BODY[TEXT]"), "* 2 FETCH (FLAGS (\\Recent \\Seen) BODY[TEXT] "));
    CHECK(ann.command("STORE 2 FLAGS ()") == "* 2 FETCH (FLAGS (\\Recent))\r\nt OK Stored\r\n");
    CHECK(has(ann.command("STORE 2 +FLAGS (\\Recent)"), "t BAD "));
    CHECK(ann.command("EXPUNGE") == "* 1 EXPUNGE\r\nt OK Expunged\r\n");
    server.parts.fill(1);
    CHECK(ann.command("NOOP") == "* 3 EXISTS\r\n* 3 RECENT\r\nt OK Done\r\n");
}

TEST_CASE("imap recent: flags that others change come with it") {
    fresh_server server;
    server.parts.fill(2);
    imap_client first(server), second(server);
    first.command("SELECT INBOX");
    second.command("SELECT INBOX");
    second.command("STORE 2 +FLAGS.SILENT (\\Flagged)");
    CHECK(first.command("NOOP") == "* 2 FETCH (UID 2 FLAGS (\\Recent \\Flagged))\r\nt OK Done\r\n");
}

TEST_CASE("imap recent: of a shared mailbox, too, the first who selects it sees it") {
    fresh_server server;
    imap_client ann(server), bob(server, "bob@a.example");
    ann.command("CREATE Team");
    server.parts.put("Subject: a\r\n\r\nx\r\n", 0, {}, "Team");
    ann.command("SETACL Team bob@a.example lr");
    CHECK(recent_in(bob.command("EXAMINE Shared/ann@a.example/Team")) == 1);
    CHECK(recent_in(bob.command("SELECT Shared/ann@a.example/Team")) == 1);
    CHECK(recent_in(ann.command("SELECT Team")) == 0);
}

TEST_CASE("imap recent: a mailbox can be selected while the store takes no writes") {
    fresh_server server;
    server.parts.fill(1);
    imap_client ann(server);
    server.parts.store().keeper.stop();
    const auto said = ann.command("SELECT INBOX");
    CHECK(has(said, "* 1 EXISTS\r\n* 0 RECENT\r\n"));
    CHECK(has(said, "t OK [READ-WRITE]"));
}
