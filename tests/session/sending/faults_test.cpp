// Remote servers and a DNS that fail in every way, and come back: each message arrives, nothing is
// bounced, and twice arrives at most what a server had already taken (R9, R10).
#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace hauspost;
using namespace std::chrono_literals;
using test::running_server;

namespace {

const std::string bad_host = "192.0.2.3";  // the only one of c.example

/// Time goes by the test's clock, of limits and of servers.
struct failing_server : running_server {
    failing_server() {
        parts.is_time_manual = true;
        servers.use(parts.time);
        settings.lease =
            std::chrono::hours(1);  // renewed by real time, which is too slow for it here
    }

    /// Lets the runner make one attempt, however long its limits are.
    void attempt_once() {
        const auto before = connections();
        start();
        until([&] {
            if (connections() > before && runner->running() == 0) return true;
            if (const auto wait = parts.time.until_next(); wait.count() != 0)
                parts.time.advance(wait);
            return false;
        });
        stop();
    }
    unsigned connections() { return servers.at(bad_host).connections; }
    /// Messages that it has got to their end. A dot alone, for nobody, is none (RFC 2920 3.1).
    std::ptrdiff_t received() {
        return std::ranges::count_if(servers.at(bad_host).messages,
                                     [](const std::string& text) { return !text.empty(); });
    }
    const storage::queue_recipient& waiting() {
        queue_ = parts.queue();
        REQUIRE(queue_.size() == 1);
        REQUIRE(queue_[0].recipients.size() == 1);
        return queue_[0].recipients[0];
    }
    /// The server is well again, and the next attempt is due.
    void heal() {
        auto& server = servers.at(bad_host);
        server.answers = nullptr;
        server.greeting = "220 mx.example\r\n";
        parts.time.move_wall(std::chrono::seconds(waiting().due_at - now()));
    }

private:
    std::vector<storage::queue_item> queue_;
};

struct fault {
    std::string name;
    std::string said;  // "": the connection is closed
};

const std::vector<fault> faults = {
    {"closes the connection", ""},
    {"has no time", "421 4.3.2 come later\r\n"},
    {"fails for now", "451 4.3.0 disk full\r\n"},
    {"is no SMTP server", "HTTP/1.1 400 Bad Request\r\n"},
    {"answers garbage", std::string("\x16\x03\x01\0\xff\xfe\r\n", 8)},
    {"says a code that there is not", "999 what\r\n"},
    {"answers without end", "250-" + std::string(100'000, 'x')},
    {"has a thousand lines",
     [] {
         std::string all;
         for (int n = 0; n < 1000; ++n)
             all += "250-more\r\n";
         return all;
     }()},
    {"hangs within its answer", "250-"},
};

}  // namespace

TEST_CASE("faults of a remote: A23 whatever fails at whichever step, the message arrives later") {
    for (const std::string_view step : {"220", "EHLO", "MAIL", "RCPT", "DATA", "."}) {
        for (const auto& one : faults) {
            CAPTURE(step);
            CAPTURE(one.name);
            failing_server at;
            auto& server = at.servers.at(bad_host);
            if (step == "220") {
                if (one.said.empty()) continue;  // a server that is away
                server.greeting = one.said;
            } else {
                server.answers = [&](std::string_view command) -> std::optional<std::string> {
                    if (command.starts_with(step)) return one.said;
                    return std::nullopt;
                };
            }
            at.put({"carl@c.example"});
            at.attempt_once();
            CHECK(at.waiting().attempts == 1);
            CHECK(at.waiting().lease == 0);
            CHECK_FALSE(at.waiting().last_reply.empty());
            CHECK(at.waiting().due_at == at.now() + 300);
            const auto before = at.received();
            CHECK(before == (step == "." ? 1 : 0));

            at.heal();
            at.attempt_once();
            CHECK(at.received() == before + 1);
            CHECK(at.is_empty());
            CHECK(at.parts.inbox(at.parts.ann).empty());
        }
    }
}

TEST_CASE("faults of a remote: A24 what fails behind the message is tried at no other host") {
    for (const auto& one : faults) {
        CAPTURE(one.name);
        failing_server at;
        at.servers.at("192.0.2.1").answers =
            [&](std::string_view command) -> std::optional<std::string> {
            if (command == ".") return one.said;
            return std::nullopt;
        };
        at.put({"bob@b.example"});
        at.start();
        at.until([&] {
            if (!at.servers.at("192.0.2.1").messages.empty() && at.runner->running() == 0)
                return true;
            if (const auto wait = at.parts.time.until_next(); wait.count() != 0)
                at.parts.time.advance(wait);
            return false;
        });
        at.stop();
        CHECK(at.servers.at("192.0.2.2").connections == 0);
        CHECK(at.waiting().attempts == 1);
    }
}

TEST_CASE("faults of a remote: R9 what it has taken is settled before it gets the next message") {
    failing_server at;
    int taken = 0;
    at.servers.at(bad_host).answers = [&](std::string_view command) -> std::optional<std::string> {
        if (command == "." && ++taken == 3) return "250-";  // for ever
        return std::nullopt;
    };
    for (int n = 0; n < 5; ++n)
        at.put({"carl@c.example"});
    at.start();
    at.until([&] { return taken == 3; });
    // Whoever dies now delivers the third one again, and no other.
    CHECK(at.figures().messages == 3);
    at.stop();
    CHECK(at.connections() == 1);
}

TEST_CASE(
    "faults of a remote: E11 TLS that breaks off costs no message, and none arrives in part") {
    failing_server at;
    auto& server = at.servers.at(bad_host);
    server.has_tls = true;
    bool is_bad = true;
    server.answers = [&](std::string_view command) -> std::optional<std::string> {
        if (is_bad && command == "DATA") return "";
        return std::nullopt;
    };
    at.put({"carl@c.example"});
    at.attempt_once();
    CHECK(at.waiting().attempts == 1);
    CHECK(server.messages.empty());
    CHECK(server.connections == 1);  // not again without TLS
    is_bad = false;
    at.parts.time.move_wall(300s);
    at.attempt_once();
    CHECK(server.messages.size() == 1);
    CHECK(at.is_empty());
}

TEST_CASE("faults of the DNS: F05 an outage of days bounces nothing, and all leaves when it ends") {
    for (const auto how : {dns::outcome::failed, dns::outcome::bogus}) {
        running_server at;
        at.dns.fail("b.example", dns::record_type::mx, how);
        for (int n = 0; n < 20; ++n)
            at.put({"bob@b.example"});
        // Longer than any wait, shorter than the time after which mail goes back.
        for (int hours = 0; hours < 4 * 24; hours += 5) {
            const auto before = at.dns.asked().size();
            at.start();
            at.until([&] { return at.dns.asked().size() > before && at.runner->running() == 0; });
            at.stop();
            // One question for all of them.
            CHECK(at.dns.asked().size() == before + 1);
            at.parts.time.move_wall(5h);
        }
        CHECK(at.parts.queue().size() == 20);
        CHECK(at.servers.connected().empty());
        for (const auto& one : at.parts.inbox(at.parts.ann))
            CHECK(one.octets.find("Action: failed") == std::string::npos);

        at.dns.add_mx("b.example", 10, "mx1.b.example");
        at.start();
        at.until_empty();
        at.stop();
        CHECK(at.servers.at("192.0.2.1").messages.size() == 20);
    }
}

TEST_CASE("faults of the DNS: F05 a host whose addresses cannot be looked up is not one without") {
    running_server at;
    const auto attempt = [&] {
        const auto before = at.dns.asked().size();
        at.start();
        at.until([&] { return at.dns.asked().size() > before && at.runner->running() == 0; });
        at.stop();
    };
    at.dns.add_mx("d.example", 10, "mx.d.example");
    at.dns.fail("mx.d.example", dns::record_type::a);
    at.dns.fail("mx.d.example", dns::record_type::aaaa);
    at.put({"dora@d.example"});
    attempt();
    REQUIRE(at.parts.queue().size() == 1);
    at.dns.add_address("mx.d.example", "192.0.2.4");
    at.parts.time.move_wall(5min);
    attempt();
    CHECK(at.servers.at("192.0.2.4").messages.size() == 1);
    CHECK(at.parts.inbox(at.parts.ann).empty());
}
