#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::furnished;

namespace {

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(furnished, "forward commands: what is suspended is shown, and goes on again") {
    forwards.add("anna@a.example", "out@b.example", 77);
    forwards.add("anna@a.example", "two@b.example", 78);
    forwards.add("anna@a.example", "fine@b.example", 0);
    forwards.add("@a.example", "all@b.example", 79);
    const auto shown = ask(R"({"command":"account show","address":"anna@a.example"})");
    CHECK(holds(shown, R"("suspended":["out@b.example","two@b.example"])"));
    const auto all = ask(R"({"command":"forward suspended"})");
    CHECK(holds(all, R"("address":"@a.example")"));
    CHECK(holds(all, R"("last_reply":"550 5.1.1 nobody")"));
    CHECK_FALSE(holds(all, "fine@b.example"));
    ask(R"({"command":"forward resume","address":"anna@a.example","targets":["OUT@b.example"]})");
    CHECK(forwards.states.size() == 3);
    ask(R"({"command":"forward resume","address":"@a.example"})");
    ask(R"({"command":"forward resume","address":"anna@a.example"})");
    REQUIRE(forwards.states.size() == 1);
    CHECK(forwards.states[0].way.target == "fine@b.example");
}

TEST_CASE_FIXTURE(furnished, "forward commands: an alias shows it, too") {
    ask(R"({"command":"alias add","address":"list@a.example","targets":["out@b.example"]})");
    CHECK_FALSE(holds(ask(R"({"command":"alias list"})"), "suspended"));
    forwards.add("list@a.example", "out@b.example", 77);
    CHECK(holds(ask(R"({"command":"alias list"})"), R"("suspended":["out@b.example"])"));
}

TEST_CASE_FIXTURE(furnished, "forward commands: nothing to resume is said so") {
    CHECK(holds(ask(R"({"command":"forward resume","address":"anna@a.example"})"),
                "No forward of anna@a.example is suspended: <suspended> shows all."));
    forwards.add("anna@a.example", "out@b.example", 77);
    CHECK(holds(
        ask(R"({"command":"forward resume","address":"anna@a.example","targets":["x@b.example"]})"),
        "No forward from anna@a.example to x@b.example is suspended"));
    CHECK(holds(ask(R"({"command":"forward resume","address":"anna"})"), "is not"));
}
