#include "protocols/http/target.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::http;

namespace {

/// "": refused.
std::string path_of(std::string_view text, method verb = method::get) {
    const auto got = parse_target(text, verb, {});
    return got ? got->path : std::string();
}

}  // namespace

TEST_CASE("http target: paths are decoded") {
    CHECK(path_of("/") == "/");
    CHECK(path_of("/a/b.c-d_e~f!$&'()*+,;=:@") == "/a/b.c-d_e~f!$&'()*+,;=:@");
    CHECK(path_of("/a/") == "/a/");
    CHECK(path_of("/%41%c3%A4%20b") == "/A\xc3\xa4 b");
    CHECK(path_of("/a+b") == "/a+b");
    CHECK(path_of("/%25") == "/%");
    CHECK(path_of("/.well-known/x") == "/.well-known/x");
    CHECK(path_of("/...") == "/...");
    CHECK(path_of("/a|b[c]{d}^`") == "/a|b[c]{d}^`");
    CHECK(path_of("*", method::options) == "*");
}

TEST_CASE("http target: G07 a path that could be read otherwise is refused, never mended") {
    for (const auto* text :
         {"",          "*",      "a",       "a/b",        "/.",      "/..",       "/../a",
          "/a/..",     "/a/./b", "/a/../b", "/%2e%2e/a",  "/.%2E/a", "/a%2fb",    "/a%2F..%2Fb",
          "/..%2f",    "/a\\b",  "/a%5cb",  "/..%5c",     "/a%00",   "/a%0d%0ab", "/a%7f",
          "//",        "//a",    "/a//b",   "/%",         "/%4",     "/%4g",      "/%%41",
          "/%c3",      "/%ff",   "/%c0%af", "/%ed%a0%80", "/a#b",    "/a b",      "/a\tb",
          "/\xc3\xa4", "/a<b>",  "/a\"b"}) {
        CAPTURE(text);
        CHECK(path_of(text) == "");
    }
    CHECK(path_of("/..%2f..%2fetc/passwd") == "");
    CHECK(path_of("/%252e%252e/a") == "/%2e%2e/a");  // decoded once, whoever looks
}

TEST_CASE("http target: the query's parameters, as a form sends them") {
    const auto got = parse_target("/?a=1&b=x+y%2Bz&&c&=d&a=2&e==", method::get, {});
    REQUIRE(got.has_value());
    REQUIRE(got->query.size() == 6);
    CHECK(got->query[0].name == "a");
    CHECK(got->query[1].value == "x y+z");
    CHECK(got->query[2].name == "c");
    CHECK(got->query[2].value == "");
    CHECK(got->query[3].name == "");
    CHECK(got->query[3].value == "d");
    CHECK(got->query[4].value == "2");
    CHECK(got->query[5].value == "=");
    CHECK(parse_target("/?a=/../\\%0a%2f", method::get, {})->query[0].value == "/../\\\n/");
    for (const auto* text : {"/?a=%", "/?%zz=1", "/?a=%00", "/?a=%ff", "/?a#b"})
        CHECK_FALSE(parse_target(text, method::get, {}).has_value());
}

TEST_CASE("http target: G07 as many parameters as there may be, not one more") {
    request_limits limits;
    limits.query_parameters = 3;
    CHECK(parse_target("/?a&b&c&&", method::get, limits).has_value());
    const auto got = parse_target("/?a&b&c&d", method::get, limits);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().reason == "too_many_parameters");
}
