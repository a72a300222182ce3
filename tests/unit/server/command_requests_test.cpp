#include "server/command_requests.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost::server;

namespace {

/// The request for a command line, as JSON; "usage" when the parser refuses it.
std::string request_of(const std::string& line) {
    CLI::App app;
    const command_requests commands(app);
    try {
        app.parse(line);
        const auto request = commands.request();
        return request ? boost::json::serialize(*request) : "none";
    } catch (const CLI::ParseError&) {
        return "usage";
    }
}

}  // namespace

TEST_CASE("command line: each command becomes its request") {
    CHECK(request_of("domain add a.example") == R"({"command":"domain add","name":"a.example"})");
    CHECK(request_of("domain list --json") == R"({"command":"domain list"})");
    CHECK(request_of("account add a@b.c --name Anna --quota 2GiB") ==
          R"({"command":"account add","address":"a@b.c","display_name":"Anna","note":"",)"
          R"("quota_octets":2147483648})");
    CHECK(request_of("account password a@b.c") ==
          R"({"command":"account password","address":"a@b.c"})");
    CHECK(request_of("account purge a@b.c") == R"({"command":"account purge","address":"a@b.c"})");
    CHECK(request_of("account restore a@b.c") ==
          R"({"command":"account restore","address":"a@b.c"})");
    CHECK(request_of("account restore a@b.c --within 2h") ==
          R"({"command":"account restore","address":"a@b.c","within_seconds":7200})");
    CHECK(request_of("account restore a@b.c --within soon") == "usage");
    CHECK(request_of("alias add a@b.c x@y.z u@v.w") ==
          R"({"command":"alias add","address":"a@b.c","targets":["x@y.z","u@v.w"]})");
    CHECK(request_of("alias remove a@b.c") == R"({"command":"alias remove","address":"a@b.c"})");
    CHECK(request_of("forward set a@b.c x@y.z --no-copy") ==
          R"({"command":"forward set","address":"a@b.c","targets":["x@y.z"],"keep_copy":false})");
    CHECK(request_of("forward set a@b.c x@y.z") ==
          R"({"command":"forward set","address":"a@b.c","targets":["x@y.z"],"keep_copy":true})");
    CHECK(request_of("catchall set b.c x@y.z") ==
          R"({"command":"catchall set","name":"b.c","target":"x@y.z"})");
    CHECK(request_of("queue list") == R"({"command":"queue list"})");
    CHECK(request_of("check") == R"({"command":"check"})");
    CHECK(request_of("put-back") == R"({"command":"put-back"})");
}

TEST_CASE("command line: what is missing, unknown or no size is refused") {
    for (const char* line : {"domain", "domain add", "domain frob x", "account add",
                             "account add a@b.c extra", "alias add a@b.c", "catchall set b.c",
                             "account add a@b.c --quota many", "account list --frob"})
        CHECK_MESSAGE(request_of(line) == "usage", line);
}

TEST_CASE("command line: a password is read where one is set, unless it is to be made up") {
    const auto wants = [](const std::string& line) {
        CLI::App app;
        const command_requests commands(app);
        app.parse(line);
        return commands.wants_password();
    };
    CHECK(wants("account add a@b.c"));
    CHECK(wants("account password a@b.c"));
    CHECK(!wants("account password a@b.c --generate"));
    CHECK(!wants("account remove a@b.c"));
}
