// What the owner sets, as he sees and changes it.
#include "storage/setting_store.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using hauspost::test::admin_fixture;
using hauspost::test::contains;

namespace {

struct settings_at_hand : admin_fixture {
    std::string list(const std::string& filter = "") {
        return ask(R"({"command":"setting list","filter":")" + filter + "\"}");
    }
    std::string set(const std::string& name,
                    const std::string& value,
                    const std::string& more = "") {
        return ask(R"({"command":"setting set","name":")" + name + R"(","value":")" + value + "\"" +
                   more + "}");
    }
    std::string reset(const std::string& name, const std::string& more = "") {
        return ask(R"({"command":"setting reset","name":")" + name + "\"" + more + "}");
    }
    std::vector<storage::setting> rows() { return get(store->settings.list()); }
    std::string log() { return ask(R"({"command":"audit list"})"); }
};

}  // namespace

TEST_CASE_FIXTURE(settings_at_hand, "setting commands: the list says what holds and who says so") {
    const auto all = list();
    CHECK(contains(all, R"({"name":"a.days","kind":"count","value":"5","number":5,"default":"5",)"
                        R"("source":"default","line":0,"least":0,"most":99,"zero_is_off":false,)"
                        R"("words":[],"at_once":true,"waits":false,"in_force":"5"})"));
    CHECK(contains(all, R"("name":"b.fixed","kind":"count","value":"5","number":5,"default":"5",)"
                        R"("source":"file","line":7)"));
    CHECK_FALSE(contains(list("DAYS"), "b.fixed"));
    CHECK(contains(list("DAYS"), "a.days"));
}

TEST_CASE_FIXTURE(settings_at_hand, "setting commands: a value is set, stays, and goes again") {
    const auto made = set("a.days", "12");
    CHECK(contains(made, R"("value":"12","number":12,"default":"5","source":"owner")"));
    CHECK_FALSE(contains(made, "warning"));
    REQUIRE(rows().size() == 1);
    CHECK(rows().front().name == "a.days");
    CHECK(rows().front().value == "12");
    CHECK(rows().front().changed_at == 1000);
    CHECK(book.rows.size() == 1);  // who goes by it was told
    CHECK(contains(set(" a.days ", "13"), R"("value":"13")"));
    CHECK(contains(reset("a.days"), R"("value":"5","number":5,"default":"5","source":"default")"));
    CHECK(rows().empty());
    CHECK(book.rows.empty());
    CHECK(contains(reset("a.days"), R"("source":"default")"));  // nothing was set: as it was
}

TEST_CASE_FIXTURE(settings_at_hand, "setting commands: what waits for a start says so") {
    const auto made = set("c.later", "6");
    CHECK(contains(made, R"("at_once":false,"waits":true,"in_force":"5")"));
    CHECK(contains(made, R"("warning":"c.later comes into force at the next start)"));
}

TEST_CASE_FIXTURE(settings_at_hand,
                  "setting commands: each refusal says why, and changes nothing") {
    CHECK(set("b.fixed", "6") ==
          "refused: b.fixed is fixed by the configuration file, line 7: take it out there and "
          "reload the server, then it can be set here.");
    CHECK(reset("b.fixed") == set("b.fixed", "6"));
    CHECK(set("nothing", "6") ==
          "refused: \"nothing\" is not a setting of the owner: <settings> shows all.");
    CHECK(set("a.days", "many") == "refused: a.days must be a whole number.");
    CHECK(rows().empty());
    CHECK(log() == R"({"entries":[]})");
}

TEST_CASE_FIXTURE(settings_at_hand,
                  "setting commands: of two who decided on the same value the second is refused") {
    CHECK(contains(set("a.days", "12", R"(,"seen":"5")"), R"("value":"12")"));
    CHECK(contains(set("a.days", "13", R"(,"seen":"5")"), "refused: "));
    CHECK(contains(reset("a.days", R"(,"seen":"5")"), "refused: "));
    CHECK(rows().front().value == "12");
    CHECK(contains(set("a.days", "13", R"(,"seen":"12")"), R"("value":"13")"));
}

TEST_CASE_FIXTURE(settings_at_hand,
                  "setting commands: the audit log has the value before and after") {
    set("a.days", "12");
    const auto first = log();
    CHECK(contains(first, R"("command":"setting set","subject":"a.days")"));
    CHECK(contains(first, R"({"value":"5","source":"default"})"));
    CHECK(contains(first, R"({"value":"12","source":"owner"})"));
    reset("a.days");
    CHECK(contains(log(), R"("command":"setting reset","subject":"a.days")"));
}
