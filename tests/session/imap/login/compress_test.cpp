// RFC 4978 COMPRESS=DEFLATE.
#include "protocols/net/turn.hpp"
#include "tests/support/deflate_text.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::deflate_peer;
using test::imap_client;
using test::imap_server;
using test::memory_stream;

namespace {

const std::string login = "L LOGIN ann@a.example pw\r\n";
const std::string active = "c OK DEFLATE active\r\n";
const std::string empty_block("\0\0\0\xff\xff", 5);

/// A session in COMPRESS that waits for the octets of an APPEND.
struct waiting_append {
    explicit waiting_append(imap_server& where) : server(where), client(where) {
        client.send("c COMPRESS DEFLATE\r\n");
        client.wait_for(active);
        client.send(deflated.deflate("a APPEND INBOX {24}\r\n"));
        test::run_until(server.parts.io,
                        [this] { return said().ends_with("+ Ready for the message\r\n"); });
    }
    /// Empty blocks, each when the one before was read, until there were so many or all is over.
    unsigned flood(unsigned most) {
        unsigned sent = 0;
        test::run_until(server.parts.io, [&] {
            if (client.peer().is_closed()) return true;
            if (!client.peer().unread_input().empty()) return false;
            if (sent == most) return true;
            client.send(empty_block);
            ++sent;
            return false;
        });
        return sent;
    }
    const std::string& said() { return all += deflated.inflate(client.peer().take_output()); }
    void wait_closed() {
        test::run_until(server.parts.io, [this] { return client.peer().is_closed(); });
    }

    imap_server& server;
    imap_client client;
    deflate_peer deflated;
    std::string all;
};

awaitable<void> drip(memory_stream& peer) {
    while (!peer.is_closed()) {
        peer.send(empty_block);
        co_await net::pause(std::chrono::milliseconds(10));
    }
}

/// A whole conversation in deflate from COMPRESS on. Returns what was said after it.
std::string compressed_talk(imap_server& server, const std::string& text, std::size_t cut = 0) {
    deflate_peer client;
    memory_stream peer(login + "c COMPRESS DEFLATE\r\n" + client.deflate(text));
    if (cut > 0) peer.split_every(cut);
    server.talk(peer);
    const auto& all = peer.output();
    const auto at = all.find(active);
    REQUIRE(at != std::string::npos);
    return test::without_validity(client.inflate(all.substr(at + active.size())));
}

}  // namespace

TEST_CASE("imap session: COMPRESS, with commands pipelined behind it and cut anywhere (RFC 4978)") {
    imap_server server;
    server.parts.fill(3);
    for (const std::size_t cut : {0u, 1u, 5u})
        CHECK(compressed_talk(server, "a SELECT INBOX\r\nb UID FETCH 1:* (FLAGS)\r\nd LOGOUT\r\n",
                              cut)
                  .ends_with("* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS ())\r\n"
                             "* 3 FETCH (UID 3 FLAGS ())\r\nb OK Fetched\r\n"
                             "* BYE Until next time\r\nd OK Logged out\r\n"));
}

TEST_CASE("imap session: B13 COMPRESS is offered to users, once") {
    imap_server server;
    CHECK(server.talk("a COMPRESS DEFLATE\r\n")
              .ends_with("a BAD Command not allowed in this state\r\n"));
    CHECK(server.as_ann("a COMPRESS GZIP\r\n") == "a BAD DEFLATE is the only compression\r\n");
    CHECK(server.as_ann("a CAPABILITY\r\n").find(" COMPRESS=DEFLATE") != std::string::npos);
    const auto said = compressed_talk(server, "a COMPRESS DEFLATE\r\nb CAPABILITY\r\n");
    CHECK(said.starts_with("a NO [COMPRESSIONACTIVE] DEFLATE is active already\r\n"));
    CHECK(said.find(" COMPRESS=DEFLATE") == std::string::npos);
}

