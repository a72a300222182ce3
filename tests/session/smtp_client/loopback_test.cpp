#include "certs/cert_store.hpp"
#include "certs/client_context.hpp"
#include "certs/server_context.hpp"
#include "protocols/net/connector.hpp"
#include "protocols/net/socket_stream.hpp"
#include "protocols/net/tls_client.hpp"
#include "protocols/net/tls_server.hpp"
#include "tests/session/smtp/fake_sink.hpp"
#include "tests/session/smtp_client/remote_script.hpp"
#include "tests/support/test_ca.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <doctest/doctest.h>

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;

namespace {

using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

/// A client and a server on real sockets; the server is our own, or the test's.
struct two_hosts {
    two_hosts()
        : store({ca.issue("mx.example.test")}, now),
          context(store, "smtp", {}),
          server_tls(context.native()),
          outgoing(ca.root_file()),
          door(loop.io(), {asio::ip::make_address("127.0.0.1"), 0}) {
        spdlog::set_level(spdlog::level::off);
        settings->hostname = "me.example";
        settings->tls = smtp::tls_use::required;
    }

    using serve_function = std::function<awaitable<void>(two_hosts&)>;

    /// Our own server, for one connection.
    static awaitable<void> serve(two_hosts& self) {
        smtp::server_session session(*self.server, {"smtp", self.sink}, real_time, test_config());
        co_await session.run();
    }

    /// Sends all messages over one connection. Returns what begin() came to; "": all is well.
    std::string send_all(net::verification verify,
                         const serve_function& serve_by = serve,
                         const std::string& host = "mx.example.test") {
        net::tls_client_settings wanted;
        wanted.host = host;
        wanted.verify = verify;
        const net::tls_client client_tls(outgoing.native(), wanted);
        net::connect_settings how;
        how.to = door.local_endpoint();
        how.tls = &client_tls;
        run(loop.io(), talk(*this, how, serve_by));
        server->close();  // its coroutine must not outlive it
        run_until(loop.io(), [this] { return is_served; });
        return refused ? shown(*refused) : "";
    }

    static awaitable<void> talk(two_hosts& self,
                                net::connect_settings how,
                                const serve_function& serve_by) {
        auto made = co_await net::connect(self.loop, how);
        REQUIRE(made);
        const auto stream = std::move(*made);
        net::peer_info who;
        who.address = "127.0.0.1";
        self.server = std::make_unique<net::socket_stream>(self.loop, self.door.accept(), who,
                                                           &self.server_tls);
        asio::co_spawn(self.loop.io(), serve_by(self),
                       [&self](std::exception_ptr) { self.is_served = true; });
        smtp::client_session session(*stream, real_time, self.settings);
        self.refused = co_await session.begin();
        self.tls = stream->tls();
        if (!self.refused)
            for (auto& octets : self.messages) {
                const auto message = message_to(self.recipients);
                auto outcome = co_await session.send(message, octets);
                self.outcomes.push_back(std::move(outcome));
            }
        co_await session.quit();
    }

    test_ca ca;
    system_clock now;
    certs::cert_store store;
    certs::server_context context;
    net::tls_server server_tls;
    certs::client_context outgoing;
    net::io_loop loop;
    acceptor_type door;
    std::unique_ptr<net::socket_stream> server;
    bool is_served = false;  // the server has done its part
    fake_sink sink;
    std::shared_ptr<smtp::client_settings> settings = std::make_shared<smtp::client_settings>();
    std::vector<std::string> recipients{"ann@a.example"};
    std::vector<text_source> messages;

    std::optional<smtp::send_outcome> refused;
    std::vector<std::vector<smtp::send_outcome>> outcomes;
    net::tls_info tls;
};

std::string large_text(std::size_t lines) {
    std::string text = "Subject: x\r\n\r\n";
    for (std::size_t i = 0; i < lines; ++i)
        text += std::string(i % 3, '.') + "line \xc3\xa4 " + std::to_string(i) + "\r\n";
    return text;
}

awaitable<void> say(net::stream& to, std::string octets) {
    const auto failed = co_await to.write(octets, 10s);
    CHECK_FALSE(failed);
}

/// Reads until the client has said this.
awaitable<void> hear(net::stream& from, std::string text) {
    std::string all;
    std::array<char, 4096> buffer;
    while (all.find(text) == std::string::npos) {
        const auto got = co_await from.read_some(buffer, 10s);
        REQUIRE(got);
        all.append(buffer.data(), *got);
    }
}

/// Refuses in the midst of a message, and goes without reading the rest.
awaitable<void> refuse_early(two_hosts& self) {
    auto& peer = *self.server;
    co_await say(peer, "220 mx.example\r\n");
    co_await hear(peer, "EHLO me.example\r\n");
    co_await say(peer, "250-mx\r\n250 PIPELINING\r\n");
    co_await hear(peer, "DATA\r\n");
    co_await say(peer, "250 ok\r\n250 ok\r\n354 go\r\n");
    co_await hear(peer, "line");
    co_await say(peer, "552 5.3.4 too big\r\n");
    peer.close();
}

}  // namespace

TEST_CASE("smtp client: our own server gets what is sent, by DATA and by BDAT, over verified TLS") {
    for (const bool chunks : {false, true}) {
        CAPTURE(chunks);
        two_hosts hosts;
        hosts.settings->use_chunking = chunks;
        hosts.recipients = {"ann@a.example", "nobody@a.example", "ben@a.example"};
        const std::vector<std::string> texts{"", "a\r\n", ".\r\n..\r\n", large_text(10),
                                             large_text(200'000)};
        for (const auto& text : texts)
            hosts.messages.emplace_back(text, 50'000);
        CHECK(hosts.send_all(net::verification::pkix).empty());
        CHECK(hosts.tls.verified == net::authentication::pkix);
        REQUIRE(hosts.sink.stored.size() == texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            CHECK(hosts.sink.stored[i].octets == texts[i]);
            CHECK(hosts.sink.stored[i].envelope.helo == "me.example");
            CHECK(hosts.sink.stored[i].envelope.recipients.size() == 2);
            REQUIRE(hosts.outcomes[i].size() == 3);
            CHECK(shown(hosts.outcomes[i][0]) ==
                  "delivered replied end_of_data 250 2.6.0 stored as ID1");
            CHECK(shown(hosts.outcomes[i][1]) ==
                  "permanent replied rcpt 550 5.1.1 no such user here");
            CHECK(hosts.outcomes[i][2].verdict == smtp::send_verdict::delivered);
        }
        CHECK(hosts.sink.open == 0);
    }
}

TEST_CASE("smtp client: a server that cannot prove who it is hears nothing of the message") {
    two_hosts hosts;
    hosts.messages.emplace_back("a\r\n");
    CHECK(hosts.send_all(net::verification::pkix, two_hosts::serve, "other.example") ==
          "temporary tls_failed start_tls");
    REQUIRE(hosts.refused);
    CHECK(net::tls_report_type(hosts.refused->error) == "certificate-host-mismatch");
    CHECK(hosts.sink.transactions == 0);
}

TEST_CASE("smtp client: what a server says before it goes in the midst of a message is heard") {
    two_hosts hosts;
    hosts.settings->tls = smtp::tls_use::never;
    hosts.messages.emplace_back(large_text(1'000'000), 50'000);
    CHECK(hosts.send_all(net::verification::none, refuse_early).empty());
    REQUIRE(hosts.outcomes.size() == 1);
    CHECK(shown(hosts.outcomes[0][0]) == "permanent replied message 552 5.3.4 too big");
}
