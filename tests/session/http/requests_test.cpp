#include "tests/session/http/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

TEST_CASE("http session: a request, and its answer with what all answers have") {
    http_fixture server;
    CHECK(server.talk(http_get) == http_hello);
    CHECK(server.handler.paths == strings{"/"});
    CHECK(server.handler.peers == strings{"127.0.0.1"});
    memory_stream peer(http_get);
    peer.set_encrypted();
    CHECK(server.talk(peer) == http_hello);
    CHECK(server.handler.peers.back() == "127.0.0.1 tls");
}

TEST_CASE("http session: requests that come at once are answered in order and written at once") {
    http_fixture server;
    memory_stream peer(http_line("GET /1") + http_line("POST /2", "Content-Length: 3\r\n") + "two" +
                       "\r\n" + http_line("GET /3"));
    const auto said = server.talk(peer);
    CHECK(server.handler.paths == strings{"/1", "/2", "/3"});
    CHECK(count_of(said, "HTTP/1.1 200 OK") == 3);
    CHECK(contains(said, "\r\n\r\nhelloHTTP/1.1"));
    CHECK(contains(said, "\r\n\r\ntwoHTTP/1.1"));
    CHECK(peer.writes() == 1);
    CHECK(peer.largest_write() == said.size());
}

TEST_CASE("http session: the answers never depend on how the octets were cut") {
    const std::string octets = http_get + http_line("POST /a", "Transfer-Encoding: chunked\r\n") +
                               "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n" +
                               http_line("POST /b", "Content-Length: 3\r\n") + "two" +
                               http_line("HEAD /") + http_line("GET /..");
    http_fixture server;
    const auto whole = server.talk(octets);
    CHECK(contains(whole, "\r\n\r\nabcHTTP/1.1"));
    for (std::size_t step = 1; step < 40; ++step) {
        memory_stream peer(octets);
        peer.split_every(step);
        CHECK(server.talk(peer) == whole);
    }
    for (std::size_t cut = 1; cut < octets.size(); ++cut) {
        memory_stream peer(octets);
        peer.cut_at(cut);
        CHECK(server.talk(peer) == whole);
    }
}

