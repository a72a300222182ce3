// What is asked of others: `delivery test`, `domain dns --check`.
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace hauspost;
using test::contains;

namespace {

/// A DNS in which each record stands that is wanted, but for those that the test changes.
class scripted_outside final : public admin::outside {
public:
    awaitable<std::vector<admin::test_step>> test_delivery(std::string address,
                                                           std::string sender) override {
        asked = address;
        asked_for = sender;
        std::vector<admin::test_step> steps(1);
        steps[0].what = ends_at;
        steps[0].words = "as the test says";
        steps[0].how = how;
        co_return steps;
    }
    awaitable<admin::outward_test> try_port_25(std::string domain) override {
        asked = domain;
        admin::outward_test made;
        made.how = outward;
        made.host = "mx.c.example [192.0.2.99]";
        if (outward == admin::outward_test::state::shut) made.words = "timed out";
        co_return made;
    }
    awaitable<admin::seen_records> look_up(std::string name, std::string type) override {
        admin::seen_records seen;
        seen.is_known = !is_silent;
        seen.is_secure = true;
        const auto found = zone.find(type + ' ' + name);
        if (found != zone.end()) seen.values = found->second;
        co_return seen;
    }
    std::map<std::string, std::vector<std::string>> zone{
        {"MX a.example", {"5 other.example.", "10 mail.a.example."}},
        {"TXT a.example", {"\"v=spf1 ip4:192.0.2.1 mx ~all\"", "\"some=word\""}},
        {"TXT mail.a.example", {"\"v=spf1 a -all\""}},
        {"TXT k1._domainkey.a.example", {"\"v=DKIM1;p=1;\""}},
        {"TXT _dmarc.a.example", {"\"v=DMARC1; p=reject\""}},
        {"SRV _submissions._tcp.a.example", {"0 1 465 mail.a.example."}},
        {"SRV _imaps._tcp.a.example", {"0 1 993 mail.a.example."}},
        {"SRV _pop3s._tcp.a.example", {"0 0 0 ."}},
        {"TXT _smtp._tls.a.example", {"\"v=TLSRPTv1; rua=mailto:tls@elsewhere.example\""}},
    };
    std::string asked;
    std::string asked_for;
    std::string ends_at = "recipient";
    admin::test_step::verdict how = admin::test_step::verdict::good;
    bool is_silent = false;
    admin::outward_test::state outward = admin::outward_test::state::open;
};

struct with_others : test::furnished {
    with_others() {
        ports.others = &others;
        ports.sends_mail = true;
    }
    std::string check() {
        return ask(R"({"command":"domain dns","name":"a.example","check":true})");
    }
    scripted_outside others;
};

}  // namespace

