// What `delivery test` says of a delivery, and that nothing is sent.
#include "server/outbound/delivery_probe.hpp"

#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hauspost;
using outbound::probe_step;

namespace {

struct probed : test::sending_server {
    std::vector<std::string> run(const std::string& domain = "b.example") {
        smtp::mailbox_address to;
        to.local_part = "bob";
        to.domain = domain;
        const auto ports = delivery();
        outbound::delivery_probe probe(ports, settings);
        steps = parts.wait(probe.run(to));
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
