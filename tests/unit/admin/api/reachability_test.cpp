// `delivery reach`: how others see this server.
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace hauspost;
using test::contains;

namespace {

/// A DNS in which all is well, but for what the test changes.
class seen_from_outside final : public admin::outside {
public:
    awaitable<std::vector<admin::test_step>> test_delivery(std::string, std::string) override {
        co_return std::vector<admin::test_step>();
    }
    awaitable<admin::outward_test> try_port_25(std::string domain) override {
        receiver = std::move(domain);
        co_return outward;
    }
    awaitable<admin::seen_records> look_up(std::string name, std::string type) override {
        admin::seen_records seen;
        const auto question = type + ' ' + name;
        asked.push_back(question);
        seen.is_known = !silent.contains(question);
        const auto found = zone.find(question);
        if (found != zone.end()) seen.values = found->second;
        co_return seen;
    }
    std::map<std::string, std::vector<std::string>> zone{
        {"A mail.a.example", {"192.0.2.25"}},
        {"PTR 192.0.2.25", {"mail.a.example."}},
    };
    std::map<std::string, bool> silent;
    std::vector<std::string> asked;
    std::string receiver;
    admin::outward_test outward;
};

struct reach_fixture : test::admin_fixture {
    reach_fixture() {
        ports.others = &others;
        ports.sends_mail = true;
        ports.reach.receiver = "c.example";
        ports.reach.lists = {"list.example"};
        others.outward.how = admin::outward_test::state::open;
        others.outward.host = "mx.c.example [192.0.2.99]";
    }
    std::string look() { return ask(R"({"command":"delivery reach"})"); }
    seen_from_outside others;
};

const std::string listed = "A 25.2.0.192.list.example";

}  // namespace

TEST_CASE_FIXTURE(reach_fixture, "admin reach: all is well, and nobody else was asked") {
    CHECK(look() ==
          R"({"host":"mail.a.example","good":true,"steps":[)"
          R"({"step":"address","result":"good","state":"right",)"
          R"("text":"mail.a.example has the addresses 192.0.2.25","found":["192.0.2.25"]},)"
          R"({"step":"reverse_name","result":"good","state":"right",)"
          R"("text":"192.0.2.25 leads back to mail.a.example","address":"192.0.2.25",)"
          R"("found":["mail.a.example."]},)"
          R"({"step":"block_list","result":"good","state":"right",)"
          R"("text":"192.0.2.25 is not on the list list.example","address":"192.0.2.25",)"
          R"("host":"list.example"},)"
          R"({"step":"port_25","result":"good","state":"right",)"
          R"("text":"other servers can be reached: mx.c.example [192.0.2.99]",)"
          R"("host":"mx.c.example [192.0.2.99]"}]})");
    CHECK(others.asked == std::vector<std::string>{"A mail.a.example", "PTR 192.0.2.25", listed});
    CHECK(others.receiver == "c.example");
}

TEST_CASE_FIXTURE(reach_fixture, "admin reach: the name of the address: another, none, not known") {
    others.zone["PTR 192.0.2.25"] = {"host25.provider.example."};
    CHECK(contains(look(), R"("step":"reverse_name","result":"bad","state":"wrong")"));
    CHECK(contains(look(), "Have whoever gives you the address name it mail.a.example"));
    CHECK(contains(look(), R"("good":false)"));
    others.zone["PTR 192.0.2.25"].push_back("MAIL.a.example.");
    CHECK(contains(look(), R"("step":"reverse_name","result":"good")"));
    others.zone.erase("PTR 192.0.2.25");
    CHECK(contains(look(), R"("step":"reverse_name","result":"bad","state":"missing")"));
    others.silent["PTR 192.0.2.25"] = true;
    CHECK(contains(look(), R"("step":"reverse_name","result":"note","state":"unknown")"));
    CHECK(contains(look(), R"("good":true)"));
}

TEST_CASE_FIXTURE(reach_fixture,
                  "admin reach: addresses that nobody outside sees are not asked for") {
    for (const auto* one : {"10.0.0.5", "172.16.3.4", "192.168.1.2", "127.0.0.1", "100.64.0.1",
                            "169.254.1.1", "fe80::1", "fd00::25", "::1"}) {
        others.zone["A mail.a.example"] = {one};
        others.asked.clear();
        CHECK_MESSAGE(contains(look(), R"("result":"note","state":"private")"), one);
        CHECK_MESSAGE(others.asked.size() == 1, one);
    }
    for (const auto* one : {"172.32.0.1", "100.128.0.1", "2001:db8::25"}) {
        others.zone["A mail.a.example"] = {one};
        CHECK_MESSAGE(contains(look(), R"("step":"reverse_name","result":"bad","state":"missing")"),
                      one);
    }
    others.zone.erase("A mail.a.example");
    CHECK(contains(look(), R"("step":"address","result":"bad","state":"missing")"));
    others.silent["A mail.a.example"] = true;
    CHECK(contains(look(), R"("step":"address","result":"note","state":"unknown")"));
}

TEST_CASE_FIXTURE(reach_fixture,
                  "admin reach: block lists: on it, not on it, and no answer of its own") {
    others.zone[listed] = {"127.0.0.4"};
    others.zone["TXT 25.2.0.192.list.example"] = {"\"see\x07 https://list.example/?192.0.2.25\""};
    CHECK(contains(look(), R"("step":"block_list","result":"bad","state":"wrong",)"
                           R"("text":"192.0.2.25 is on the list list.example: see https)"));
    CHECK(contains(look(), R"("words":"see https://list.example/?192.0.2.25")"));
    // It does not answer this resolver, or somebody between answers for everything.
    for (const auto* one : {"127.255.255.254", "203.0.113.7"}) {
        others.zone[listed] = {one};
        CHECK_MESSAGE(contains(look(), R"("step":"block_list","result":"note","state":"unknown")"),
                      one);
    }
    others.zone.erase(listed);
    others.silent[listed] = true;
    CHECK(contains(look(), R"("step":"block_list","result":"note","state":"unknown")"));
    // RFC 5782 2.4
    others.zone["A mail.a.example"] = {"2001:db8::25"};
    others.asked.clear();
    look();
    CHECK(others.asked.back() ==
          "A 5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.list.example");
}

TEST_CASE_FIXTURE(reach_fixture, "admin reach: port 25 to the outside") {
    others.outward.how = admin::outward_test::state::shut;
    others.outward.words = "timed out";
    CHECK(contains(look(), R"("step":"port_25","result":"bad","state":"wrong",)"
                           R"("text":"mx.c.example [192.0.2.99] cannot be reached: timed out")"));
    others.outward.how = admin::outward_test::state::unknown;
    CHECK(contains(look(), R"("step":"port_25","result":"note","state":"unknown")"));
    others.receiver.clear();
    ports.published.is_relayed = true;
    CHECK(contains(look(), R"("step":"port_25","result":"good","state":"not_needed")"));
    ports.published.is_relayed = false;
    ports.reach.receiver.clear();
    CHECK(contains(look(), "(delivery.reach_test)"));
    CHECK(others.receiver.empty());
    ports.others = nullptr;
    CHECK(contains(look(), "refused: The server does not run"));
    ports.sends_mail = false;
    CHECK(contains(look(), "refused: Mail for other servers waits"));
}
