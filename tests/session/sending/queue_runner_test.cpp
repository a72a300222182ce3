#include "tests/session/sending/fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

using namespace hauspost;
using test::running_server;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("queue runner: what waits at the start leaves, and what comes later too") {
    running_server at;
    at.put({"bob@b.example"});
    at.start();
    at.until_empty();
    CHECK(at.servers.at("192.0.2.1").messages.size() == 1);
    at.put({"bob@b.example", "carl@c.example"});
    at.until_empty();
    CHECK(at.servers.at("192.0.2.1").messages.size() == 2);
    CHECK(at.servers.at("192.0.2.3").messages.size() == 1);
}

TEST_CASE("queue runner: a refusal goes back to the sender, and leaves the queue") {
    running_server at;
    at.servers.at("192.0.2.1").answers =
        [](std::string_view command) -> std::optional<std::string> {
        if (command.starts_with("RCPT TO:<no")) return "550 5.1.1 nobody of that name\r\n";
        return std::nullopt;
    };
    at.put({"no@b.example", "bob@b.example", "nor@b.example"});
    at.start();
    at.until_empty();
    at.stop();
    const auto mail = at.parts.inbox(at.parts.ann);
    REQUIRE(mail.size() == 1);  // one for both
    const auto& report = mail[0].octets;
    CHECK(has(report, "multipart/report"));
    CHECK(has(report, "no@b.example"));
    CHECK(has(report, "nor@b.example"));
    CHECK(has(report, "nobody of that name"));
    CHECK(has(report, "Status: 5.1.1"));
    CHECK(has(report, "Remote-MTA: dns; mx1.b.example"));
    CHECK(has(report, "Subject: s\r\n"));
    CHECK(has(mail[0].prefix, "Return-Path: <>"));
}

TEST_CASE("queue runner: what fails for now stays, with its reason and its next time") {
    running_server at;
    at.servers.at("192.0.2.3").is_away = true;
    at.put({"carl@c.example"});
    at.start();
    at.until([&] { return at.servers.at("192.0.2.3").connections == 1; });
    at.until([&] { return at.runner->running() == 0; });
    const auto waiting = at.parts.queue();
    REQUIRE(waiting.size() == 1);
    const auto& one = waiting[0].recipients.at(0);
    CHECK(one.attempts == 1);
    CHECK(one.due_at == at.now() + 300);
    CHECK(has(one.last_reply, "no connection"));
    CHECK(one.last_host == "c.example [192.0.2.3]");
    CHECK(one.lease == 0);
}

TEST_CASE("queue runner: a domain that is away is left alone by its other mail") {
    running_server at;
    at.servers.at("192.0.2.3").is_away = true;
    at.put({"carl@c.example"});
    at.start();
    at.until([&] { return at.servers.at("192.0.2.3").connections == 1; });
    at.until([&] { return at.runner->running() == 0; });
    at.put({"cleo@c.example", "bob@b.example"});
    at.until([&] { return at.servers.at("192.0.2.1").messages.size() == 1; });
    at.until([&] { return at.runner->running() == 0; });
    CHECK(at.servers.at("192.0.2.3").connections == 1);
}

TEST_CASE("queue runner: senders with smarthosts of their own are served side by side") {
    running_server at;
    at.parts.add_account("dora@d.example");
    at.parts.add_alias("ann@d.example", {"ann@a.example"});
    outbound::smarthost own;
    own.host = "192.0.2.9";
    own.must_be_proven = false;
    at.settings.relays_of["d.example"] = own;
    const auto put_all = [&at] {
        at.put({"bob@b.example"}, "one\r\n");
        at.put({"bob@b.example", "ben@b.example"}, "two\r\n", "ann@d.example");
        at.put({"nobody@b.example"}, "three\r\n");
    };
    SUBCASE("each message goes by the way of its sender, each result to its recipient") {
        at.servers.at("192.0.2.1").answers =
            [](std::string_view command) -> std::optional<std::string> {
            if (command.starts_with("RCPT TO:<nobody")) return "550 5.1.1 nobody\r\n";
            return std::nullopt;
        };
        put_all();
        at.start();
        at.until_empty();
        REQUIRE(at.servers.at("192.0.2.9").messages.size() == 1);
        CHECK(has(at.servers.at("192.0.2.9").messages[0], "two"));
        REQUIRE_FALSE(at.servers.at("192.0.2.1").messages.empty());
        CHECK(has(at.servers.at("192.0.2.1").messages[0], "one"));
        for (const auto& other : at.servers.at("192.0.2.1").messages)
            CHECK_FALSE(has(other, "two"));
        const auto reports = at.parts.inbox(at.parts.ann);
        REQUIRE(reports.size() == 1);
        CHECK(has(reports[0].octets, "nobody@b.example"));
    }
    SUBCASE("one that is away holds back what is its own alone, and puts no domain off") {
        at.servers.at("192.0.2.9").is_away = true;
        put_all();
        at.start();
        at.until([&] { return at.servers.at("192.0.2.1").messages.size() == 2; });
        at.until([&] { return at.runner->running() == 0; });
        at.put({"bob@b.example"}, "four\r\n");
        at.until([&] { return at.servers.at("192.0.2.1").messages.size() == 3; });
        at.stop();
        const auto waiting = at.parts.queue();
        REQUIRE(waiting.size() == 1);
        CHECK(waiting[0].reverse_path == "ann@d.example");
        CHECK(has(waiting[0].recipients.at(0).last_reply, "no connection"));
    }
}

