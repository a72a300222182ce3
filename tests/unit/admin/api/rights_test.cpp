// There is one owner, and no command gives anybody a right.
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

using namespace hauspost;
using namespace hauspost::admin;
using namespace hauspost::admin::api;
using hauspost::test::contains;
using hauspost::test::furnished;

namespace {

caller by(storage::audit_actor who) {
    caller made;
    made.who = who;
    made.from = "192.0.2.1";
    return made;
}

/// A request that gives each argument something.
std::string full_request(const command& what) {
    std::string request = R"({"command":")" + std::string(what.name) + "\"";
    for (const auto& of : what.takes) {
        request += ",\"" + std::string(of.key) + "\":";
        switch (of.of) {
        case argument::kind::text:
        case argument::kind::code:
            request += std::string_view(of.key) == "name" ? "\"a.example\"" : "\"ben@a.example\"";
            break;
        case argument::kind::secret: request += "\"other words\""; break;
        case argument::kind::texts: request += "[\"anna@a.example\"]"; break;
        case argument::kind::on_off:
        case argument::kind::yes:
        case argument::kind::flag: request += "true"; break;
        case argument::kind::number:
        case argument::kind::octets:
        case argument::kind::seconds: request += "7"; break;
        }
    }
    return request + "}";
}

}  // namespace

TEST_CASE("rights: no command but the owner's own changes the owner, and none gives a right") {
    furnished h;
    h.ask(R"({"command":"owner password","password":"first words"})");
    const auto before = h.get(h.store->owner.find_owner());
    for (const auto& one : commands()) {
        const std::string_view name(one.name);
        for (const auto& of : one.takes)
            for (const auto* word : {"role", "right", "admin", "owner", "grant", "group"})
                CHECK_FALSE(contains(of.key, word));
        if (name.starts_with("owner ")) continue;
        h.ask(full_request(one));
        h.ask(full_request(one), by(storage::audit_actor::owner));
        CHECK_MESSAGE(h.get(h.store->owner.find_owner()).version == before.version, name);
        CHECK_MESSAGE(h.get(h.store->owner.list_sessions()).empty(), name);
        CHECK_MESSAGE(!h.get(h.store->owner.find_setup_link()).has_value(), name);
    }
}

TEST_CASE("rights: no second owner can be made, by no command and by nobody who asks") {
    furnished h;
    h.ask(R"({"command":"owner password","password":"first words"})");
    const auto hash = h.get(h.store->owner.find_owner()).password_hash;
    CHECK(contains(h.ask(R"({"command":"owner setup-link"})"), "<reset> takes it away"));
    // At the page all commands of the owner want the present password, or are not there.
    for (const auto& one : commands()) {
        if (!std::string_view(one.name).starts_with("owner ")) continue;
        h.ask(full_request(one), by(storage::audit_actor::owner));
        h.ask(full_request(one), by(storage::audit_actor::setup));
        CHECK_MESSAGE(h.get(h.store->owner.find_owner()).password_hash == hash, one.name);
        CHECK_MESSAGE(!h.get(h.store->owner.find_setup_link()).has_value(), one.name);
    }
    CHECK_FALSE(h.opened.has_value());
    // There is one row, and nothing to name another by.
    for (const auto& one : commands())
        if (std::string_view(one.name).starts_with("owner "))
            for (const auto& of : one.takes)
                CHECK_MESSAGE(std::string_view(of.key) != "name", one.name);
}

TEST_CASE("rights: what only a shell may do, and the little that a set-up may") {
    furnished h;
    std::set<std::string> console, setup;
    for (const auto& one : commands()) {
        if (one.to == offered::on_console) {
            console.insert(one.name);
            CHECK(contains(h.ask(full_request(one), by(storage::audit_actor::owner)),
                           std::string(one.name) + " works on the server's command line only"));
        }
        if (one.in_setup) setup.insert(one.name);
        if (!one.in_setup)
            CHECK_MESSAGE(
                contains(h.ask(full_request(one), by(storage::audit_actor::setup)),
                         one.to == offered::on_console ? "command line only" : "Sign in again"),
                one.name);
    }
    CHECK(console == std::set<std::string>{"index rebuild", "index status", "owner reset",
                                           "owner setup-link", "put-back"});
    CHECK(setup == std::set<std::string>{"owner password", "password check"});
}
