#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using outbound::attempt_verdict;
using test::sending_server;
using texts = std::vector<std::string>;

TEST_CASE("sending: a message reaches the best host of its domain as it was submitted") {
    sending_server at;
    const auto result = at.attempt_one("bob@b.example", "b.example");
    CHECK(result.verdict == attempt_verdict::delivered);
    CHECK(result.host == "mx1.b.example [192.0.2.1]");
    CHECK(result.reply == "250 2.0.0 ok");
    CHECK(result.tls.empty());
    CHECK(at.servers.connected() == texts{"192.0.2.1"});
    const auto& mx = at.servers.at("192.0.2.1");
    REQUIRE(mx.messages.size() == 1);
    CHECK(mx.messages[0].ends_with("\r\n\r\ntext\r\n"));
    CHECK(mx.messages[0].starts_with("Received: by mx.example"));
    CHECK(mx.commands.at(0) == "EHLO mx.a.example");
    CHECK(mx.commands.at(1).starts_with("MAIL FROM:<ann@a.example>"));
    CHECK(mx.commands.at(2) == "RCPT TO:<bob@b.example>");
}

TEST_CASE("sending: a local part that needs quotes is said with them, not as the null path") {
    sending_server at;
    CHECK(at.attempt_one("\"john doe\"@b.example", "b.example").verdict ==
          attempt_verdict::delivered);
    CHECK(at.servers.at("192.0.2.1").commands.at(2) == "RCPT TO:<\"john doe\"@b.example>");
}

TEST_CASE("sending: many recipients and messages of a domain go over one connection") {
    sending_server at;
    at.put({"x@b.example", "y@b.example", "z@c.example"});
    at.put({"x@b.example"});
    const auto results = at.attempt("b.example");
    CHECK(results.size() == 3);
    CHECK(at.servers.at("192.0.2.1").messages.size() == 2);
    CHECK(at.servers.connected() == texts{"192.0.2.1"});
}

TEST_CASE("sending: of several recipients each gets its own end") {
    sending_server at;
    at.servers.at("192.0.2.1").answers =
        [](std::string_view command) -> std::optional<std::string> {
        if (command == "RCPT TO:<no@b.example>") return "550 5.1.1 nobody\r\n";
        if (command == "RCPT TO:<full@b.example>") return "452 4.2.2 full\r\n";
        return std::nullopt;
    };
    at.put({"no@b.example", "bob@b.example", "full@b.example"});
    const auto results = at.attempt("b.example");
    CHECK(results.at(0).verdict == attempt_verdict::failed);
    CHECK(results.at(0).reply == "550 5.1.1 nobody");
    CHECK(results.at(1).verdict == attempt_verdict::delivered);
    CHECK(results.at(2).verdict == attempt_verdict::again);
    CHECK(at.servers.connected() == texts{"192.0.2.1"});  // nobody else is asked about mailboxes
}

TEST_CASE("sending: a host that is away or has no time gives way to the next") {
    sending_server at;
    auto& first = at.servers.at("192.0.2.1");
    SUBCASE("away") {
        first.is_away = true;
    }
    SUBCASE("421") {
        first.greeting = "421 4.3.2 busy\r\n";
    }
    SUBCASE("no mail here") {
        first.greeting = "554 5.3.2 no mail here\r\n";
    }
    SUBCASE("no SMTP") {
        first.greeting = "HTTP/1.1 400 Bad Request\r\n";
    }
    SUBCASE("gone at MAIL") {
        first.answers = [](std::string_view command) -> std::optional<std::string> {
            if (command.starts_with("MAIL")) return "";
            return std::nullopt;
        };
    }
    const auto result = at.attempt_one("bob@b.example", "b.example");
    CHECK(result.verdict == attempt_verdict::delivered);
    CHECK(result.host == "mx2.b.example [192.0.2.2]");
}

TEST_CASE("sending: when no host can be used the last one's words are kept, and it comes again") {
    sending_server at;
    at.servers.at("192.0.2.1").is_away = true;
    at.servers.at("192.0.2.2").greeting = "421 4.3.2 busy\r\n";
    const auto result = at.attempt_one("bob@b.example", "b.example");
    CHECK(result.verdict == attempt_verdict::again);
    CHECK(result.reply == "421 4.3.2 busy");
    CHECK(result.host == "mx2.b.example [192.0.2.2]");
}

TEST_CASE(
    "sending: a domain whose every host takes no mail is a failure, with one that is away not") {
    sending_server at;
    at.servers.at("192.0.2.1").greeting = at.servers.at("192.0.2.2").greeting =
        "521 5.3.2 no mail here\r\n";
    SUBCASE("every") {
        CHECK(at.attempt_one("bob@b.example", "b.example").verdict == attempt_verdict::failed);
    }
    SUBCASE("one is away") {
        at.servers.at("192.0.2.1").is_away = true;
        CHECK(at.attempt_one("bob@b.example", "b.example").verdict == attempt_verdict::again);
    }
}

TEST_CASE("sending: A24 a connection that is lost behind the message is not tried elsewhere") {
    sending_server at;
    at.servers.at("192.0.2.1").answers =
        [](std::string_view command) -> std::optional<std::string> {
        if (command == ".") return "";
        return std::nullopt;
    };
    const auto result = at.attempt_one("bob@b.example", "b.example");
    CHECK(result.verdict == attempt_verdict::again);
    CHECK(result.reply.find("may have been delivered") != std::string::npos);
    CHECK(at.servers.connected() == texts{"192.0.2.1"});
}

