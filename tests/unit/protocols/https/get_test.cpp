#include "protocols/https/get.hpp"

#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using boost::beast::http::error;

namespace {

const std::string policy =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello";

result<https::response> ask(test::memory_stream& server, std::size_t max_body_octets = 100) {
    result<https::response> got = error_code();
    const auto talk = [](net::stream& with, std::size_t most,
                         result<https::response>& into) -> awaitable<void> {
        https::get_request request;
        request.host = "mta-sts.example.com";
        request.target = "/.well-known/mta-sts.txt";
        request.max_body_octets = most;
        into = co_await https::get(with, std::move(request));
    };
    test::run(talk(server, max_body_octets, got));
    return got;
}

result<https::response> answered(const std::string& text) {
    test::memory_stream server(text);
    return ask(server);
}

}  // namespace

TEST_CASE("https: a document is asked for by host and name") {
    test::memory_stream server(policy);
    const auto got = ask(server);
    REQUIRE(got.has_value());
    CHECK(got->status == 200);
    CHECK(got->content_type == "text/plain; charset=utf-8");
    CHECK(got->body == "hello");
    CHECK(server.output() ==
          "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.example.com\r\n"
          "User-Agent: Hauspost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");
}

TEST_CASE("https: an answer may be cut anywhere, be in chunks, or end with the connection") {
    for (std::size_t at = 0; at <= policy.size(); ++at) {
        test::memory_stream server(policy);
        server.cut_at(at);
        CHECK(ask(server)->body == "hello");
    }
    test::memory_stream by_one(policy);
    by_one.split_every(1);
    CHECK(ask(by_one)->body == "hello");
    CHECK(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n")
              ->body == "hello");
    CHECK(answered("HTTP/1.0 200 OK\r\n\r\nhello")->body == "hello");
}

TEST_CASE("https: another status is an answer as any, and nothing is followed") {
    CHECK(answered("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")->status == 404);
    test::memory_stream server(
        "HTTP/1.1 301 Moved\r\nLocation: https://other.example/\r\nContent-Length: 0\r\n\r\n" +
        policy);
    CHECK(ask(server)->status == 301);
    CHECK(server.output().find("other.example") == std::string::npos);
}

TEST_CASE("https: E11 a body without end, a header without end and what is no HTTP are refused") {
    CHECK(answered("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x')).error() == error::body_limit);
    CHECK(answered("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n").error() == error::body_limit);
    CHECK(answered("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x')).error() ==
          error::header_limit);
    CHECK(answered("220 mx.example ESMTP\r\n").error() == error::bad_version);
    CHECK(answered("").error() == error::partial_message);
    CHECK(answered(policy.substr(0, policy.size() - 1)).error() == error::partial_message);
    test::memory_stream silent("", test::when_dry::time_out);
    CHECK(ask(silent).error() == boost::asio::error::timed_out);
}

TEST_CASE("https: each operation that fails ends it") {
    for (std::size_t n = 1; n <= 2; ++n) {
        test::memory_stream server(policy);
        server.fail_operation(n);
        CHECK(ask(server).error() == boost::asio::error::connection_reset);
    }
}
