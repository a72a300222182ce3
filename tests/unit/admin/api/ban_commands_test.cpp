// Who may not try to sign in, as administrators see and change it. H08
#include "storage/ban_store.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using hauspost::test::admin_fixture;
using hauspost::test::contains;
using storage::ban_kind;

namespace {

struct bans_at_hand : admin_fixture {
    void ban(ban_kind of, const std::string& network, const std::string& account = "") {
        storage::ban row;
        row.name = {of, network, account};
        row.begun_at = now();
        row.ends_at = row.begun_at + 600;
        row.passwords = 10;
        row.tried = {"anna@xn--mller-kva.example"};
        REQUIRE_FALSE(get(store->bans.put(row)));
    }
    [[nodiscard]] std::int64_t now() const {
        return std::chrono::system_clock::to_time_t(time.wall().now());
    }
    std::string list(const std::string& filter = "") {
        return ask(R"({"command":"ban list","filter":")" + filter + "\"}");
    }
    std::string lift(const std::string& name) {
        return ask(R"({"command":"ban lift","name":")" + name + "\"}");
    }
    std::string add(const std::string& name, const std::string& more = "") {
        return ask(R"({"command":"ban add","name":")" + name + "\"" + more + "}");
    }
};

constexpr const char* none = R"({"bans":[]})";

}  // namespace

TEST_CASE_FIXTURE(bans_at_hand, "ban commands: the list says who, why, since when and until when") {
    CHECK(list() == none);
    ban(ban_kind::network, "192.0.2.1");
    CHECK(list() == R"({"bans":[{"kind":"network","network":"192.0.2.1","account":"",)"
                    R"("why":"10 different wrong passwords from there","passwords":10,"times":1,)"
                    R"("begun_at":1000,"ends_at":1600,"tried":["anna@xn--mller-kva.example"],)"
                    R"("own":false}]})");
    CHECK(contains(list("0.2.1"), "192.0.2.1"));
    CHECK(contains(list("M\xc3\xbcLLER"), "192.0.2.1"));
    CHECK(list("198.51") == none);
    ban(ban_kind::owner_pause, "198.51.100.1");
    CHECK(contains(list(), R"("why":"10 wrong tries at the owner's page")"));
    time.move_wall(std::chrono::seconds(600));
    CHECK(list() == none);
}

TEST_CASE_FIXTURE(bans_at_hand, "ban commands: the owner sees that his own network is banned") {
    ban(ban_kind::network, "2001:db8:1::/56");
    ban(ban_kind::network, "192.0.2.1");
    admin::caller who;
    who.who = storage::audit_actor::owner;
    who.from = "2001:db8:1:7::9";
    const auto seen = ask(R"({"command":"ban list"})", who);
    CHECK(contains(seen, R"("own":true)"));
    CHECK(contains(seen, R"("own":false)"));
    who.from = "::ffff:198.51.100.1";
    CHECK_FALSE(contains(ask(R"({"command":"ban list"})", who), R"("own":true)"));
}

TEST_CASE_FIXTURE(bans_at_hand, "ban commands: what is lifted is lifted at once and in the store") {
    ban(ban_kind::network, "2001:db8:1:7::/64");
    ban(ban_kind::network, "2001:db8:1::/48");
    ban(ban_kind::pair, "2001:db8:1:7::/64", "anna@a.example");
    ban(ban_kind::network, "192.0.2.1");
    CHECK(lift("2001:DB8:1:7::9") == R"({"name":"2001:db8:1:7::/64","bans":3})");
    CHECK(gate.lifted.size() == 3);
    CHECK(contains(list(), "192.0.2.1"));
    CHECK_FALSE(contains(list(), "2001"));
    CHECK(lift(" 192.0.2.1 ") == R"({"name":"192.0.2.1","bans":1})");
    CHECK(list() == none);
    ban(ban_kind::network, "2001:db8:1:7::/64");
    ban(ban_kind::network, "2001:db8:1::/48");
    CHECK(lift("2001:db8:1::1/48") == R"({"name":"2001:db8:1::/48","bans":1})");
}

TEST_CASE_FIXTURE(bans_at_hand, "ban commands: an account's bans are lifted by its address") {
    ban(ban_kind::account, "", "anna@a.example");
    ban(ban_kind::pair, "192.0.2.1", "anna@a.example");
    ban(ban_kind::account, "", "ben@a.example");
    ban(ban_kind::owner_account, "");
    ban(ban_kind::owner_network, "192.0.2.1");
    CHECK(contains(lift("Anna@A.example"), R"("bans":2)"));
    CHECK(lift("owner") == R"({"name":"owner","bans":1})");
    CHECK(contains(list(), "ben@a.example"));
    CHECK(contains(list(), "owner_network"));
    CHECK_FALSE(contains(list(), "owner_account"));
}

TEST_CASE_FIXTURE(bans_at_hand, "ban commands: what is banned by order is shut at once") {
    CHECK(add("192.0.2.1") == R"({"name":"192.0.2.1","ends_at":87400})");
    CHECK(add("2001:db8:1:7::9", R"(,"for_seconds":60)") ==
          R"({"name":"2001:db8:1:7::/64","ends_at":1060})");
    CHECK(contains(add("2001:db8:1:7::9/56"), "2001:db8:1::/56"));
    CHECK(contains(add("::ffff:192.0.2.9"), R"("192.0.2.9")"));
    CHECK(gate.shut_networks == std::vector<std::string>{"192.0.2.1", "2001:db8:1:7::/64",
                                                         "2001:db8:1::/56", "192.0.2.9"});
    CHECK(contains(list(), R"("why":"an administrator wants it")"));
    CHECK(contains(lift("192.0.2.1"), R"("bans":1)"));
}

TEST_CASE_FIXTURE(bans_at_hand, "ban commands: H08 the machine itself is never banned by order") {
    for (const auto* own :
         {"127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "::1/64", "::/48"})
        CHECK_MESSAGE(contains(add(own), "is this machine itself"), own);
    CHECK(list() == none);
    CHECK(gate.shut_networks.empty());
}

TEST_CASE_FIXTURE(bans_at_hand, "ban commands: what is refused says what to do") {
    for (const auto* wrong : {"", "here", "192.0.2.0/24", "2001:db8::/32", "anna@a.example"})
        CHECK_MESSAGE(contains(add(wrong), "is not a network: give an address"), wrong);
    CHECK(contains(add("192.0.2.1", R"(,"for_seconds":0)"), "366 days at most"));
    CHECK(contains(add("192.0.2.1", R"(,"for_seconds":99999999999)"), "366 days at most"));
    CHECK(contains(lift("here"), "\"here\" is neither a network nor an address"));
    CHECK(lift("192.0.2.1") == "refused: 192.0.2.1 is not banned: <bans> shows all.");
    CHECK(gate.lifted.empty());
}

TEST_CASE_FIXTURE(bans_at_hand,
                  "ban commands: they stand in the audit log, what was refused does not") {
    lift("192.0.2.1");
    add("192.0.2.1");
    lift("192.0.2.1");
    const auto log = ask(R"({"command":"audit list"})");
    CHECK(contains(
        log,
        R"("command":"ban add","subject":"192.0.2.1","end":"done","before":{},"after":{"bans":1})"));
    CHECK(contains(
        log,
        R"("command":"ban lift","subject":"192.0.2.1","end":"done","before":{"bans":1},"after":{})"));
    CHECK_FALSE(contains(log, "refused"));
}
