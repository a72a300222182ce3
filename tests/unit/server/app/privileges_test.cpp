#include "server/app/privileges.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::server;

TEST_CASE("privileges: the server's user exists and is not root") {
    const auto told = [](const std::string& user) {
        auto loaded = parse_config("[server]\nuser = \"" + user + "\"\n");
        check_user(loaded);
        return describe(loaded.faults, "f");
    };
    CHECK(told("no-such-user-here").find("f:2:8: server.user") != std::string::npos);
    CHECK(told("root").find("is root") != std::string::npos);
    CHECK(told("daemon") == "");
}