TEST_CASE_FIXTURE(with_others, "admin check: a domain whose records are there, also in own words") {
    const auto said = check();
    CHECK(contains(said, R"("good":true,"signed":true)"));
    CHECK_FALSE(contains(said, R"("state":"missing")"));
    CHECK_FALSE(contains(said, R"("state":"other")"));
    CHECK(
        contains(said, R"("type":"CAA","value":"0 issue \"letsencrypt.org\"","state":"optional")"));
}

TEST_CASE_FIXTURE(with_others, "admin check: what is missing, other, or cannot be known is told") {
    SUBCASE("no MX") {
        others.zone.erase("MX a.example");
        CHECK(contains(check(),
                       R"("type":"MX","value":"10 mail.a.example.","state":"missing","advice")"));
    }
    SUBCASE("the MX of somebody else") {
        others.zone["MX a.example"] = {"10 mail.b.example."};
        CHECK(contains(check(), R"("state":"other","found":["10 mail.b.example."],"advice")"));
    }
    SUBCASE("two SPF records") {
        others.zone["TXT a.example"].push_back("\"v=spf1 mx -all\"");
        CHECK(contains(check(), "There may be only one SPF record"));
    }
    SUBCASE("an SPF record without us") {
        others.zone["TXT a.example"] = {"\"v=spf1 include:mx -all\""};
        CHECK(contains(check(), R"("state":"other","found":["\"v=spf1 include:mx -all\""])"));
    }
    SUBCASE("another key") {
        others.zone["TXT k1._domainkey.a.example"] = {"\"v=DKIM1; p=2\""};
        CHECK(contains(check(), "signatures with this key do not verify"));
    }
    CHECK(contains(check(), R"("good":false)"));
}

TEST_CASE_FIXTURE(with_others, "admin check: of an SRV record its port and its host count") {
    others.zone["SRV _imaps._tcp.a.example"] = {"5 20 993 mail.a.example."};
    CHECK(contains(check(), R"("good":true)"));
    others.zone["SRV _imaps._tcp.a.example"] = {"0 1 143 mail.a.example."};
    CHECK(contains(check(), R"("state":"other","found":["0 1 143 mail.a.example."])"));
    CHECK(contains(check(), R"("good":false)"));
}

TEST_CASE_FIXTURE(
    with_others,
    "admin check: a name that leads to the set-up is an alias, or has the host's addresses") {
    const auto state = [this](const std::string& how) {
        return contains(check(), R"("name":"autoconfig.a.example.","type":"CNAME",)"
                                 R"("value":"mail.a.example.","state":")" +
                                     how + '"');
    };
    ports.published.https_port = 443;
    others.zone["SRV _autodiscover._tcp.a.example"] = {"0 0 443 mail.a.example."};
    CHECK(state("missing"));
    CHECK(contains(check(), R"("name":"autodiscover.a.example.","type":"CNAME",)"
                            R"("value":"mail.a.example.","state":"optional")"));
    others.zone["CNAME autoconfig.a.example"] = {"mail.a.example."};
    CHECK(state("right"));
    others.zone["CNAME autoconfig.a.example"] = {"mail.b.example."};
    CHECK(state("other"));
    others.zone.erase("CNAME autoconfig.a.example");
    others.zone["A mail.a.example"] = {"2001:db8::1", "192.0.2.1"};
    others.zone["A autoconfig.a.example"] = {"192.0.2.1"};
    CHECK(state("right"));
    CHECK(contains(check(), R"("good":true)"));
    others.zone["A autoconfig.a.example"] = {"192.0.2.1", "192.0.2.2"};
    CHECK(contains(check(), R"("state":"other","found":["192.0.2.1","192.0.2.2"])"));
    others.is_silent = true;
    CHECK(state("unknown"));
}

TEST_CASE_FIXTURE(with_others,
                  "admin check: a silent DNS is no fault, and a server that does not run is") {
    others.is_silent = true;
    CHECK(contains(check(), R"("good":true)"));
    CHECK(contains(check(), R"("state":"unknown")"));
    ports.others = nullptr;
    CHECK(contains(check(), "refused: The server does not run"));
}

TEST_CASE_FIXTURE(with_others,
                  "admin check: a record that was right and is not any more is told until it is") {
    const auto look = [this] { return ask(R"({"command":"overview show","since":0})"); };
    others.zone.erase("TXT mail.a.example");  // it never was
    looked_over.right_at = 500;
    check();
    CHECK_FALSE(contains(look(), "dns.changed"));
    const auto mx = others.zone["MX a.example"];
    others.zone.erase("MX a.example");
    others.zone["TXT k1._domainkey.a.example"] = {"\"v=DKIM1; p=2\""};
    check();
    CHECK(contains(look(), R"("id":"dns.changed","level":"warn")"));
    CHECK(contains(look(), R"("subject":"a.example","other":"MX, DKIM","since":500,"number":2)"));
    // A DNS that does not answer says nothing of it.
    others.is_silent = true;
    check();
    CHECK(contains(look(), R"("number":2)"));
    others.is_silent = false;
    others.zone["MX a.example"] = mx;
    check();
    CHECK(contains(look(), R"("other":"DKIM","since":500,"number":1)"));
    others.zone["TXT k1._domainkey.a.example"] = {"\"v=DKIM1; p=1\""};
    check();
    CHECK_FALSE(contains(look(), "dns.changed"));
}