TEST_CASE("sending: TLS is used where it is offered, and done without where it breaks") {
    sending_server at;
    auto& mx = at.servers.at("192.0.2.1");
    mx.has_tls = true;
    SUBCASE("it works") {
        CHECK(at.attempt_one("bob@b.example", "b.example").tls == "TLSv1.3");
        CHECK(mx.connections == 1);
    }
    SUBCASE("it breaks") {
        mx.breaks_tls = true;
        const auto result = at.attempt_one("bob@b.example", "b.example");
        CHECK(result.verdict == attempt_verdict::delivered);
        CHECK(result.tls.empty());
        CHECK(mx.connections == 2);
        CHECK(at.servers.connected() == texts{"192.0.2.1", "192.0.2.1"});
    }
}

TEST_CASE("sending: DANE, a host with proven TLSA records gets nothing in the clear") {
    sending_server at;
    at.dns.sign("b.example", dns::record_type::mx);
    at.dns.sign("mx1.b.example", dns::record_type::a);
    at.dns.sign("mx1.b.example", dns::record_type::aaaa);
    const std::string name = "_25._tcp.mx1.b.example";
    const auto add_record = [&] {
        at.dns.add(name, dns::record_type::tlsa, std::string("\3\1\1", 3) + std::string(32, 'x'));
    };
    at.servers.at("192.0.2.2").is_away = true;
    SUBCASE("it offers no TLS") {
        add_record();
        at.dns.sign(name, dns::record_type::tlsa);
        const auto result = at.attempt_one("bob@b.example", "b.example");
        CHECK(result.verdict == attempt_verdict::again);
        CHECK(at.servers.at("192.0.2.1").messages.empty());
    }
    SUBCASE("they cannot be looked up") {
        at.dns.fail(name, dns::record_type::tlsa, dns::outcome::bogus);
        CHECK(at.attempt_one("bob@b.example", "b.example").verdict == attempt_verdict::again);
        CHECK(at.servers.at("192.0.2.1").connections == 0);
    }
    SUBCASE("they are not proven") {
        add_record();
        CHECK(at.attempt_one("bob@b.example", "b.example").verdict == attempt_verdict::delivered);
    }
    SUBCASE("there are none") {
        CHECK(at.attempt_one("bob@b.example", "b.example").verdict == attempt_verdict::delivered);
    }
}

TEST_CASE("sending: domains that do not exist fail at once, a silent DNS waits") {
    sending_server at;
    const auto lost = at.attempt_one("x@none.example", "none.example");
    CHECK(lost.verdict == attempt_verdict::failed);
    CHECK(lost.reply.starts_with("5.1.2 "));
    at.dns.fail("d.example", dns::record_type::mx);
    const auto waits = at.attempt_one("x@d.example", "d.example");
    CHECK(waits.verdict == attempt_verdict::again);
    CHECK(at.servers.connected().empty());
}

TEST_CASE("sending: a smarthost gets all mail, whatever the DNS says of the domain") {
    sending_server at;
    outbound::smarthost relay;
    relay.host = "192.0.2.9";
    relay.port = 2525;
    relay.must_be_proven = false;
    SUBCASE("it takes it") {
        at.settings.relay = relay;
        CHECK(at.attempt_one("x@none.example", "none.example").verdict ==
              attempt_verdict::delivered);
        CHECK(at.servers.connected() == texts{"192.0.2.9"});
    }
    SUBCASE("a wrong password is the operator's business, not the sender's") {
        relay.login = smtp::client_login{"us", secret("wrong")};
        at.settings.relay = relay;
        auto& server = at.servers.at("192.0.2.9");
        server.has_tls = true;
        server.offers = "250-mx\r\n250 AUTH PLAIN\r\n";
        server.answers = [](std::string_view command) -> std::optional<std::string> {
            if (command.starts_with("AUTH")) return "535 5.7.8 wrong\r\n";
            return std::nullopt;
        };
        const auto result = at.attempt_one("x@none.example", "none.example");
        CHECK(result.verdict == attempt_verdict::again);
        CHECK(result.reply == "535 5.7.8 wrong");
    }
    SUBCASE("one that must be proven gets nothing in the clear") {
        relay.must_be_proven = true;
        at.settings.relay = relay;
        CHECK(at.attempt_one("x@none.example", "none.example").verdict == attempt_verdict::again);
        CHECK(at.servers.at("192.0.2.9").messages.empty());
    }
}

TEST_CASE("sending: mail of a domain's senders may have a smarthost of its own, or none") {
    outbound::delivery_settings settings;
    outbound::smarthost usual, own;
    usual.host = "usual.example";
    own.host = "own.example";
    const auto host_of = [&settings](const char* sender) {
        const auto* found = settings.relay_of(sender);
        return found == nullptr ? std::string("direct") : found->host;
    };
    settings.relays_of["a.example"] = own;
    settings.relays_of["xn--mller-kva.example"] = own;
    settings.relays_of["b.example"] = std::nullopt;
    CHECK(host_of("ann@a.example") == "own.example");
    CHECK(host_of("ann@c.example") == "direct");
    settings.relay = usual;
    CHECK(host_of("Ann@A.Example") == "own.example");
    CHECK(host_of("ann@m\u00fcller.example") == "own.example");
    CHECK(host_of("ann@b.example") == "direct");
    CHECK(host_of("ann@sub.a.example") == "usual.example");
    CHECK(host_of("a.example") == "usual.example");
    CHECK(host_of("") == "usual.example");
}

TEST_CASE("sending: what a server cannot take for good comes back") {
    sending_server at;
    at.servers.at("192.0.2.1").offers = "250-mx\r\n250 SIZE 10\r\n";
    const auto result = at.attempt_one("bob@b.example", "b.example");
    CHECK(result.verdict == attempt_verdict::failed);
    CHECK(result.reply.find("5.3.4") != std::string::npos);
}
