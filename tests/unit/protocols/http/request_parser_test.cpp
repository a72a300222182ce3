#include "protocols/http/request_parser.hpp"

#include "tests/unit/protocols/http/parsed.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::http;
using hauspost::test::parse;
using hauspost::test::parse_head;
using hauspost::test::parsed;

namespace {

const std::string host = "Host: mail.a.example\r\n";
const std::string get = "GET / HTTP/1.1\r\n" + host;
const std::string post = "POST /x HTTP/1.1\r\n" + host;

std::string chunked(const std::string& body) {
    return post + "Transfer-Encoding: chunked\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("http request: a head says all that was asked") {
    const auto got = parse_head(
        "POST /mail/box?q=a+b&n=%C3%A4 HTTP/1.1\r\nHOST: Mail.A.Example:8443\r\n"
        "Content-Type:  text/plain \r\nContent-Length: 0\r\nX-Empty:\r\nx-empty: 2\r\n");
    REQUIRE(got.is_whole);
    CHECK(got.head.verb == method::post);
    CHECK(got.head.is_1_1);
    CHECK(got.head.path == "/mail/box");
    REQUIRE(got.head.query.size() == 2);
    CHECK(*got.head.parameter("q") == "a b");
    CHECK(*got.head.parameter("n") == "\xc3\xa4");
    CHECK(got.head.parameter("x") == nullptr);
    CHECK(got.head.host.name == "mail.a.example");
    CHECK(got.head.host.port == 8443);
    CHECK(*got.head.fields.find("content-type") == "text/plain");
    CHECK(got.head.fields.count("X-EMPTY") == 2);
    CHECK(*got.head.fields.joined("X-Empty") == ", 2");
    CHECK_FALSE(got.head.fields.find("X-None"));
    CHECK(got.head.content_length == 0);
    CHECK_FALSE(got.head.has_body());
    CHECK(got.head.keeps_alive);
}

TEST_CASE("http request: bodies by length and in chunks, and nothing of what follows") {
    auto got = parse(post + "Content-Length: 5\r\n\r\nhelloGET /");
    CHECK(got.is_whole);
    CHECK(got.body == "hello");
    CHECK(got.used == post.size() + 26);

    const auto octets = chunked("3\r\nhel\r\n002;a=b;c=\"d e\"\r\nlo\r\n0\r\nX: y\r\n\r\n");
    got = parse(octets + "GET /");
    CHECK(got.is_whole);
    CHECK(got.body == "hello");
    CHECK(got.used == octets.size());
    CHECK(got.head.is_chunked);
    CHECK_FALSE(got.head.fields.find("X"));  // a trailer is no field

    got = parse(chunked("0\r\n\r\n"));
    CHECK(got.is_whole);
    CHECK(got.body.empty());
}

TEST_CASE("http request: the outcome never depends on how the octets were cut") {
    const std::string many[] = {
        "\r\n" + get + "A: b\r\n\r\n",
        post + "Content-Length: 5\r\n\r\nhello",
        chunked("3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\nX: y\r\n\r\n"),
        chunked("0\r\n\r\n"),
        chunked("3\r\nhelX\r\n0\r\n\r\n"),
        chunked("3;\"\r\nhel\r\n"),
        get + "A\rb: c\r\n\r\n",
        get + "A: b\nC: d\r\n\r\n",
        get + " folded\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
    };
    for (const auto& octets : many) {
        const auto whole = parse(octets);
        CHECK((whole.is_whole || whole.status != 0));
        for (std::size_t step = 1; step < octets.size(); ++step) {
            const auto cut = parse(octets, step);
            CAPTURE(octets);
            CAPTURE(step);
            CHECK(cut.is_whole == whole.is_whole);
            CHECK(cut.status == whole.status);
            CHECK(cut.body == whole.body);
            if (whole.is_whole) CHECK(cut.used == whole.used);
        }
    }
}

TEST_CASE("http request: only HTTP/1.0 and 1.1, and methods that we know") {
    CHECK(parse_head("GET / HTTP/1.0\r\n").is_whole);
    CHECK(parse_head("GET / HTTP/2.0\r\n" + host).status == 505);
    CHECK(parse_head("GET / HTTP/1.2\r\n" + host).status == 505);
    CHECK(parse_head("PRI * HTTP/2.0\r\n").status == 505);
    CHECK(parse_head("GET / http/1.1\r\n" + host).status == 505);
    CHECK(parse_head("GET /\r\n").status == 400);
    CHECK(parse_head("GET  / HTTP/1.1\r\n" + host).status == 400);
    CHECK(parse_head("GET / HTTP/1.1 \r\n" + host).status == 505);
    for (const auto* method : {"CONNECT", "TRACE", "PROPFIND", "get"})
        CHECK(parse_head(std::string(method) + " / HTTP/1.1\r\n" + host).status == 501);
    CHECK(parse_head("GE(T / HTTP/1.1\r\n" + host).status == 400);
    for (const auto* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
        const auto got = parse_head(std::string(method) + " / HTTP/1.1\r\n" + host);
        CHECK(got.is_whole);
        CHECK(name_of(got.head.verb) == method);
    }
}

TEST_CASE("http request: who keeps the connection") {
    const auto keeps = [](const std::string& version, const std::string& field) {
        const auto got = parse_head("GET / HTTP/" + version + "\r\n" + host + field);
        REQUIRE(got.is_whole);
        return got.head.keeps_alive;
    };
    CHECK(keeps("1.1", ""));
    CHECK(keeps("1.1", "Connection: keep-alive\r\n"));
    CHECK_FALSE(keeps("1.1", "Connection: Close\r\n"));
    CHECK_FALSE(keeps("1.1", "Connection: keep-alive, x\r\nConnection: y, close\r\n"));
    CHECK_FALSE(keeps("1.0", ""));
    CHECK(keeps("1.0", "Connection: Keep-Alive\r\n"));
    CHECK(keeps("1.1", "Proxy-Connection: close\r\n"));  // not a field of ours
}

TEST_CASE("http request: 100-continue is meant by HTTP/1.1 with a body alone") {
    CHECK(parse(post + "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx").head.expects_continue);
    CHECK_FALSE(parse(post + "Expect: 100-continue\r\n\r\n").head.expects_continue);
    CHECK(parse_head(post + "Expect: 200-ok\r\n").status == 417);
}

TEST_CASE("http request: a head has limits, and what is beyond them is refused at that octet") {
    request_limits limits;
    limits.head_octets = 200;
    limits.fields = 3;
    const auto status = [&](const std::string& octets) {
        return parse(octets, std::string::npos, 0, limits).status;
    };
    const std::string line = "GET / HTTP/1.1\r\nHost: a\r\n";
    const auto padded = [&line](std::size_t octets) {
        return line + "X: " + std::string(octets - line.size() - 7, 'x') + "\r\n\r\n";
    };
    CHECK(status(padded(200)) == 0);
    CHECK(status(padded(201)) == 431);
    CHECK(status(line + "X: " + std::string(200 - line.size() - 3, 'x')) == 431);  // no end needed
    CHECK(status("GET /" + std::string(195, 'x')) == 414);
    CHECK(status("GET /" + std::string(194, 'x')) == 0);
    CHECK(status(line + "A: 1\r\nB: 2\r\n\r\n") == 0);
    CHECK(status(line + "A: 1\r\nB: 2\r\nC: 3\r\n") == 431);
}

TEST_CASE("http request: a body is refused beyond its limit as soon as that is known") {
    const auto by_length = post + "Content-Length: 5\r\n\r\n";
    CHECK(parse(by_length + "hello", 1, 5).is_whole);
    CHECK(parse(by_length, std::string::npos, 4).status == 413);
    CHECK(parse(chunked("5\r\nhello\r\n0\r\n\r\n"), 1, 5).is_whole);
    CHECK(parse(chunked("5\r\n"), std::string::npos, 4).status == 0);  // too short to look at
    CHECK(parse(chunked("5\r\nhe"), std::string::npos, 4).status == 413);
    CHECK(parse(chunked("3\r\nhel\r\n2\r\nl"), std::string::npos, 4).status == 413);
    CHECK(parse(chunked("FFFFFFFFFFFFFFFF\r\nhe"), std::string::npos, 4).status == 413);
    const auto most = post + "Content-Length: 18446744073709551615\r\n\r\n";
    CHECK(parse(most, std::string::npos, 100).status == 413);
    CHECK(parse(post + "Content-Length: 18446744073709551616\r\n\r\n").status == 400);
}

TEST_CASE("http request: one empty line may stand before a request") {
    CHECK(parse("\r\n" + get + "\r\n").is_whole);
    CHECK(parse("\r\n\r\n" + get + "\r\n").status == 400);
    CHECK(parse("\n" + get + "\r\n").status == 400);
}