TEST_CASE_FIXTURE(with_others, "admin check: what changed of a domain goes with it") {
    const auto look = [this] { return ask(R"({"command":"overview show","since":0})"); };
    ask(R"({"command":"domain add","name":"b.example"})");
    others.zone["MX b.example"] = {"10 mail.a.example."};
    const std::string question = R"({"command":"domain dns","name":"b.example","check":true})";
    ask(question);
    others.zone.erase("MX b.example");
    ask(question);
    CHECK(contains(look(), R"("subject":"b.example","other":"MX")"));
    ask(R"({"command":"domain remove","name":"b.example"})");
    CHECK_FALSE(contains(look(), "dns.changed"));
}

TEST_CASE_FIXTURE(with_others, "admin delivery test: others are asked, and the last step decides") {
    const auto test = R"({"command":"delivery test","address":"Bob@B.example"})";
    CHECK(ask(test) == R"({"address":"bob@b.example","good":true,"here":false,"steps":[)"
                       R"({"step":"recipient","result":"good","text":"as the test says"}]})");
    CHECK(others.asked == "bob@b.example");
    CHECK(others.asked_for == "");
    const auto from = [this](const std::string& sender) {
        return ask(R"({"command":"delivery test","address":"bob@b.example","sender":")" + sender +
                   "\"}");
    };
    CHECK(contains(from("Ann@A.example"), R"("good":true)"));
    CHECK(others.asked_for == "ann@a.example");
    CHECK(contains(from("ann@elsewhere.example"), "There is no domain elsewhere.example"));
    CHECK(contains(from("ann"), "refused: "));
    CHECK(others.asked_for == "ann@a.example");
    others.how = admin::test_step::verdict::bad;
    CHECK(contains(ask(test), R"("good":false)"));
    others.how = admin::test_step::verdict::good;
    others.ends_at = "connection";
    CHECK(contains(ask(test), R"("good":false)"));
    ports.others = nullptr;
    CHECK(contains(ask(test), "refused: The server does not run"));
    ports.sends_mail = false;
    CHECK(contains(ask(test), "refused: Mail for other servers waits"));
    CHECK(contains(ask(R"({"command":"delivery test","address":"nobody"})"), "refused: "));
}

TEST_CASE_FIXTURE(with_others, "admin delivery test: of a domain of ours the routing is asked") {
    using kind = mail::route_step::kind;
    const auto add = [this](kind what, std::string name, std::vector<std::string> targets = {}) {
        auto& step = routes.way.steps.emplace_back();
        step.what = what;
        step.name = std::move(name);
        step.targets = std::move(targets);
    };
    SUBCASE("it is taken") {
        routes.way.is_taken = true;
        add(kind::catch_all, "none@a.example", {"anna@a.example"});
        add(kind::forward, "anna@a.example", {"x@b.example", "ben@a.example"});
        routes.way.steps.back().targets_left_out = 3;
        add(kind::kept, "anna@a.example");
        routes.way.steps_left_out = 2;
        CHECK(
            ask(R"({"command":"delivery test","address":"None@A.example"})") ==
            R"({"address":"none@a.example","good":true,"here":true,"steps":[)"
            R"({"step":"catch_all","result":"good",)"
            R"("text":"nobody has the address none@a.example: the catch-all anna@a.example takes it",)"
            R"("name":"none@a.example","targets":["anna@a.example"]},)"
            R"({"step":"forward","result":"good",)"
            R"("text":"anna@a.example forwards to x@b.example, ben@a.example and 3 more and keeps a copy",)"
            R"("name":"anna@a.example","targets":["x@b.example","ben@a.example"],"targets_left_out":3},)"
            R"({"step":"kept","result":"good","text":"a copy arrives in the account anna@a.example",)"
            R"("name":"anna@a.example"}],"left_out":2})");
        CHECK(routes.asked == "none@a.example");
    }
    SUBCASE("it is refused, and what can be done about it") {
        add(kind::nobody, "none@a.example");
        const auto said = ask(R"({"command":"delivery test","address":"none@a.example"})");
        CHECK(contains(said, R"("good":false)"));
        CHECK(contains(said, R"("result":"bad","text":"nobody has the address none@a.example")"));
        CHECK(contains(said, R"("advice":"<new account>, <new alias> or <catch-all> can give)"));
    }
    CHECK(others.asked.empty());
}
