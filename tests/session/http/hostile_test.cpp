#include "tests/session/http/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::test;

TEST_CASE("http session: G07 behind an ambiguous request nothing is obeyed") {
    const std::string inner = http_line("GET /smuggled");
    const std::string length = std::to_string(inner.size() + 5);
    for (const auto& octets : {
             http_line("POST /a",
                       "Content-Length: " + length + "\r\nTransfer-Encoding: chunked\r\n") +
                 "0\r\n\r\n" + inner,
             http_line("POST /a", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n") +
                 "0\r\n\r\n" + inner,
             http_line("POST /a", "Content-Length: 0\r\nContent-Length: " + length + "\r\n") +
                 inner,
             http_line("POST /a", "Transfer-Encoding: xchunked\r\n") + inner,
             http_line("POST /a", "Transfer-Encoding: chunked\r\n") + "0\r\nX: y\n\r\n" + inner,
             http_line("POST /a", "Transfer-Encoding: chunked\r\n") +
                 "1;a=\"\n\"\r\nx\r\n0\r\n\r\n" + inner,
             http_line("GET /a", "X: y\rContent-Length: 5\r\n") + inner,
             http_line("GET /a", "X: y\r\n folded\r\n") + inner,
             http_line("GET /a", "Host: b.example\r\n") + inner,
             "GET /a HTTP/1.1\r\n\r\n" + inner,
             "GET /a HTTP/0.9\r\n\r\n" + inner,
             "GET /a\r\n\r\n" + inner,
             "GET http://b.example/a HTTP/1.1\r\nHost: a.example\r\n\r\n" + inner,
             http_line("GET /..%2fa") + inner,
             http_line("GET /a%00") + inner,
         }) {
        http_fixture server;
        const auto said = server.talk(octets);
        CAPTURE(octets);
        CHECK(server.handler.paths.empty());
        CHECK((said.starts_with("HTTP/1.1 400 ") || said.starts_with("HTTP/1.1 505 ")));
        CHECK(count_of(said, "HTTP/1.1 ") == 1);
        CHECK(contains(said, "\r\nConnection: close\r\n"));
        CHECK(contains(said, "\r\nX-Content-Type-Options: nosniff\r\n"));
        CHECK(contains(said, "\r\nContent-Type: application/problem+json\r\n"));
    }
}

TEST_CASE("http session: G07 floods of fields, chunks and trailers end at their limits") {
    http_fixture server;
    std::string fields;
    for (int i = 0; i < 100'000; ++i)
        fields += "A: b\r\n";
    memory_stream peer(http_line("GET /", fields));
    CHECK(server.talk(peer).starts_with("HTTP/1.1 431 "));
    CHECK(server.talk("GET /" + std::string(100'000, 'x')).starts_with("HTTP/1.1 414 "));
    const auto chunked = http_line("POST /upload", "Transfer-Encoding: chunked\r\n");
    CHECK(server.talk(chunked + "1;" + std::string(1'000'000, 'e')).starts_with("HTTP/1.1 400 "));
    CHECK(server.talk(chunked + "0\r\n" + fields).starts_with("HTTP/1.1 400 "));
    CHECK(server.handler.paths.empty());
}

TEST_CASE("http session: H05 one line of log for a refused client, without what it said") {
    http_fixture server;
    server.talk("GET /\x1b[31m HTTP/1.1\r\n\r\n");
    server.talk("EHLO evil.example\r\n\r\n");
    CHECK(count_of(server.log, "refuse ") == 2);
    CHECK_FALSE(contains(server.log, "evil"));
    CHECK_FALSE(contains(server.log, "\x1b"));
}

TEST_CASE("http session: G07 requests are not read ahead while one is answered") {
    http_fixture server;
    http_client client(server);
    std::string many;
    for (int i = 0; i < 2'000; ++i)
        many += http_get;
    std::size_t unread = 0;
    server.handler.during = [&](const http::request&) {
        if (unread == 0) unread = client.peer.unread_input().size();
    };
    client.send(many);
    CHECK(unread > many.size() - 20'000);
    CHECK(server.handler.paths.size() == 1'000);  // max_requests
}
