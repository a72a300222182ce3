#include "server/command_line/command_requests.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost::command_line;

namespace {

/// The request for a command line, as JSON; "usage" when the parser refuses it.
std::string request_of(const std::string& line) {
    CLI::App app;
    const command_requests commands(app);
    try {
        app.parse(line);
        return commands.given() ? boost::json::serialize(commands.request()) : "none";
    } catch (const CLI::ParseError&) {
        return "usage";
    }
}

}  // namespace

TEST_CASE("command line: each command becomes its request") {
    CHECK(request_of("domain add a.example") == R"({"command":"domain add","name":"a.example"})");
    CHECK(request_of("domain list --json") == R"({"command":"domain list"})");
    CHECK(request_of("account add a@b.c --name Anna --quota 2GiB") ==
          R"({"command":"account add","address":"a@b.c","display_name":"Anna",)"
          R"("quota_octets":2147483648})");
    CHECK(request_of("account show a@b.c") == R"({"command":"account show","address":"a@b.c"})");
    CHECK(request_of("account set a@b.c --file-sent off") ==
          R"({"command":"account set","address":"a@b.c","files_sent":false})");
    CHECK(request_of("account set a@b.c --quota 0") ==
          R"({"command":"account set","address":"a@b.c","quota_octets":0})");
    CHECK(request_of("account list anna") == R"({"command":"account list","filter":"anna"})");
    CHECK(request_of("alias disable a@b.c") == R"({"command":"alias disable","address":"a@b.c"})");
    CHECK(request_of("queue show 7") == R"({"command":"queue show","id":7})");
    CHECK(request_of("queue drop 7 --yes") == R"({"command":"queue drop","id":7})");
    CHECK(request_of("account rename a@b.c x@b.c") ==
          R"({"command":"account rename","address":"a@b.c","new_address":"x@b.c",)"
          R"("keep_alias":true})");
    CHECK(request_of("account rename a@b.c x@b.c --no-alias") ==
          R"({"command":"account rename","address":"a@b.c","new_address":"x@b.c",)"
          R"("keep_alias":false})");
    CHECK(request_of("account rename a@b.c") == "usage");
    CHECK(request_of("account password a@b.c") ==
          R"({"command":"account password","address":"a@b.c"})");
    CHECK(request_of("account purge a@b.c") == R"({"command":"account purge","address":"a@b.c"})");
    CHECK(request_of("account restore a@b.c") ==
          R"({"command":"account restore","address":"a@b.c"})");
    CHECK(request_of("account restore a@b.c --within 2h") ==
          R"({"command":"account restore","address":"a@b.c","within_seconds":7200})");
    CHECK(request_of("account restore a@b.c --within soon") == "usage");
    CHECK(request_of("restore-mail a@b.c --mailbox Work --from ben --within 2h --to Back") ==
          R"({"command":"restore-mail","address":"a@b.c","mailbox":"Work","from":"ben",)"
          R"("within_seconds":7200,"to":"Back"})");
    CHECK(request_of("restore-mail a@b.c --id 1.2.3.4 --id 1.2.3.5") ==
          R"({"command":"restore-mail","address":"a@b.c","ids":["1.2.3.4","1.2.3.5"]})");
    CHECK(
        request_of("deleted mail a@b.c --subject x --together --limit 5") ==
        R"({"command":"deleted mail","address":"a@b.c","subject":"x","together":true,"limit":5})");
    CHECK(request_of("deleted accounts") == R"({"command":"deleted accounts"})");
    CHECK(request_of("undo-restore a@b.c") == "usage");  // for the page alone
    CHECK(request_of("alias add a@b.c x@y.z u@v.w") ==
          R"({"command":"alias add","address":"a@b.c","targets":["x@y.z","u@v.w"]})");
    // As lists print them.
    CHECK(
        request_of("alias add a@b.c x@y.z,u@v.w \"q@y.z, p@y.z\"") ==
        R"({"command":"alias add","address":"a@b.c","targets":["x@y.z","u@v.w","q@y.z","p@y.z"]})");
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

TEST_CASE("command line: what is missing, unknown or not a size is refused") {
    for (const char* line :
         {"domain", "domain add", "domain frob x", "account add", "account add a@b.c extra",
          "alias add a@b.c", "catchall set b.c", "account add a@b.c --quota many",
          "account list --frob", "account set a@b.c", "account set a@b.c --quota x",
          "account set a@b.c --file-sent maybe", "queue show", "queue show x", "queue drop -1"})
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

TEST_CASE("command line: what takes something away asks first, unless --yes says not to") {
    const auto asks = [](const std::string& line) {
        CLI::App app;
        const command_requests commands(app);
        app.parse(line);
        return commands.asks_first();
    };
    for (const char* line :
         {"account remove a@b.c", "domain remove b.c", "alias remove a@b.c", "queue drop 7"}) {
        CHECK_MESSAGE(asks(line), line);
        CHECK_MESSAGE(!asks(std::string(line) + " --yes"), line);
    }
    CHECK(!asks("alias remove a@b.c x@y.z"));
    CHECK(!asks("account add a@b.c"));
}

TEST_CASE("command line: each command of the table can be typed") {
    for (const auto& what : hauspost::admin::api::commands()) {
        if (what.to == hauspost::admin::api::offered::at_page) continue;
        std::string line = what.name;
        for (const auto& one : what.takes) {
            const std::string typed = one.typed;
            if (one.required && !typed.starts_with("--"))
                line += one.of == hauspost::admin::api::argument::kind::number ? " 7" : " x";
        }
        if (what.wants_any) line += " --note x";
        CHECK_MESSAGE(request_of(line).starts_with("{\"command\":\"" + std::string(what.name)),
                      line);
    }
}

TEST_CASE("command line: an empty name or note takes the old one away") {
    CLI::App app;
    const command_requests commands(app);
    // As CLI11 takes them: the last word first.
    app.parse(std::vector<std::string>{"", "--note", "a@b.c", "set", "account"});
    CHECK(boost::json::serialize(commands.request()) ==
          R"({"command":"account set","address":"a@b.c","note":""})");
}

TEST_CASE("command line: the owner's commands, and what only a page asks is not typed") {
    CHECK(request_of("owner setup-link") == R"({"command":"owner setup-link"})");
    CHECK(request_of("owner reset --yes") == R"({"command":"owner reset"})");
    CHECK(request_of("owner password --generate") == R"({"command":"owner password"})");
    CHECK(request_of("owner totp-enable 012345") ==
          R"({"command":"owner totp-enable","code":"012345"})");
    CHECK(request_of("owner totp-enable") == "usage");
    CHECK(request_of("owner end-session 00ff") == R"({"command":"owner end-session","id":"00ff"})");
    CHECK(request_of("owner language de") == R"({"command":"owner language","language":"de"})");
    CHECK(request_of("owner add somebody") == "usage");
    CHECK(request_of("password check") == "usage");
    CHECK(request_of("audit list printer --since 7d --limit 5") ==
          R"({"command":"audit list","filter":"printer","since":"7d","limit":5})");
    CLI::App app;
    const command_requests commands(app);
    app.parse("owner password");
    CHECK(commands.wants_password());
    CLI::App other;
    const command_requests disabling(other);
    other.parse("owner totp-disable");
    CHECK_FALSE(disabling.wants_password());
    CHECK_FALSE(disabling.asks_first());
}
