#include "tests/session/http/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;

TEST_CASE("http session: H01 a head that comes too slowly is refused, however it drips") {
    http_fixture server;
    http_client client(server);
    std::string said;
    for (int i = 0; i < 19; ++i) {
        CHECK(client.send("x") == "");
        said = client.wait(1s);
        CHECK(said == "");
    }
    CHECK(client.wait(1s).starts_with("HTTP/1.1 408 Request Timeout\r\n"));
    client.wait(2s);  // lingers
    CHECK(client.is_over);
}

TEST_CASE("http session: H01 who says nothing is told nothing, at first and between requests") {
    http_fixture server;
    {
        http_client client(server);
        CHECK(client.wait(19s) == "");
        CHECK_FALSE(client.is_over);
        CHECK(client.wait(1s) == "");
        CHECK(client.is_over);
    }
    http_client client(server);
    client.wait(15s);
    CHECK(contains(client.send(http_get), "200 OK"));
    client.wait(59s);
    CHECK(contains(client.send(http_get), "200 OK"));
    client.wait(59s);
    CHECK_FALSE(client.is_over);
    CHECK(client.wait(1s) == "");
    CHECK(client.is_over);
}

TEST_CASE("http session: H01 of a later request the head has its time from its first octet") {
    http_fixture server;
    http_client client(server);
    client.send(http_get);
    client.wait(50s);
    CHECK(client.send("GET") == "");
    CHECK(client.wait(19s) == "");
    CHECK(client.wait(1s).starts_with("HTTP/1.1 408 "));
    client.wait(2s);
}

TEST_CASE("http session: H01 time is short while the server is full") {
    http_fixture server;
    bool is_stressed = true;
    server.config.is_under_stress = [&is_stressed] { return is_stressed; };
    http_client client(server);
    client.wait(4s);
    CHECK_FALSE(client.is_over);
    client.wait(1s);
    CHECK(client.is_over);
}

TEST_CASE("http session: H01 a body has its time, and more as it comes") {
    http_fixture server;
    {
        http_client client(server);
        client.send(http_line("POST /upload", "Content-Length: 100000\r\n"));
        for (int i = 0; i < 30; ++i) {
            CHECK(client.send(std::string(1'000, 'x')) == "");
            CHECK(client.wait(2s) == "");  // 500 octets a second, as it may be
        }
        CHECK(client.wait(19s) == "");
        CHECK(client.wait(1s).starts_with("HTTP/1.1 408 "));
        client.wait(2s);
        CHECK(client.is_over);
    }
    http_client slow(server);
    slow.send(http_line("POST /upload", "Content-Length: 100000\r\n"));
    for (int i = 0; i < 19; ++i) {
        CHECK(slow.send("x") == "");
        CHECK(slow.wait(1s) == "");
    }
    CHECK(slow.send("x") == "");  // some milliseconds more
    CHECK(slow.wait(2s).starts_with("HTTP/1.1 408 "));
    slow.wait(2s);
    CHECK(server.handler.paths.empty());
}

TEST_CASE("http session: a client that takes no answer is let go") {
    http_fixture server;
    memory_stream peer(http_line("GET /large") + http_get);
    peer.stall_output_after(100'000);
    server.talk(peer);
    CHECK(server.handler.paths.size() == 1);
    CHECK(contains(server.log, "reason=timeout"));
}

TEST_CASE("http session: as many requests of a connection as there may be") {
    http_fixture server;
    server.config.max_requests = 3;
    const auto said = server.talk(http_get + http_get + http_get + http_get);
    CHECK(count_of(said, "200 OK") == 3);
    CHECK(count_of(said, "Connection: close") == 1);
    CHECK(said.find("Connection: close") > said.rfind("HTTP/1.1"));
}

TEST_CASE("http session: a body beyond its route's limit is refused before it is read") {
    http_fixture server;
    auto said = server.talk(http_line("POST /a", "Content-Length: 10\r\n") + "0123456789");
    CHECK(contains(said, "0123456789"));
    said = server.talk(http_line("POST /a", "Content-Length: 11\r\n") + "01234567890" + http_get);
    CHECK(said.starts_with("HTTP/1.1 413 Content Too Large\r\n"));
    CHECK(contains(said, R"("code":"body_too_long")"));
    CHECK(count_of(said, "HTTP/1.1") == 1);
    said = server.talk(http_line("POST /a", "Transfer-Encoding: chunked\r\n") + "6\r\n012345\r\n" +
                       "5\r\n67890\r\n0\r\n\r\n");
    CHECK(said.starts_with("HTTP/1.1 413 "));
    const std::string large(100'000, 'x');
    said = server.talk(http_line("POST /upload", "Content-Length: 100000\r\n") + large);
    CHECK(said.ends_with(large));
    said = server.talk(http_line("POST /upload", "Content-Length: 100001\r\n"));
    CHECK(said.starts_with("HTTP/1.1 413 "));
}

TEST_CASE("http session: who is refused while sending gets to see it, and is not read for long") {
    http_fixture server;
    {
        http_client client(server);
        const auto head = http_line("POST /a", "Content-Length: 9999999\r\n");
        CHECK(client.send(head).starts_with("HTTP/1.1 413 "));
        CHECK(client.send(std::string(100'000, 'x')) == "");
        CHECK_FALSE(client.is_over);
        CHECK(client.peer.unread_input().empty());
        client.wait(2s);
        CHECK(client.is_over);
    }
    http_client endless(server);
    endless.send(http_line("POST /a", "Content-Length: 9999999\r\n"));
    endless.send(std::string(2'000'000, 'x'));
    CHECK(endless.is_over);
    CHECK(endless.peer.unread_input().size() > 900'000);
}
