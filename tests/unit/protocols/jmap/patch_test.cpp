#include "protocols/jmap/patch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost::jmap;

namespace {

/// The object as it is then, or "refused" when it has not changed.
std::string patched(const std::string& object, const std::string& patch) {
    auto to = json::parse(object).as_object();
    const auto before = json::serialize(to);
    const auto wrong = apply_patch(to, json::parse(patch).as_object());
    if (wrong.empty()) return json::serialize(to);
    CHECK(json::serialize(to) == before);
    return "refused";
}

}  // namespace

TEST_CASE("jmap patch 8620 5.3: whole properties and single members") {
    CHECK(patched(R"({"a":1,"b":{"x":true}})", R"({"a":2})") == R"({"a":2,"b":{"x":true}})");
    CHECK(patched(R"({"b":{"x":true}})", R"({"b/y":true})") == R"({"b":{"x":true,"y":true}})");
    CHECK(patched(R"({"b":{"x":true}})", R"({"b/x":null})") == R"({"b":{}})");
    CHECK(patched(R"({"b":{"x":true}})", R"({"b/z":null})") == R"({"b":{"x":true}})");
    CHECK(patched(R"({"a":1})", R"({"a":null})") == R"({"a":null})");
    CHECK(patched(R"({"b":{}})", R"({"b/p~1q":1,"b/r~0s":2})") == R"({"b":{"p/q":1,"r~s":2}})");
}

TEST_CASE("jmap patch 8620 5.3: no pointer into a list, no missing parent, none within another") {
    CHECK(patched(R"({"a":[1,2]})", R"({"a/0":3})") == "refused");
    CHECK(patched(R"({"a":1})", R"({"b/c":3})") == "refused");
    CHECK(patched(R"({"a":{"b":{}}})", R"({"a":{},"a/b":1})") == "refused");
    CHECK(patched(R"({"a":{"b":{}}})", R"({"a":{},"a-":1,"a/b/c":1})") == "refused");
    CHECK(patched(R"({"a":{"b":{}}})", R"({"a/b~2":1})") == "refused");
    CHECK(patched(R"({"a":{"b":1}})", R"({"a/b":2,"a/bc":3})") == R"({"a":{"b":2,"bc":3}})");
}

TEST_CASE("jmap patch: a pointer of a million steps is not gone along (G08)") {
    std::string steps;
    for (int n = 0; n < 1'000'000; ++n)
        steps += "a/";
    CHECK(patched(R"({"a":{}})", "{\"" + steps + "\":1}") == "refused");
}