TEST_CASE("http session: the connection ends when the client or the handler says so") {
    http_fixture server;
    auto said = server.talk(http_line("GET /", "Connection: close\r\n") + http_get);
    CHECK(contains(said, "\r\nConnection: close\r\n"));
    CHECK(server.handler.paths == strings{"/"});
    said = server.talk(http_line("GET /close") + http_get);
    CHECK(contains(said, "\r\nConnection: close\r\n"));
    CHECK(server.handler.paths == strings{"/", "/close"});
    said = server.talk("GET /1.0 HTTP/1.0\r\n\r\n" + http_get);
    CHECK(contains(said, "\r\nConnection: close\r\n"));
    CHECK(server.handler.paths.size() == 3);
    said = server.talk("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + http_get);
    CHECK(contains(said, "\r\nConnection: keep-alive\r\n"));
    CHECK(server.handler.paths.size() == 5);
}

TEST_CASE("http session: HEAD is told what GET would get, without it") {
    http_fixture server;
    const auto said = server.talk(http_line("HEAD /large") + http_line("HEAD /none"));
    CHECK(contains(said, "\r\nContent-Length: 1000000\r\n"));
    CHECK(contains(said, "\r\n\r\nHTTP/1.1 204 No Content\r\n"));
    CHECK(said.size() < 500);
}

TEST_CASE("http session: 100 Continue is said before a body that waits for it, and not else") {
    http_fixture server;
    {
        http_client client(server);
        const auto fields = "Content-Length: 3\r\nExpect: 100-continue\r\n";
        CHECK(client.send(http_line("POST /a", fields)) == "HTTP/1.1 100 Continue\r\n\r\n");
        CHECK(client.send("a") == "");
        CHECK(contains(client.send("bc"), "\r\n\r\nabc"));
        CHECK_FALSE(contains(client.send(http_line("POST /b", fields) + "abc"), "100 Continue"));
        // Nobody asks for a body that would be refused.
        const auto no =
            client.send(http_line("POST /c", "Content-Length: 11\r\nExpect: 100-continue\r\n"));
        CHECK(no.starts_with("HTTP/1.1 413 "));
    }
    CHECK(server.handler.paths == strings{"/a", "/b"});
}

TEST_CASE("http session: what the handler answers at once needs no body, and ends the connection") {
    http_fixture server;
    const auto said = server.talk(http_line("GET /denied") +
                                  http_line("POST /denied", "Content-Length: 100\r\n") + http_get);
    CHECK(count_of(said, "HTTP/1.1 401 Unauthorized") == 2);
    CHECK(count_of(said, "Connection: close") == 1);
    CHECK(server.handler.paths.empty());
}

TEST_CASE("http session: static octets go out in pieces, however large they are") {
    http_fixture server;
    memory_stream peer(http_line("GET /large"));
    const auto said = server.talk(peer);
    CHECK(said.ends_with(server.handler.large));
    CHECK(peer.largest_write() <= 100 * 1024);
    CHECK(peer.writes() > 10);
}

TEST_CASE("http session: a fault of ours is told to the log alone, and others go on") {
    http_fixture server;
    for (const auto* path : {"GET /fault", "GET /head-fault"}) {
        const auto said = server.talk(http_line(path) + http_get);
        CHECK(said.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
        CHECK(contains(said, "X-Content-Type-Options: nosniff"));
        CHECK(contains(said, "Connection: close"));
        CHECK_FALSE(contains(said, "broken"));
    }
    CHECK(contains(server.log, "fault cid=1 proto=http what=\"broken\"\n"));
    CHECK(contains(server.log, "fault cid=1 proto=http what=\"broken head\"\n"));
    CHECK(server.talk(http_get) == http_hello);
}

TEST_CASE("http session: a line in the log for the begin, the end and what is refused") {
    http_fixture server;
    server.talk(http_get + http_line("GET /denied?secret=1") + "GET /secret/.. HTTP/1.1\r\n\r\n");
    CHECK(contains(server.log, "start cid=1 proto=http peer=127.0.0.1 port=25 tls=false\n"));
    CHECK(contains(server.log, "refuse cid=1 proto=http status=400 reason=bad_path\n"));
    CHECK(contains(server.log, "end cid=1 proto=http reason=bad_path requests=3 refused=2 in="));
    CHECK_FALSE(contains(server.log, "secret"));
}

TEST_CASE("http session: it ends behind the request in progress when the server stops") {
    http_fixture server;
    {
        http_client client(server);
        server.handler.during = [&](const http::request&) { client.session->request_stop(); };
        const auto said = client.send(http_get + http_get);
        CHECK(count_of(said, "200 OK") == 1);
        CHECK(contains(said, "Connection: close"));
        CHECK(client.is_over);
    }
    server.handler.during = nullptr;
    {
        http_client idle(server);
        idle.session->request_stop();
        CHECK(idle.settle() == "");
        CHECK(idle.is_over);
    }
    http_client half(server);
    half.send(http_line("POST /x", "Content-Length: 5\r\n") + "he");
    half.session->request_stop();
    CHECK(half.settle() == "");
    CHECK(half.is_over);
}

TEST_CASE("http session: whichever read or write fails, it ends in order") {
    const std::string octets = http_get + http_line("POST /a", "Content-Length: 3\r\n") + "two" +
                               http_line("GET /large") + http_line("GET /..");
    http_fixture server;
    memory_stream whole(octets);
    whole.split_every(50);
    server.talk(whole);
    for (std::size_t n = 1; n <= whole.operations() + 1; ++n) {
        memory_stream peer(octets);
        peer.split_every(50);
        peer.fail_operation(n);
        server.talk(peer);
        CHECK(whole.output().starts_with(peer.output()));
    }
}
