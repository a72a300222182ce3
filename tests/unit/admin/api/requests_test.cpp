// What stands around a command: how a request is read, and what is told of all commands.
#include "admin/api/help_command.hpp"
#include "admin/api/results.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::admin::api;
using hauspost::test::admin_fixture;
using hauspost::test::contains;

TEST_CASE("admin: a request that says a name twice is refused, at any depth") {
    for (const auto* text :
         {R"({"a":1,"a":1})", R"({"a":{"b":1,"b":2}})", R"({"a":[{},{"b":1,"c":2,"b":3}]})",
          R"({"a\"":1,"x":2,"a\u0022":3})", R"({"":1,"":2})", R"({"a":"x:y","a":":"})"}) {
        const auto said = parse_request(text);
        REQUIRE_MESSAGE(!said, text);
        CHECK(said.error().code == "name_twice");
        CHECK(parse_object(text).has_value());
    }
    for (const auto* text :
         {"{}", R"({"a":1,"b":1})", R"({"a":{"a":{"a":1}}})", R"({"a":":","b\\":"\":","c":"\\"})",
          R"({"a":[{"b":1},{"b":1}]})", R"({":":"::"})"})
        CHECK_MESSAGE(parse_request(text).has_value(), text);
    CHECK(parse_request("[1]").error().code == "no_object");
}

TEST_CASE("admin: a wrong argument is named for programs, too") {
    const auto why = wrong_argument("address");
    CHECK(why.code == "bad_argument");
    CHECK(why.facts.at("subject") == "address");
    CHECK(why.text == "\"address\" is missing or of a wrong kind.");
}

TEST_CASE("admin: a number that a refusal tells is a fact of it, also when it is 0") {
    using hauspost::admin::refusal_code;
    using hauspost::admin::refuse_number;
    CHECK(facts_json(refuse_number(refusal_code::owner_wrong, 0)).at("number") == 0);
    CHECK(facts_json(refuse_number(refusal_code::no_such_message, 0)).at("number") == 0);
    CHECK(facts_json(refuse_number(refusal_code::wrong_code, 2)).at("number") == 2);
    CHECK_FALSE(facts_json(refuse_number(refusal_code::is_alias, 0)).contains("number"));
}

TEST_CASE("admin: help tells each command with all that it takes") {
    admin_fixture h;
    const auto told = parse_object(h.ask(R"({"command":"help"})"));
    REQUIRE(told.has_value());
    CHECK(*told == help_json(commands()));
    CHECK(told->at("commands").as_array().size() == commands().size());

    command one;
    one.name = "door open";
    one.help = "Open a door";
    one.to = offered::on_console;
    one.in_setup = true;
    using kind = argument::kind;
    one.takes = {{"a", kind::text, true}, {"b", kind::texts},  {"c", kind::number},
                 {"d", kind::octets},     {"e", kind::yes},    {"f", kind::flag},
                 {"g", kind::on_off},     {"h", kind::secret}, {"i", kind::code},
                 {"j", kind::seconds}};
    const auto text = boost::json::serialize(help_json({one}));
    CHECK(contains(
        text, R"({"name":"door open","help":"Open a door","offered":"console","in_setup":true)"));
    CHECK(contains(text, R"([{"name":"a","kind":"text","required":true})"));
    const std::vector<std::string> kinds{"text",    "texts",   "number", "number", "boolean",
                                         "boolean", "boolean", "secret", "secret", "number"};
    for (std::size_t n = 1; n < kinds.size(); ++n)
        CHECK(contains(text, R"({"name":")" + std::string(one.takes[n].key) + R"(","kind":")" +
                                 kinds[n] + R"(","required":false})"));
}