TEST_CASE("queue runner: a fault on one smarthost's way takes no results of other ways along") {
    struct faulty final : outbound::connector {
        explicit faulty(outbound::connector& of) : others(of) {}
        awaitable<result<std::unique_ptr<net::stream>>> connect(
            asio::ip::tcp::endpoint to, const net::tls_endpoint& tls) override {
            if (to.address().to_string() == "192.0.2.9") throw storage::fault("no octets");
            return others.connect(to, tls);
        }
        outbound::connector& others;
    };
    running_server at;
    at.parts.add_account("dora@d.example");
    at.parts.add_alias("ann@d.example", {"ann@a.example"});
    outbound::smarthost own;
    own.host = "192.0.2.9";
    own.must_be_proven = false;
    at.settings.relays_of["d.example"] = own;
    at.servers.at("192.0.2.1").answers =
        [](std::string_view command) -> std::optional<std::string> {
        if (command.starts_with("RCPT TO:<nobody")) return "550 5.1.1 nobody\r\n";
        return std::nullopt;
    };
    at.put({"bob@b.example", "nobody@b.example"}, "one\r\n");
    at.put({"bob@b.example"}, "two\r\n", "ann@d.example");
    faulty servers(at.servers);
    at.start({at.parts.octets(), at.dns, at.hosts, servers, at.tls.native(), at.parts.limits()});
    at.until([&] { return at.parts.inbox(at.parts.ann).size() == 1; });
    at.until([&] { return at.runner->running() == 0; });
    at.stop();
    CHECK(has(at.parts.inbox(at.parts.ann)[0].octets, "nobody@b.example"));
    CHECK(at.servers.at("192.0.2.1").messages.size() == 1);
    const auto waiting = at.parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].reverse_path == "ann@d.example");
    CHECK(waiting[0].recipients.at(0).attempts == 1);
    CHECK(waiting[0].recipients.at(0).due_at == at.now() + 300);
}

TEST_CASE(
    "queue runner: after five days a message goes back, and its sender hears of the delay before") {
    running_server at;
    at.servers.at("192.0.2.3").is_away = true;
    at.put({"carl@c.example"});
    const auto attempt_after = [&](std::chrono::seconds pause) {
        at.parts.time.move_wall(pause);
        const auto before = at.servers.at("192.0.2.3").connections;
        at.start();
        at.until([&] { return at.servers.at("192.0.2.3").connections > before; });
        at.until([&] { return at.runner->running() == 0; });
        at.stop();
    };
    attempt_after(std::chrono::seconds(0));
    CHECK(at.parts.inbox(at.parts.ann).empty());
    attempt_after(std::chrono::hours(5));
    REQUIRE(at.parts.inbox(at.parts.ann).size() == 1);
    CHECK(has(at.parts.inbox(at.parts.ann)[0].octets, "Action: delayed"));
    attempt_after(std::chrono::hours(5));  // told once
    CHECK(at.parts.inbox(at.parts.ann).size() == 1);
    attempt_after(std::chrono::hours(5 * 24));
    at.start();
    at.until_empty();
    at.stop();
    const auto mail = at.parts.inbox(at.parts.ann);
    REQUIRE(mail.size() == 2);
    CHECK(has(mail[1].octets, "Action: failed"));
}

TEST_CASE("queue runner: a domain gets so many messages a minute, and the others wait untried") {
    running_server at;
    at.settings.rates.per_minute = 2;
    at.settings.rates.of_domain = {{"c.example", 3}};
    at.dns.add_address("d.example", "192.0.2.4");
    for (int n = 0; n < 5; ++n) {
        at.put({"bob@b.example", "bert@b.example"});
        at.put({"carl@c.example"});
    }
    auto& b = at.servers.at("192.0.2.1").messages;
    auto& c = at.servers.at("192.0.2.3").messages;
    at.start();
    at.until([&] { return b.size() >= 2 && c.size() >= 3; });
    at.until([&] { return at.runner->running() == 0; });
    at.parts.time.move_wall(std::chrono::seconds(59));
    // Its coming makes the runner look.
    at.put({"dan@d.example"});
    at.until([&] { return at.servers.at("192.0.2.4").messages.size() == 1; });
    at.until([&] { return at.runner->running() == 0; });
    CHECK(b.size() == 2);
    CHECK(c.size() == 3);
    for (const auto& one : at.parts.queue())
        for (const auto& recipient : one.recipients)
            CHECK(recipient.attempts == 0);
    at.parts.time.move_wall(std::chrono::seconds(1));
    at.put({"dan@d.example"});
    at.until([&] { return b.size() >= 4 && c.size() >= 5; });
    at.until([&] { return at.runner->running() == 0; });
    CHECK(b.size() == 4);
    CHECK(c.size() == 5);
}

