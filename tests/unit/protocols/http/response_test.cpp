#include "protocols/http/response.hpp"

#include "protocols/http/event.hpp"
#include "protocols/http/problem.hpp"
#include "protocols/http/status.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace hauspost::http;
using namespace std::chrono;

namespace {

std::string head_of(const response& of, head_facts facts = {}, const header_block& standing = {}) {
    facts.now = sys_days(year(2026) / 1 / 2);
    std::string out;
    append_head(out, of, standing, facts);
    return out;
}

const std::string date = "Date: Fri, 02 Jan 2026 00:00:00 GMT\r\n";

}  // namespace

TEST_CASE("http response: its head") {
    CHECK(head_of(response(200, "text/plain", "hello")) ==
          "HTTP/1.1 200 OK\r\n" + date + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
    response fixed(200);
    fixed.fixed = "octets";
    CHECK(head_of(fixed) == "HTTP/1.1 200 OK\r\n" + date + "Content-Length: 6\r\n\r\n");
    CHECK(head_of(response(299)) == "HTTP/1.1 299 \r\n" + date + "Content-Length: 0\r\n\r\n");
    CHECK(head_of(response(204)) == "HTTP/1.1 204 No Content\r\n" + date + "\r\n");
    CHECK(head_of(response(304)) == "HTTP/1.1 304 Not Modified\r\n" + date + "\r\n");
}

TEST_CASE("http response: how it ends") {
    head_facts facts;
    facts.closes = true;
    CHECK(head_of(response(204), facts).find("\r\nConnection: close\r\n") != std::string::npos);
    facts.closes = false;
    facts.is_1_1 = false;
    CHECK(head_of(response(204), facts).find("\r\nConnection: keep-alive\r\n") !=
          std::string::npos);
    facts.how = framing::chunked;
    const auto chunked = head_of(response(200), facts);
    CHECK(chunked.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(chunked.find("Content-Length") == std::string::npos);
    facts.how = framing::until_close;
    CHECK(head_of(response(200), facts).find("Content-Length") == std::string::npos);
}

TEST_CASE("http response: standing fields, but for those that it has itself") {
    header_block standing;
    standing.add("X-Content-Type-Options", "nosniff").add("Content-Security-Policy", "all");
    response made(204);
    made.fields.add("content-security-policy", "own");
    CHECK(head_of(made, {}, standing) == "HTTP/1.1 204 No Content\r\n" + date +
                                             "content-security-policy: own\r\n"
                                             "X-Content-Type-Options: nosniff\r\n\r\n");
}

TEST_CASE("http response: G07 no words of a peer can split it") {
    header_block fields;
    for (const auto* value : {"a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\x01", "\x7f", " a", "a\t"})
        CHECK_THROWS_AS(fields.add("Location", value), std::logic_error);
    CHECK_THROWS_AS(fields.add("Location", std::string_view("a\0b", 3)), std::logic_error);
    for (const auto* name : {"", "a b", "a:", "a\r\n", "\xc3\xa4"})
        CHECK_THROWS_AS(fields.add(name, "x"), std::logic_error);
    CHECK(fields.is_empty());
    fields.add("A", "1").add("a", "2").add("B", "x\ty \xc3\xa4");
    CHECK(fields.value_of("a") == "1");
    fields.set("A", "3");
    std::string out;
    fields.append_to(out);
    CHECK(out == "B: x\ty \xc3\xa4\r\nA: 3\r\n");
    CHECK_FALSE(fields.has("C"));
    CHECK(fields.value_of("C").empty());
}

TEST_CASE("http response: a problem for programs and people") {
    const auto made = to_response(problem(409, "changed_meanwhile", "Somebody \"else\" <b>\n"));
    CHECK(made.status == 409);
    CHECK(made.fields.value_of("Content-Type") == "application/problem+json");
    CHECK(made.fields.value_of("Cache-Control") == "no-store");
    CHECK(made.body ==
          R"({"type":"about:blank","title":"Conflict","status":409,"code":"changed_meanwhile",)"
          R"("detail":"Somebody \"else\" <b>\n"})");
    CHECK(to_response(refusal(431, "head_too_long")).closes);
    CHECK(to_response(problem(404, "not_found")).body.find("detail") == std::string::npos);
    CHECK(to_response(refusal(431, "head_too_long")).body.find(R"("detail":"The fields )") !=
          std::string::npos);
    CHECK(to_response(refusal(400, "bare_cr")).body.find(R"(is not well-formed HTTP."})") !=
          std::string::npos);
    CHECK(not_found().status == 404);
    CHECK(method_not_allowed("GET, HEAD").fields.value_of("Allow") == "GET, HEAD");
    CHECK(phrase_of(421) == "Misdirected Request");
    CHECK(phrase_of(599) == "");
}

TEST_CASE("http event: fields, and every line of its data") {
    event all("one\ntwo\r\nthree\rfour\n");
    all.name = "state";
    all.id = "7";
    all.retry = seconds(3);
    CHECK(to_octets(all) ==
          "event: state\nid: 7\nretry: 3000\ndata: one\ndata: two\ndata: three\ndata: four\n"
          "data: \n\n");
    CHECK(to_octets(event("")) == "data: \n\n");
    CHECK(to_octets(event(": x")) == "data: : x\n\n");
}

TEST_CASE("http event: G07 names and ids of one line alone") {
    event bad("x");
    for (const auto& text : {std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3)}) {
        bad.id = text;
        CHECK_THROWS_AS(to_octets(bad), std::logic_error);
        bad.id.clear();
        bad.name = text;
        CHECK_THROWS_AS(to_octets(bad), std::logic_error);
        bad.name.clear();
    }
}
