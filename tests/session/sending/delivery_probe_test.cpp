// What `delivery test` says of a delivery, and that nothing is sent.
#include "server/outbound/delivery_probe.hpp"

#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hauspost;
using outbound::probe_step;

namespace {

struct probed : test::sending_server {
    std::vector<std::string> run(const std::string& domain = "b.example",
                                 const std::string& sender = "") {
        smtp::mailbox_address to;
        to.local_part = "bob";
        to.domain = domain;
        const auto ports = delivery();
        outbound::delivery_probe probe(ports, settings);
        steps = parts.wait(probe.run(to, sender));
        std::vector<std::string> lines;
        for (const auto& one : steps) {
            const auto* mark = one.how == probe_step::verdict::good   ? "ok "
                               : one.how == probe_step::verdict::note ? "note "
                                                                      : "FAIL ";
            lines.push_back(mark + one.what);
            CHECK((one.how != probe_step::verdict::bad || !one.advice.empty()));
        }
        return lines;
    }
    std::vector<probe_step> steps;
};
using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("delivery probe: each step up to RCPT, then RSET and QUIT, and no message") {
    probed at;
    auto& mx = at.servers.at("192.0.2.1");
    mx.has_tls = true;
    CHECK(at.run() == texts{"ok route", "ok hosts", "note policy", "ok protection", "ok connection",
                            "ok tls", "ok hello", "ok sender", "ok recipient"});
    CHECK(at.steps.at(1).words == "mx1.b.example [192.0.2.1], mx2.b.example [192.0.2.2]");
    CHECK(mx.messages.empty());
    CHECK(mx.commands == texts{"EHLO mx.a.example", "STARTTLS", "EHLO mx.a.example",
                               "MAIL FROM:<postmaster@mx.a.example>", "RCPT TO:<bob@b.example>",
                               "RSET", "QUIT"});
}

TEST_CASE("delivery probe: a host that is away gives way to the next, a refusal is told") {
    probed at;
    at.servers.at("192.0.2.1").is_away = true;
    at.servers.at("192.0.2.2").answers =
        [](std::string_view command) -> std::optional<std::string> {
        if (command.starts_with("RCPT")) return "550 5.1.1 nobody\r\n";
        return std::nullopt;
    };
    CHECK(at.run() == texts{"ok route", "ok hosts", "note policy", "ok protection",
                            "FAIL connection", "ok protection", "ok connection", "note tls",
                            "ok hello", "ok sender", "FAIL recipient"});
    CHECK(at.steps.back().words == "550 5.1.1 nobody");
}

TEST_CASE("delivery probe: in the name of a sender, by his domain's smarthost and its login") {
    probed at;
    outbound::smarthost own;
    own.host = "192.0.2.9";
    own.login = smtp::client_login{"us", secret("pw")};
    own.must_be_proven = false;
    at.settings.relays_of["d.example"] = own;
    auto& relay = at.servers.at("192.0.2.9");
    relay.has_tls = true;
    relay.offers = "250-mx\r\n250 AUTH PLAIN\r\n";
    relay.answers = [](std::string_view command) -> std::optional<std::string> {
        if (command.starts_with("AUTH")) return "235 2.7.0 welcome\r\n";
        return std::nullopt;
    };
    CHECK(at.run("b.example", "ann@d.example").back() == "ok recipient");
    CHECK(at.steps.at(0).words ==
          "all mail from d.example for others goes to the server of delivery.relay_of, 192.0.2.9");
    CHECK(relay.commands.at(3).starts_with("AUTH PLAIN"));
    CHECK(relay.commands.at(4) == "MAIL FROM:<ann@d.example>");
    CHECK(at.servers.connected() == texts{"192.0.2.9"});
    CHECK(at.run().back() == "ok recipient");
    CHECK(at.steps.at(0).words ==
          "mail from mx.a.example for b.example goes to the servers that the DNS names");
    CHECK(at.servers.connected().back() == "192.0.2.1");
}

TEST_CASE("delivery probe: what ends before a server is asked") {
    probed at;
    CHECK(at.run("none.example") == texts{"ok route", "FAIL hosts"});
    CHECK(at.steps.back().words == "no such domain");
    CHECK(at.servers.connected().empty());
}

TEST_CASE("delivery probe: a server that hangs up, or refuses, ends the talk with it") {
    probed at;
    at.servers.at("192.0.2.2").is_away = true;
    auto& mx = at.servers.at("192.0.2.1");
    SUBCASE("at once") {
        mx.greeting = "554 5.3.2 go away\r\n";
        CHECK(at.run().at(5) == "FAIL greeting");
    }
    SUBCASE("at MAIL") {
        mx.answers = [](std::string_view command) -> std::optional<std::string> {
            if (command.starts_with("MAIL")) return "";
            return std::nullopt;
        };
        CHECK(at.run().at(7) == "FAIL sender");
    }
}
