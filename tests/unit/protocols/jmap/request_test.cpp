#include "protocols/jmap/request.hpp"

#include "protocols/jmap/limits.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost::jmap;

namespace {

using kind = request_problem::kind;

const std::vector<std::string_view> capabilities{"urn:ietf:params:jmap:core",
                                                 "urn:ietf:params:jmap:mail"};
const std::string begin = R"({"using":["urn:ietf:params:jmap:core"],"methodCalls":)";

read_request read(const std::string& body) {
    return parse_request(body, capabilities);
}

/// The problem's kind and its limit: "limit maxCallsInRequest".
std::string problem_of(const std::string& body) {
    const auto got = read(body);
    if (!got.problem) return "none";
    const auto type = std::string(type_of(got.problem->what));
    return type.substr(type.rfind(':') + 1) +
           (got.problem->limit.empty() ? "" : " " + got.problem->limit);
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string made;
    for (std::size_t n = 0; n < times; ++n)
        made += text;
    return made;
}

}  // namespace

TEST_CASE("jmap request 8620 3.3: using, calls and created ids are read") {
    const auto got = read(
        R"({"using":["urn:ietf:params:jmap:core","urn:ietf:params:jmap:mail"],
            "methodCalls":[["Core/echo",{"a":1},"c1"],["Email/get",{},""]],
            "createdIds":{"k1":"M1"}})");
    REQUIRE_FALSE(got.problem);
    CHECK(got.request.may_use("urn:ietf:params:jmap:mail"));
    CHECK_FALSE(got.request.may_use("urn:ietf:params:jmap:submission"));
    REQUIRE(got.request.calls.size() == 2);
    CHECK(got.request.calls[0].name == "Core/echo");
    CHECK(got.request.calls[0].call_id == "c1");
    CHECK(got.request.calls[0].arguments.at("a") == 1);
    CHECK(got.request.has_created_ids);
    CHECK(got.request.created_ids.at("k1") == "M1");
}

TEST_CASE("jmap request 8620 3.3: members that are not known are passed over") {
    CHECK(problem_of(begin + R"([],"x":{"y":[1]}})") == "none");
    CHECK_FALSE(read(begin + "[]}").request.has_created_ids);
}

TEST_CASE("jmap request 8620 3.6.1 notJSON: what is no I-JSON (G08)") {
    for (const auto* body :
         {"", "{", "nonsense", "{\"using\":[]}}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":2}}",
          "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}",
          "{\"a\":\"\xed\xa0\x80\"}", "{'a':1}", "[1,]", "{\"a\":01}", "{\"a\":NaN}"})
        CHECK_MESSAGE(problem_of(body) == "notJSON", body);
}

TEST_CASE("jmap request 8620 3.6.1 notRequest: JSON of another form") {
    const std::string call = R"(["Core/echo",{},"c"])";
    CHECK(problem_of(begin + "[" + call + "]}") == "none");
    for (const auto& body :
         {std::string("[]"), std::string("1"), std::string("{}"), begin + "{}}", begin + "[[]]}",
          begin + R"([["Core/echo",{}]]})", begin + R"([["Core/echo",[],"c"]]})",
          begin + R"([[1,{},"c"]]})", begin + R"([["Core/echo",{},1]]})",
          begin + R"([["Core/echo",{},"c",1]]})", std::string(R"({"methodCalls":[]})"),
          std::string(R"({"using":"urn:ietf:params:jmap:core","methodCalls":[]})"),
          std::string(R"({"using":[1],"methodCalls":[]})"), begin + R"([],"createdIds":[]})",
          begin + R"([],"createdIds":{"a":1}})", begin + R"([],"createdIds":{"a b":"c"}})"})
        CHECK_MESSAGE(problem_of(body) == "notRequest", body);
}

TEST_CASE("jmap request 8620 3.6.1 unknownCapability: one that the server does not have") {
    CHECK(problem_of(R"({"using":["urn:ietf:params:jmap:core","urn:x:y"],"methodCalls":[]})") ==
          "unknownCapability");
    CHECK(problem_of(R"({"using":["URN:ietf:params:jmap:core"],"methodCalls":[]})") ==
          "unknownCapability");
}

TEST_CASE("jmap request 8620 3.6.1 limit: its name is told, and the last that is allowed works") {
    const std::string call = R"(["Core/echo",{},"c"],)";
    auto calls = [&](std::size_t many) {
        auto made = repeated(call, many);
        made.pop_back();
        return begin + "[" + made + "]}";
    };
    CHECK(problem_of(calls(request_limits::max_calls)) == "none");
    CHECK(problem_of(calls(request_limits::max_calls + 1)) == "limit maxCallsInRequest");

    // The request itself, its calls and one call are three levels.
    auto deep = [&](std::size_t levels) {
        return begin + R"([["Core/echo",{"a":)" + repeated("[", levels) + repeated("]", levels) +
               R"(},"c"]]})";
    };
    CHECK(problem_of(deep(request_limits::max_depth - 4)) == "none");
    CHECK(problem_of(deep(request_limits::max_depth - 3)) == "limit maxSizeRequest");

    auto wide = [&](std::size_t values) {
        return begin + R"([["Core/echo",{"a":[)" + repeated("1,", values) + R"(1]},"c"]]})";
    };
    CHECK(problem_of(wide(request_limits::max_values - 100)) == "none");
    CHECK(problem_of(wide(request_limits::max_values)) == "limit maxSizeRequest");
}

TEST_CASE("jmap request: a hundred thousand levels cost nothing (G08)") {
    CHECK(problem_of(repeated("[", 5'000'000)) == "limit maxSizeRequest");
    CHECK(problem_of(repeated("{\"a\":", 1'000'000)) == "limit maxSizeRequest");
    CHECK(problem_of("[" + repeated("0,", 4'000'000)) == "limit maxSizeRequest");
}

TEST_CASE("jmap request: a colon and a bracket within a text are no names and no levels") {
    CHECK(problem_of(begin + R"([["Core/echo",{"a":"x:\":\\","b":"[[[{{{,,,"},"c"]]})") == "none");
}

TEST_CASE("jmap request 8620 3.6.1: a problem is a document with type, status, detail and limit") {
    const auto got = read("{");
    REQUIRE(got.problem);
    const auto said = json::parse(to_text(*got.problem)).as_object();
    CHECK(said.at("type") == "urn:ietf:params:jmap:error:notJSON");
    CHECK(said.at("status") == 400);
    CHECK_FALSE(said.contains("limit"));
    const auto over = json::parse(to_text({kind::limit, "d", "maxCallsInRequest"})).as_object();
    CHECK(over.at("limit") == "maxCallsInRequest");
}

TEST_CASE("jmap ids 8620 1.2: 1 to 255 of letters, digits, - and _") {
    CHECK(is_id("a"));
    CHECK(is_id("-_09azAZ"));
    CHECK(is_id(std::string(255, 'a')));
    CHECK_FALSE(is_id(""));
    CHECK_FALSE(is_id(std::string(256, 'a')));
    for (const auto* text : {" ", "a b", "a.b", "a/b", "\xc3\xa4", "a\n"})
        CHECK_FALSE(is_id(text));
}
