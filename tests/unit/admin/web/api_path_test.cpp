#include "admin/web/api_path.hpp"

#include "admin/api/commands.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace hauspost::admin;

TEST_CASE("admin web: each command has a path of its own that leads back to it") {
    std::set<std::string> paths;
    for (const auto& one : api::commands()) {
        const auto path = web::path_of(one.name);
        CHECK(web::command_of(path) == one.name);
        CHECK(path.find(' ') == std::string::npos);
        paths.insert(path);
    }
    CHECK(paths.size() == api::commands().size());
}

TEST_CASE("admin web: a path outside the API, or none, is no command") {
    CHECK(!web::command_of("/api/"));
    CHECK(!web::command_of("/api"));
    CHECK(!web::command_of("/accounts"));
    CHECK(!web::command_of("/api/account add"));
    CHECK(web::command_of("/api/account/add") == "account add");
    // Found by no table, so answered as an unknown command.
    CHECK(api::find_command(*web::command_of("/api/account//add")) == nullptr);
}
