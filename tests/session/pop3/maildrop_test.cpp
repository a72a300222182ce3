#include "protocols/pop3/session/maildrop.hpp"

#include "tests/support/test_pop3.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using pop3::maildrop;
using test::imap_client;
using test::pop3_client;
using test::pop3_server;

namespace {

std::string id_of(const maildrop& drop, std::uint64_t number) {
    std::string out;
    pop3::append_unique_id(out, *drop.find(number));
    return out;
}

/// The unique-ids of Ann's maildrop, a line each.
std::string unique_ids(pop3_server& server) {
    return server.as_ann("UIDL\r\n");
}

}  // namespace

TEST_CASE("maildrop: 24 octets for each message") {
    CHECK(sizeof(pop3::maildrop_message) == 24);
}

TEST_CASE("maildrop: numbers, sums and marks") {
    maildrop drop;
    drop.add(uid(3), blob_id(7), 100, true);
    drop.add(uid(4), blob_id(8), 20, false);
    drop.add(uid(9), blob_id(9), 3, false);
    CHECK(drop.count() == 3);
    CHECK(drop.octets() == 123);
    CHECK(drop.find(0) == nullptr);
    CHECK(drop.find(4) == nullptr);
    CHECK(drop.find(UINT64_MAX) == nullptr);
    CHECK(drop.find(2)->uid == uid(4));
    drop.mark_deleted(1);
    drop.mark_deleted(2);
    drop.mark_deleted(2);
    CHECK(drop.count() == 1);
    CHECK(drop.octets() == 3);
    CHECK(drop.deleted() == mail::uid_ranges{{uid(3), uid(4)}});
    drop.unmark_all();
    CHECK(drop.octets() == 123);
    CHECK(drop.deleted().empty());
    drop.mark_read(1);
    drop.mark_read(2);
    drop.mark_read(3);
    drop.mark_deleted(3);
    CHECK(drop.newly_seen() == mail::uid_ranges{{uid(4), uid(4)}});
}

TEST_CASE("maildrop: only a message that shows the octets of an older one has its UID behind") {
    maildrop drop;
    const unsigned blobs[] = {5, 9, 5, 3, 9, 3, 5, 12};
    std::uint32_t next = 1;
    for (const auto blob : blobs)
        drop.add(uid(next++), blob_id(blob), 1, true);
    CHECK(drop.suspects() == 5);
    drop.find_repeats();
    CHECK(id_of(drop, 1) == "0000000000000005");
    CHECK(id_of(drop, 2) == "0000000000000009");
    CHECK(id_of(drop, 3) == "0000000000000005.3");
    CHECK(id_of(drop, 4) == "0000000000000003");
    CHECK(id_of(drop, 5) == "0000000000000009.5");
    CHECK(id_of(drop, 6) == "0000000000000003.6");
    CHECK(id_of(drop, 7) == "0000000000000005.7");
    CHECK(id_of(drop, 8) == "000000000000000c");
}

TEST_CASE("pop3 session: STAT, LIST and UIDL tell of INBOX") {
    pop3_server server;
    CHECK(server.as_ann("STAT\r\nLIST\r\nUIDL\r\nLIST 1\r\n") ==
          "+OK 0 0\r\n+OK 0 messages\r\n.\r\n+OK unique ids follow\r\n.\r\n"
          "-ERR no such message\r\n");
    server.parts.put("A: b\r\n\r\none\r\n");
    server.parts.put("A: b\r\n\r\nelsewhere\r\n", 0, {}, "Archive");
    server.parts.put("A: b\r\n\r\ntwo\r\n", 0, {}, "INBOX", "Return-Path: <>\r\n");
    CHECK(server.as_ann("STAT\r\nLIST\r\nLIST 2\r\n") ==
          "+OK 2 43\r\n+OK 2 messages\r\n1 13\r\n2 30\r\n.\r\n+OK 2 30\r\n");
    const auto ids = unique_ids(server);
    CHECK(server.as_ann("UIDL 2\r\n") ==
          "+OK 2 " + ids.substr(ids.find("\r\n2 ") + 4, 16) + "\r\n");
}

