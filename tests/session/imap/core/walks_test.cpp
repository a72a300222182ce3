// B06: what goes over much ends with its client, and is no burden on others. Turns are counted, not
// timed: here each piece of work is a turn of its own.
#include "protocols/imap/session/mailboxes/rename_gate.hpp"
#include "protocols/imap/session/news/notify_pictures.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

constexpr unsigned boxes = 300;

/// Ann has 300 mailboxes, subscribed, below "tree".
struct many_mailboxes : imap_server {
    many_mailboxes() {
        config.turn = std::chrono::milliseconds(0);
        config.look_interval = std::chrono::milliseconds(0);
        std::string commands;
        for (unsigned n = 0; n < boxes; ++n) {
            const auto name = "tree/" + std::to_string(n);
            commands += "a CREATE " + name + "\r\nb SUBSCRIBE " + name + "\r\n";
        }
        as_ann(commands);
    }
};

/// And 44,800 messages with \Deleted in INBOX.
struct many_messages : many_mailboxes {
    many_messages() {
        parts.fill(700);
        parts.copy_all(6);
        in_inbox("a STORE 1:* +FLAGS.SILENT (\\Deleted)\r\n");
    }
};

/// Runs so many handlers of the thread.
void run_some(imap_server& server, unsigned handlers) {
    for (unsigned n = 0; n < handlers; ++n)
        server.parts.io.run_one();
}

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

const std::string bye = "* BYE [UNAVAILABLE] The server shuts down\r\n";

const std::vector<std::string> walks{
    "LIST \"\" *",
    "LSUB \"\" *",
    "XLIST \"\" *",
    "LIST \"\" * RETURN (METADATA (/private/comment))",
    "LIST \"\" * RETURN (STATUS (DELETED-STORAGE))",
    "ESEARCH IN (personal) SEEN",
    "STATUS INBOX (DELETED-STORAGE)",
    "FETCH 1:* INTERNALDATE",
    "FETCH 1:* BODY.PEEK[HEADER]",
    "SEARCH SUBJECT nothing",
};

}  // namespace

TEST_CASE("imap session: B06 a client that has closed ends each command that walks") {
    many_messages server;
    for (const auto& command : walks) {
        imap_client ann(server);
        ann.command("SELECT INBOX");
        ann.send("s " + command + "\r\n");
        run_some(server, 20);
        ann.peer().vanish();
        const auto said = ann.wait_closed();
        CHECK_MESSAGE(said.find("* OK [INPROGRESS (\"s\" ") != std::string::npos, command);
        CHECK_MESSAGE(said.find("\r\ns ") == std::string::npos, command);
    }
}

TEST_CASE("imap session: B06 a stop of the server ends each command that walks") {
    many_messages server;
    for (const auto& command : walks) {
        imap_client ann(server);
        ann.command("SELECT INBOX");
        ann.send("s " + command + "\r\n");
        run_some(server, 20);
        ann.session().request_stop();
        const auto said = ann.wait_closed();
        CHECK_MESSAGE(said.ends_with(bye), command);
        CHECK_MESSAGE(said.find("\r\ns ") == std::string::npos, command);
    }
}

TEST_CASE("imap session: a STORE is done to its end though its client has closed") {
    many_messages server;
    {
        imap_client ann(server);
        ann.command("SELECT INBOX");
        ann.send("s STORE 1:* +FLAGS.SILENT (\\Flagged)\r\n");
        run_some(server, 5);
        ann.peer().vanish();
    }
    CHECK(server.in_inbox("a SEARCH RETURN (COUNT) UNFLAGGED\r\n") ==
          "* ESEARCH (TAG \"a\") COUNT 0\r\na OK Searched\r\n");
}

TEST_CASE(
    "imap session: B06 another account waits for one turn of an account, not of its sessions") {
    many_mailboxes server;
    imap_client bob(server, "bob@a.example");
    std::vector<std::unique_ptr<imap_client>> working;
    for (int n = 0; n < 20; ++n) {
        working.push_back(std::make_unique<imap_client>(server));
        working.back()->send("s LIST \"\" *\r\n");
    }
    run_some(server, 100);
    bob.send("n NOOP\r\n");
    unsigned turns = 0;
    while (bob.peer().output().find("n OK") == std::string::npos && turns < 1000) {
        server.parts.io.run_one();
        ++turns;
    }
    // He is woken, begins, and is answered: a turn of Ann's for each. With her twenty sessions in
    // line one by one it were more than forty.
    CHECK(turns < 20);
    for (auto& one : working) {
        CHECK(one->peer().output().find("\r\ns OK") == std::string::npos);
        one->wait_for("s OK Listed\r\n");
    }
}