TEST_CASE("imap session: APPEND and large answers through COMPRESS") {
    imap_server server;
    std::string large = "Subject: large\r\n\r\n";
    for (int n = 0; large.size() < 400'000; ++n)
        large += "line " + std::to_string(n) + "\r\n";
    const auto size = std::to_string(large.size());
    CHECK(compressed_talk(server, "a APPEND INBOX {" + size + "+}\r\n" + large +
                                      "\r\nb SELECT INBOX\r\nd FETCH 1 BODY.PEEK[]\r\n")
              .ends_with("* 1 FETCH (BODY[] {" + size + "}\r\n" + large + ")\r\nd OK Fetched\r\n"));
}

TEST_CASE("imap session: IDLE tells of new mail through COMPRESS at once") {
    imap_server server;
    imap_client client(server);
    deflate_peer deflated;
    client.command("SELECT INBOX");
    client.send("c COMPRESS DEFLATE\r\n");
    client.wait_for("c OK DEFLATE active\r\n");
    const auto idle = deflated.deflate("i IDLE\r\n");
    // The end of the flush comes in a packet of its own.
    client.send(idle.substr(0, idle.size() - 4));
    std::string told;
    const auto until = [&](std::string_view text) {
        told.clear();
        test::run_until(server.parts.io, [&] {
            told += deflated.inflate(client.peer().take_output());
            return told.ends_with(text);
        });
    };
    until("+ idling\r\n");
    client.send(idle.substr(idle.size() - 4));
    test::run_until(server.parts.io, [&] { return client.peer().unread_input().empty(); });
    server.parts.put("Subject: news\r\n\r\nx\r\n");
    until("RECENT\r\n");
    CHECK(told == "* 1 EXISTS\r\n* 1 RECENT\r\n");
    client.send(deflated.deflate("DONE\r\n"));
    until("i OK Idle completed\r\n");
}

TEST_CASE("imap session: B13 a bomb of 1000 to 1 meets the limits of a line and is over") {
    imap_server server;
    const auto said =
        compressed_talk(server, "a " + std::string(40'000'000, 'x') + "\r\nb NOOP\r\n");
    CHECK(said.starts_with("* BYE [TOOBIG]"));
    CHECK(said.find("b OK") == std::string::npos);
}

TEST_CASE("imap session: B13 a flood of empty blocks in an APPEND ends the session") {
    imap_server server;
    waiting_append at(server);
    const auto sent = at.flood(20'000);
    CHECK(at.client.peer().is_closed());
    CHECK(sent < 4'000);
    CHECK(
        server.as_ann("a STATUS INBOX (MESSAGES)\r\n").starts_with("* STATUS INBOX (MESSAGES 0)"));
}

TEST_CASE("imap session: B13 a stop of the server ends an APPEND of empty blocks") {
    imap_server server;
    waiting_append at(server);
    CHECK(at.flood(10) == 10);
    CHECK_FALSE(at.client.peer().is_closed());
    at.client.session().request_stop();
    at.wait_closed();
    CHECK(at.said().ends_with("* BYE [UNAVAILABLE] The server shuts down\r\n"));
}

TEST_CASE("imap session: B13 the autologout counts while empty blocks come") {
    imap_server server;
    server.config.autologout = std::chrono::milliseconds(300);
    waiting_append at(server);
    test::run(server.parts.io, drip(at.client.peer()), std::chrono::seconds(10));
    CHECK(at.said().ends_with("* BYE Autologout\r\n"));
}

TEST_CASE("imap session: octets that are no deflate end the session quietly") {
    imap_server server;
    memory_stream peer(login + "c COMPRESS DEFLATE\r\n" + std::string(100, '\xff'));
    CHECK(server.talk(peer).ends_with(active));
}

TEST_CASE("imap session: A04 STARTTLS under COMPRESS ran what was sent behind it in the clear") {
    imap_server server;
    // With STARTTLS ends what one read of the session inflates.
    std::string text = "nnn NOOP\r\n";
    while (text.size() < 16 * 1024 - 30)
        text += "n NOOP\r\n";
    text += "u UNAUTHENTICATE\r\na STARTTLS\r\nb LOGIN ann@a.example pw\r\n";
    deflate_peer client;
    memory_stream peer(login + "c COMPRESS DEFLATE\r\n" + client.deflate(text));
    peer.allow_tls();
    server.talk(peer);
    const auto& all = peer.output();
    const auto said = client.inflate(all.substr(all.find(active) + active.size()));
    const auto stranger = said.find("u OK [CAPABILITY ");
    REQUIRE(stranger != std::string::npos);
    CHECK(said.find("STARTTLS", stranger) == std::string::npos);
    CHECK(said.find("\r\na BAD TLS is not available\r\n") != std::string::npos);
    CHECK(peer.handshakes() == 0);
}