TEST_CASE("pop3 session: C01 numbers at the edges get -ERR and harm nobody") {
    pop3_server server;
    server.parts.fill(2);
    CHECK(server.as_ann("RETR 0\r\nRETR -1\r\nRETR 99999999999\r\nTOP 0 1\r\nDELE 3\r\n"
                        "LIST 0\r\nUIDL 3\r\nTOP 1 -1\r\nTOP 3 2147483648\r\nNOOP\r\n") ==
          "-ERR no such message\r\n"
          "-ERR not a valid message or line number\r\n"
          "-ERR no such message\r\n"
          "-ERR no such message\r\n"
          "-ERR no such message\r\n"
          "-ERR no such message\r\n"
          "-ERR no such message\r\n"
          "-ERR not a valid message or line number\r\n"
          "-ERR no such message\r\n"
          "+OK ok\r\n");
}

TEST_CASE("pop3 session: C01 a marked message is not there, RSET brings it back") {
    pop3_server server;
    server.parts.fill(3);
    CHECK(server.as_ann("DELE 2\r\nDELE 2\r\nRETR 2\r\nTOP 2 0\r\nLIST 2\r\nUIDL 2\r\n"
                        "STAT\r\nLIST\r\nRSET\r\nSTAT\r\nQUIT\r\n") ==
          "+OK message marked as deleted\r\n"
          "-ERR message is marked as deleted\r\n"
          "-ERR message is marked as deleted\r\n"
          "-ERR message is marked as deleted\r\n"
          "-ERR message is marked as deleted\r\n"
          "-ERR message is marked as deleted\r\n"
          "+OK 2 58\r\n+OK 2 messages\r\n1 29\r\n3 29\r\n.\r\n"
          "+OK no message is marked as deleted\r\n+OK 3 87\r\n+OK until next time\r\n");
    CHECK(server.uids() == "1 2 3");
}

TEST_CASE("pop3 session: C01 QUIT removes what is marked, and only that, in one commit") {
    pop3_server server;
    server.parts.fill(5);
    const auto inbox =
        server.parts.wait(server.parts.store().mailboxes.find(server.parts.ann, "INBOX")).value();
    CHECK(server.as_ann("DELE 2\r\nDELE 4\r\nDELE 5\r\nQUIT\r\n")
              .ends_with("+OK until next time\r\n"));
    CHECK(server.uids() == "1 3");
    const auto now =
        server.parts.wait(server.parts.store().mailboxes.find(server.parts.ann, "INBOX")).value();
    CHECK(now.counters.highest_modseq.value() == inbox.counters.highest_modseq.value() + 1);
    CHECK(server.as_ann("STAT\r\n") == "+OK 2 58\r\n");
}

TEST_CASE("pop3 session: C01 a connection that is lost removes nothing") {
    pop3_server server;
    server.parts.fill(2);
    server.as_ann("DELE 1\r\nDELE 2\r\n");
    CHECK(server.uids() == "1 2");
    test::memory_stream reset(test::pop3_login + "DELE 1\r\n", test::when_dry::reset);
    server.talk(reset);
    CHECK(server.uids() == "1 2");
}

TEST_CASE("pop3 session: QUIT says -ERR when the store cannot remove") {
    pop3_server server;
    server.parts.fill(1);
    pop3_client client(server);
    client.command("DELE 1");
    server.parts.store().keeper.stop();
    CHECK(client.command("QUIT") == "-ERR [SYS/TEMP] some messages were not removed\r\n");
    CHECK(client.is_over());
}

TEST_CASE("pop3 session: C02 unique-ids stay through moves, copies and logins") {
    pop3_server server;
    server.parts.fill(3);
    const auto before = unique_ids(server);
    CHECK(unique_ids(server) == before);
    {
        imap_client imap(server.imap);
        imap.command("SELECT INBOX");
        imap.command("COPY 1 Archive");
        imap.command("MOVE 1:3 Trash");
    }
    CHECK(unique_ids(server) == "+OK unique ids follow\r\n.\r\n");
    {
        imap_client imap(server.imap);
        imap.command("SELECT Trash");
        imap.command("MOVE 1:3 INBOX");
    }
    CHECK(unique_ids(server) == before);
}

