#include "protocols/https/post.hpp"

#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/beast/http/error.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost;

namespace {

result<https::response> handed_to(test::memory_stream& server) {
    result<https::response> got = error_code();
    const auto talk = [](net::stream& with, result<https::response>& into) -> awaitable<void> {
        https::post_request request;
        request.host = "reports.example:8443";
        request.target = "/x?y";
        request.content_type = "application/tlsrpt+gzip";
        request.body = "12345";
        into = co_await https::post(with, std::move(request));
    };
    test::run(talk(server, got));
    return got;
}

}  // namespace

TEST_CASE("https: a document is handed over with its length and type") {
    test::memory_stream server("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    const auto got = handed_to(server);
    REQUIRE(got.has_value());
    CHECK(got->status == 201);
    CHECK(server.output() ==
          "POST /x?y HTTP/1.1\r\nHost: reports.example:8443\r\nUser-Agent: Hauspost\r\n"
          "Content-Type: application/tlsrpt+gzip\r\nContent-Length: 5\r\n"
          "Connection: close\r\n\r\n12345");
}

TEST_CASE("https: of what is answered to a document the head counts, however the rest ends") {
    test::memory_stream server("HTTP/1.0 503 Busy\r\nContent-Length: 11\r\n\r\n123");
    const auto got = handed_to(server);
    REQUIRE(got.has_value());
    CHECK(got->status == 503);
    CHECK(got->body.empty());
}

TEST_CASE("https: an answer without an end, or that is none, is no answer") {
    test::memory_stream cut("HTTP/1.1 201 Created\r\nContent-");
    CHECK_FALSE(handed_to(cut).has_value());
    test::memory_stream other("220 mx.example ESMTP\r\n");
    CHECK_FALSE(handed_to(other).has_value());
    test::memory_stream endless("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'));
    const auto got = handed_to(endless);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error() == boost::beast::http::error::header_limit);
}