TEST_CASE("imap session: a LIST during a RENAME of a tree tells all names of one moment") {
    many_mailboxes server;
    imap_client ann(server), other(server);
    std::string from = "tree", to = "wood";
    // Before the names are read, between the slices of what is known of them, and after.
    for (unsigned handlers = 1; handlers <= 10; ++handlers) {
        ann.send("s LIST \"\" (tree/* wood/*)\r\n");
        run_some(server, handlers);
        imap::rename_gate::shared().forget(&server.parts.store().mailboxes);
        CHECK(other.command("RENAME " + from + " " + to).ends_with("t OK Renamed\r\n"));
        const auto said = ann.wait_for("s OK Listed\r\n");
        const auto old_names = count(said, " " + from + "/"),
                   new_names = count(said, " " + to + "/");
        CHECK(old_names + new_names == boxes);
        CHECK((old_names == 0 || new_names == 0));
        std::swap(from, to);
    }
}

TEST_CASE("imap notify: B06 a client that waits for a picture is answered meanwhile") {
    imap_server server;
    auto& pictures = imap::notify_pictures::shared();
    const void* const store = &server.parts.store().changes;
    imap_client watcher(server), other(server), idler(server);
    watcher.command("NOTIFY SET (personal (MessageNew MessageExpunge))");
    watcher.settle();
    // Hears of changes with the others.
    idler.command("SELECT Sent");
    idler.send("i IDLE\r\n");
    idler.wait_for("+ idling\r\n");
    // As if a very dear one had just been taken: the next one is an hour away.
    const imap::notify_pictures::kind own{store, server.parts.ann, false, false};
    const auto now = std::chrono::steady_clock::now();
    REQUIRE_FALSE(pictures.reserve(own, now + std::chrono::hours(1)));
    other.command("APPEND Sent {2+}\r\nhi");
    idler.wait_for("1 EXISTS");
    CHECK(watcher.command("NOOP") == "t OK Done\r\n");
    watcher.send("i IDLE\r\n");
    CHECK(watcher.wait_for("\r\n") == "+ idling\r\n");
    other.command("APPEND Sent {2+}\r\nhi");
    idler.wait_for("2 EXISTS");
    watcher.send("DONE\r\n");
    CHECK(watcher.wait_for("completed\r\n") == "i OK Idle completed\r\n");
    pictures.forget(store);
    // The next server may have its store at the same place.
    imap_client late(server);
    late.command("NOTIFY SET (personal (MessageNew MessageExpunge))");
    other.command("APPEND Sent {2+}\r\nhi");
    CHECK(late.wait_for("* STATUS ").find("* STATUS Sent (MESSAGES 3 ") != std::string::npos);
}

TEST_CASE("imap session: more missing messages than a slice are told whole (RFC 7162 3.2.10)") {
    imap_server server;
    server.parts.fill(700);
    server.parts.copy_all(7);
    imap_client ann(server);
    ann.command("ENABLE QRESYNC");
    const auto opened = ann.raw("SELECT INBOX");
    const auto at = opened.find("HIGHESTMODSEQ ") + 14;
    const auto since = opened.substr(at, opened.find(']', at) - at);
    ann.command("UID STORE 5,65530:65540,70000 +FLAGS.SILENT (\\Deleted)");
    ann.command("UID EXPUNGE 1:*");
    const auto asked = "UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + since + " VANISHED)";
    const std::string told = "* VANISHED (EARLIER) 5,65530:65540\r\n* VANISHED (EARLIER) 70000\r\n";
    CHECK(ann.command(asked).starts_with(told));
    // And when nobody remembers what went: then all that is missing is told.
    server.parts.forget_vanished();
    CHECK(ann.command(asked).starts_with(told));
}

TEST_CASE("rename gate: each large tree has the time behind it for itself") {
    using namespace std::chrono_literals;
    imap::rename_gate gate;
    const imap::rename_gate::account mine{nullptr, account_id(7)}, others{nullptr, account_id(8)};
    const steady_time start(1h);
    CHECK(gate.take(mine, start, 5'000) == start);
    CHECK(gate.take(mine, start, 199) == start);
    CHECK(gate.take(others, start, 5'000) == start);
    CHECK(gate.take(mine, start + 1s, 5'000) == start + 5s);
    CHECK(gate.take(mine, start + 1s, 200) == start + 10s);
    CHECK(gate.take(mine, start, 200) == std::nullopt);
    CHECK(gate.take(mine, start + 200ms, 1'000'000) == start + 10s + 200ms);
    CHECK(gate.take(mine, start + 30s, 200) == start + 30s);
}

TEST_CASE("imap session: B06 an account that renames large trees again and again has to wait") {
    many_mailboxes server;
    auto& gate = imap::rename_gate::shared();
    const void* const store = &server.parts.store().mailboxes;
    const imap::rename_gate::account ann{store, server.parts.ann};
    const auto later = std::chrono::steady_clock::now() + std::chrono::hours(1);
    REQUIRE(gate.take(ann, later, boxes));
    CHECK(server.as_ann("a RENAME tree wood\r\nb RENAME tree/1 tree/one\r\n") ==
          "a NO [LIMIT] Many mailboxes were renamed just now; try again later\r\n"
          "b OK Renamed\r\n");
    gate.forget(store);
    CHECK(server.as_ann("a RENAME tree wood\r\n") == "a OK Renamed\r\n");
    gate.forget(store);
}