TEST_CASE("pop3 session: C02 copies in INBOX have ids of their own") {
    pop3_server server;
    server.parts.fill(2);
    const auto before = unique_ids(server);
    imap_client imap(server.imap);
    imap.command("SELECT INBOX");
    imap.command("COPY 1:2 INBOX");
    const auto after = unique_ids(server);
    CHECK(after.starts_with(before.substr(0, before.size() - 3)));
    CHECK(after.find(".3\r\n") != std::string::npos);
    CHECK(after.find(".4\r\n") != std::string::npos);
}

TEST_CASE(
    "pop3 session: C02 what an IMAP session expunges meanwhile is an -ERR, and QUIT goes on") {
    pop3_server server;
    server.parts.fill(3);
    pop3_client pop(server);
    imap_client imap(server.imap);
    imap.command("SELECT INBOX");
    imap.command("STORE 2 +FLAGS (\\Deleted)");
    imap.command("EXPUNGE");
    server.parts.fill(1);
    CHECK(pop.command("STAT") == "+OK 3 87\r\n");
    CHECK(pop.command("RETR 2") == "-ERR message was removed by another session\r\n");
    CHECK(pop.command("TOP 2 0") == "-ERR message was removed by another session\r\n");
    CHECK(pop.command("RETR 3").starts_with("+OK 29 octets\r\n"));
    CHECK(pop.command("RETR 4") == "-ERR no such message\r\n");
    pop.command("DELE 1");
    pop.command("DELE 2");
    CHECK(pop.command("QUIT") == "+OK until next time\r\n");
    CHECK(server.uids() == "3 4");
    CHECK(imap.command("NOOP").find("* 1 EXPUNGE\r\n") != std::string::npos);
}

TEST_CASE("pop3 session: RETR sets \\Seen when the session ends, TOP does not") {
    pop3_server server;
    server.parts.fill(4);
    server.as_ann("RETR 1\r\nTOP 2 0\r\nQUIT\r\n");
    CHECK(server.seen_uids() == "1");
    server.as_ann("RETR 3\r\nDELE 3\r\n");  // the connection is lost
    CHECK(server.seen_uids() == "1 3");
    server.as_ann("RETR 4\r\nDELE 4\r\nQUIT\r\n");
    CHECK(server.seen_uids() == "1 3");
    CHECK(server.uids() == "1 2 3");
}

TEST_CASE("pop3 session: more messages than the limit: the oldest are shown") {
    pop3_server server;
    server.parts.fill(6);
    server.config.limits.messages = 6;
    CHECK(server.as_ann("STAT\r\n") == "+OK 6 174\r\n");
    server.config.limits.messages = 5;
    CHECK(server.as_ann("STAT\r\nRETR 6\r\nDELE 1\r\nQUIT\r\n")
              .starts_with("+OK 5 145\r\n-ERR no such message\r\n"));
    CHECK(server.as_ann("UIDL 5\r\nLIST\r\n").find("\r\n5 29\r\n.\r\n") != std::string::npos);
    CHECK(server.uids() == "2 3 4 5 6");
}

TEST_CASE("pop3 session: a maildrop of some thousand messages, most of them copies") {
    pop3_server server;
    server.parts.fill(1);
    imap_client imap(server.imap);
    imap.command("SELECT INBOX");
    for (int n = 0; n < 13; ++n)
        imap.command("COPY 1:* INBOX");
    const auto said = server.as_ann("STAT\r\nUIDL\r\nLIST\r\nDELE 8192\r\nQUIT\r\n");
    CHECK(said.starts_with("+OK 8192 237568\r\n"));
    CHECK(said.find("\r\n8192 ") != said.rfind("\r\n8192 "));
    CHECK(said.ends_with("+OK message marked as deleted\r\n+OK until next time\r\n"));
}