TEST_CASE("queue runner: R9 domains that say nothing take the place of no other for long") {
    running_server at;
    at.settings.max_deliveries = 2;
    at.settings.max_recipients = 1;
    for (const auto* address : {"192.0.2.4", "192.0.2.5"}) {
        at.servers.at(address).greeting.clear();
        at.dns.add_address(std::string("silent") + address + ".example", address);
        // A second connection would not help it.
        for (int n = 0; n < 3; ++n)
            at.put({"dan@silent" + std::string(address) + ".example"});
    }
    at.start();
    at.until([&] {
        return at.servers.at("192.0.2.4").connections + at.servers.at("192.0.2.5").connections == 2;
    });
    at.put({"bob@b.example"});
    at.parts.time.advance(std::chrono::seconds(1));
    // Its coming makes the runner look.
    at.put({"carl@c.example"});
    at.until([&] {
        return at.servers.at("192.0.2.1").messages.size() == 1 &&
               at.servers.at("192.0.2.3").messages.size() == 1;
    });
    at.until([&] { return at.runner->running() == 2; });
    CHECK(at.servers.at("192.0.2.4").connections == 1);
    CHECK(at.servers.at("192.0.2.5").connections == 1);
}

TEST_CASE("queue runner: A21 a report that cannot be delivered makes no other") {
    running_server at;
    at.servers.at("192.0.2.3").greeting = "521 no mail here\r\n";
    storage::queue_item item;  // its sender is nobody
    item.recipients = {{"carl@c.example", "", "", 0, 0}};
    storage::delivery_request request;
    request.blob = at.parts.store().blobs.stage();
    REQUIRE_FALSE(at.parts.wait(request.blob->write("Subject: report\r\n\r\n")));
    REQUIRE_FALSE(at.parts.wait(request.blob->finish()));
    request.remote = {item};
    storage::delivery_store& deliveries = at.parts.store().delivery;
    REQUIRE_FALSE(at.parts.wait(deliveries.deliver(std::move(request))));
    at.start();
    at.until_empty();
    CHECK(at.parts.store().keeper.check().blobs == 0);
}

TEST_CASE("queue runner: stopped in the middle, what was not sent is due again at once") {
    running_server at;
    at.servers.at("192.0.2.3").answers =
        [](std::string_view command) -> std::optional<std::string> {
        if (command.starts_with("EHLO")) return "250-it takes its time\r\n";
        return std::nullopt;
    };
    at.put({"carl@c.example"});
    at.start();
    at.until([&] { return at.servers.at("192.0.2.3").commands.size() == 1; });
    at.stop();
    const auto waiting = at.parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].recipients.at(0).attempts == 0);
    CHECK(waiting[0].recipients.at(0).lease == 0);
    CHECK(waiting[0].recipients.at(0).due_at <= at.now());
}

namespace {

/// Waits until it is cancelled.
awaitable<void> wait_for_ever(boost::asio::steady_timer& timer) {
    timer.expires_at(boost::asio::steady_timer::time_point::max());
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

/// A DNS that is never heard of.
class silent_resolver final : public dns::resolver {
public:
    explicit silent_resolver(boost::asio::io_context& io) : timer_(io) {}
    int asked = 0;

private:
    awaitable<std::vector<dns::rdata_answer>> ask(std::vector<dns::question> questions) override {
        ++asked;
        co_await wait_for_ever(timer_);
        co_return std::vector<dns::rdata_answer>(questions.size());
    }
    boost::asio::steady_timer timer_;
};

/// Servers that never take a connection.
class silent_servers final : public outbound::connector {
public:
    explicit silent_servers(boost::asio::io_context& io) : timer_(io) {}
    int asked = 0;

    awaitable<result<std::unique_ptr<net::stream>>> connect(boost::asio::ip::tcp::endpoint,
                                                            const net::tls_endpoint&) override {
        ++asked;
        co_await wait_for_ever(timer_);
        co_return error_code(boost::asio::error::operation_aborted);
    }

private:
    boost::asio::steady_timer timer_;
};

}  // namespace

TEST_CASE("queue runner: a stop waits neither for the DNS nor for a connection") {
    running_server at;
    silent_resolver dns(at.parts.io);
    silent_servers servers(at.parts.io);
    outbound::host_finder hosts(dns, {});
    auto ports = at.delivery();
    SUBCASE("the hosts of a domain") {
        at.start({ports.blobs, dns, hosts, ports.servers, ports.tls, ports.monotonic});
        at.put({"carl@c.example"});
        at.until([&] { return dns.asked == 1; });
    }
    SUBCASE("what proves a host") {
        at.start({ports.blobs, dns, ports.hosts, ports.servers, ports.tls, ports.monotonic});
        at.dns.sign("c.example", dns::record_type::mx);
        at.dns.sign("c.example", dns::record_type::a);
        at.put({"carl@c.example"});
        at.until([&] { return dns.asked == 1; });
    }
    SUBCASE("a connection") {
        at.start({ports.blobs, at.dns, ports.hosts, servers, ports.tls, ports.monotonic});
        at.put({"carl@c.example"});
        at.until([&] { return servers.asked == 1; });
    }
    at.stop(std::chrono::hours(1));
    const auto waiting = at.parts.queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].recipients.at(0).attempts == 0);
    CHECK(waiting[0].recipients.at(0).lease == 0);
    CHECK(waiting[0].recipients.at(0).due_at <= at.now());
}

