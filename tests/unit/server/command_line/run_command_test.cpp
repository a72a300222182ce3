#include "server/command_line/run_command.hpp"

#include "tests/support/tmp_dir.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace hauspost;
using namespace hauspost::command_line;
using namespace hauspost::server;

namespace {

loaded_config cheap_config(const test::tmp_dir& folder) {
    loaded_config file;
    auto& c = file.values;
    c.data_dir = (folder / "data").string();
    c.logins.argon2.memory_kib = 8;
    c.logins.argon2.passes = 1;
    c.store.min_free_octets = 0;
    c.store.map_octets = std::size_t{64} << 20;
    return file;
}

admin::api::json::object request(const char* command, const char* key, const std::string& value) {
    admin::api::json::object made;
    made["command"] = command;
    made[key] = value;
    return made;
}

}  // namespace

TEST_CASE(
    "store command: without a server the command opens the store, and it keeps what was done") {
    const test::tmp_dir folder;
    const auto c = cheap_config(folder);
    CHECK(run_store_command(c, request("domain add", "name", "a.example")).has_value());
    auto add = request("account add", "address", "anna@a.example");
    add["password"] = "plum-Kettle-42";
    CHECK(run_store_command(c, add).has_value());
    add["password"] = "Anna is my name";
    add["address"] = "annabel@a.example";
    CHECK(run_store_command(c, add).has_value());
    add["address"] = "my@a.example";
    add["password"] = "short";
    const auto refused = run_store_command(c, add);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().text.find("at least 12 characters") != std::string::npos);
    const auto made_up = run_store_command(c, request("account add", "address", "ben@a.example"));
    REQUIRE(made_up.has_value());
    CHECK(made_up->at("password").as_string().size() == 16);
    const auto list = run_store_command(c, request("account list", "after", ""));
    REQUIRE(list.has_value());
    CHECK(list->at("accounts").as_array().size() == 3);
    CHECK(!list->contains("next"));
    const auto check = run_store_command(c, request("check", "x", ""));
    REQUIRE(check.has_value());
    CHECK(check->at("sound") == true);
    CHECK(check->at("accounts") == 3);
}

TEST_CASE("store command: only `domain add` makes a store where there is none") {
    const test::tmp_dir folder;
    const auto c = cheap_config(folder);
    for (const char* command : {"account list", "domain list", "check", "account add"}) {
        const auto refused = run_store_command(c, request(command, "address", "anna@a.example"));
        REQUIRE(!refused.has_value());
        CHECK(refused.error().text.find("There is no store in") == 0);
        CHECK(!std::filesystem::exists(c.values.data_dir));
    }
    CHECK(run_store_command(c, request("domain add", "name", "a.example")).has_value());
    CHECK(run_store_command(c, request("domain list", "filter", "")).has_value());
}
