#include "admin/api/commands.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using hauspost::test::admin_fixture;
using hauspost::test::contains;

TEST_CASE("admin: the table of commands is whole, and no command takes what it does not declare") {
    using hauspost::admin::api::argument;
    using hauspost::admin::api::shape;
    admin_fixture h;
    std::set<std::string> names;
    for (const auto& one : hauspost::admin::api::commands()) {
        CHECK(names.insert(one.name).second);
        CHECK(std::string(one.help).size() > 10);
        CHECK((one.shown_as == shape::list) == (!one.columns.empty() && *one.list != '\0'));
        std::string request = R"({"command":")" + std::string(one.name) + "\"";
        for (const auto& of : one.takes) {
            request += ",\"" + std::string(of.key) + "\":";
            switch (of.of) {
            case argument::kind::text:
            case argument::kind::code:
            case argument::kind::secret: request += "\"x@a.example\""; break;
            case argument::kind::texts: request += "[\"y@a.example\"]"; break;
            case argument::kind::on_off:
            case argument::kind::yes:
            case argument::kind::flag: request += "true"; break;
            default: request += "7";
            }
        }
        // A key that is not declared would throw.
        const auto said = h.ask(request + "}");
        CHECK_MESSAGE(!contains(said, "wrong kind"), said);
        for (const auto& of : one.takes)
            if (of.required)
                CHECK(contains(h.ask(R"({"command":")" + std::string(one.name) + "\"}"),
                               "is missing or of a wrong kind"));
    }
    CHECK(names.size() == 73);
}