TEST_CASE("queue runner: who asks is told that mail lies in a mailbox here, and went to others") {
    running_server at;
    at.submission.config.offer_dsn = true;
    const auto said = at.submission.submit(
        "MAIL FROM:<ann@a.example> RET=HDRS ENVID=e+2B1\r\n"
        "RCPT TO:<bob@a.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob@a.example\r\n"
        "RCPT TO:<carl@c.example> NOTIFY=SUCCESS\r\nRCPT TO:<cleo@c.example> NOTIFY=NEVER\r\n"
        "DATA\r\nFrom: ann@a.example\r\nSubject: s\r\n\r\ntext\r\n.\r\n");
    CHECK(has(said, "250-DSN"));
    at.start();
    at.until_empty();
    at.stop();
    CHECK(at.parts.inbox(at.parts.bob).size() == 1);
    const auto mail = at.parts.inbox(at.parts.ann);
    REQUIRE(mail.size() == 2);
    const auto both = mail[0].octets + mail[1].octets;
    CHECK(has(both, "Action: delivered"));
    CHECK(has(both, "Status: 2.1.5"));
    CHECK(has(both, "Original-Recipient: rfc822; bob@a.example"));
    CHECK(has(both, "Original-Envelope-Id: e+1"));
    CHECK(has(both, "Action: relayed"));
    CHECK(!has(both, "cleo@c.example"));
}

TEST_CASE("queue runner: a server that reports by itself is asked to, and we stay silent") {
    running_server at;
    at.submission.config.offer_dsn = true;
    at.servers.at("192.0.2.3").offers = "250-mx\r\n250 DSN\r\n";
    at.submission.submit(
        "MAIL FROM:<ann@a.example>\r\nRCPT TO:<carl@c.example> NOTIFY=SUCCESS\r\n"
        "DATA\r\nFrom: ann@a.example\r\n\r\ntext\r\n.\r\n");
    at.start();
    at.until_empty();
    at.stop();
    CHECK(at.parts.inbox(at.parts.ann).empty());
    CHECK(has(at.servers.at("192.0.2.3").commands.at(2), "NOTIFY=SUCCESS"));
}

TEST_CASE(
    "queue runner: a server without 8BITMIME or SMTPUTF8 gets nothing, and the sender hears why") {
    struct lack {
        const char* parameters;
        const char* recipient;
        const char* status;
    };
    for (const auto& one : {lack{" BODY=8BITMIME", "carl@c.example", "5.6.3"},
                            lack{" SMTPUTF8", "k\xc3\xa4the@c.example", "5.6.7"}}) {
        INFO(std::string(one.status));
        running_server at;
        at.servers.at("192.0.2.3").offers = "250-mx\r\n250 PIPELINING\r\n";
        const auto said = at.submission.submit(
            std::string("MAIL FROM:<ann@a.example>") + one.parameters + "\r\nRCPT TO:<" +
            one.recipient +
            ">\r\nDATA\r\nFrom: ann@a.example\r\nSubject: s\r\n\r\nGr\xc3\xbc\xc3\x9f"
            "e\r\n.\r\n");
        REQUIRE(has(said, "354 "));
        at.start();
        at.until_empty();
        at.stop();
        CHECK(at.servers.at("192.0.2.3").messages.empty());
        const auto mail = at.parts.inbox(at.parts.ann);
        REQUIRE(mail.size() == 1);
        CHECK(has(mail[0].octets, "Status: " + std::string(one.status)));
        CHECK(has(mail[0].octets, "cannot handle this message"));
        CHECK(has(mail[0].octets, "send it again in a simpler form"));
    }
}
