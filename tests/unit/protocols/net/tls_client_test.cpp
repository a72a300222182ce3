#include "protocols/net/tls_client.hpp"

#include "certs/cert_store.hpp"
#include "certs/client_context.hpp"
#include "certs/server_context.hpp"
#include "protocols/net/connector.hpp"
#include "protocols/net/socket_stream.hpp"
#include "protocols/net/tls_server.hpp"
#include "tests/support/run.hpp"
#include "tests/support/test_ca.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <doctest/doctest.h>

#include <array>
#include <exception>
#include <memory>
#include <string>
#include <vector>

using namespace hauspost;
using namespace std::chrono_literals;
using net::authentication;
using net::verification;

namespace {

using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

test::test_ca& trusted_ca() {
    static test::test_ca ca("Test Root");
    return ca;
}

/// A server with one certificate, and what a client's handshake with it comes to.
struct tls_talk {
    explicit tls_talk(const certs::certificate_files& files)
        : store({files}, now),
          context(store, "smtp", {}),
          tls(context.native()),
          door(loop.io(), {asio::ip::make_address("127.0.0.1"), 0}) {}

    error_code shake(net::tls_client_settings settings,
                     const std::filesystem::path& roots = trusted_ca().root_file()) {
        const certs::client_context outgoing(roots);
        const net::tls_client client(outgoing.native(), std::move(settings));
        net::connect_settings how;
        how.to = door.local_endpoint();
        how.tls = &client;
        error_code end;
        is_answered = false;
        test::run(loop.io(), talk(*this, how, end));
        server->close();  // its coroutine must not outlive it
        test::run_until(loop.io(), [this] { return is_answered; });
        return end;
    }

    static awaitable<void> answer(tls_talk& self) {
        const auto failed = co_await self.server->start_tls(10s);
        if (failed) co_return;
        self.name_said = self.server->tls().server_name;
        std::array<char, 100> buffer;
        const auto got = co_await self.server->read_some(buffer, 10s);
        if (!got) co_return;
        const std::string_view same(buffer.data(), *got);
        co_await self.server->write(same, 10s);
    }

    static awaitable<void> talk(tls_talk& self, net::connect_settings how, error_code& end) {
        auto made = co_await net::connect(self.loop, how);
        REQUIRE(made);
        const auto client = std::move(*made);
        self.server = std::make_unique<net::socket_stream>(self.loop, self.door.accept(),
                                                           net::peer_info(), &self.tls);
        asio::co_spawn(self.loop.io(), answer(self),
                       [&self](std::exception_ptr) { self.is_answered = true; });
        CHECK(client->can_start_tls());
        end = co_await client->start_tls(10s);
        self.known = client->tls();
        if (end) co_return;
        CHECK(client->is_encrypted());
        const auto failed = co_await client->write("ping", 10s);
        CHECK_FALSE(failed);
        std::array<char, 100> buffer;
        const auto got = co_await client->read_some(buffer, 10s);
        REQUIRE(got);
        CHECK(std::string(buffer.data(), *got) == "ping");
    }

    system_clock now;
    certs::cert_store store;
    certs::server_context context;
    net::tls_server tls;
    net::io_loop loop;
    acceptor_type door;
    std::unique_ptr<net::socket_stream> server;
    bool is_answered = false;  // the server has done its part
    net::tls_info known;       // of the client
    std::string name_said;     // to the server
};

net::tls_client_settings for_host(const std::string& host, verification verify) {
    net::tls_client_settings settings;
    settings.host = host;
    settings.verify = verify;
    return settings;
}

net::tls_client_settings by_tlsa(const std::string& host, std::vector<net::tlsa_record> records) {
    auto settings = for_host(host, verification::dane);
    settings.tlsa = std::move(records);
    return settings;
}

const std::string mx = "mx.example.test";

}  // namespace

TEST_CASE("tls client: opportunistic TLS takes any certificate and says that none was verified") {
    test::test_ca unknown;
    tls_talk talk(unknown.issue("other.example", -48h, -24h));
    CHECK_FALSE(talk.shake(for_host(mx, verification::none)));
    CHECK(talk.known.version == "TLSv1.3");
    CHECK_FALSE(talk.known.cipher.empty());
    CHECK(talk.known.verified == authentication::none);
    CHECK(talk.name_said == mx);
}

TEST_CASE("tls client: PKIX takes a trusted chain for the host's name") {
    tls_talk talk(trusted_ca().issue(mx));
    CHECK_FALSE(talk.shake(for_host(mx, verification::pkix)));
    CHECK(talk.known.verified == authentication::pkix);
    CHECK(talk.name_said == mx);
    tls_talk wildcard(trusted_ca().issue("*.example.test"));
    CHECK_FALSE(wildcard.shake(for_host(mx, verification::pkix)));
    CHECK(wildcard.shake(for_host("a.mx.example.test", verification::pkix)));
}

TEST_CASE("tls client: PKIX refuses other names, dates and roots, each by its report type") {
    test::test_ca unknown;
    test::test_ca namesake("Test Root");
    struct {
        certs::certificate_files files;
        std::string type;
    } const cases[] = {
        {trusted_ca().issue("other.example"), "certificate-host-mismatch"},
        {trusted_ca().issue(mx, -48h, -24h), "certificate-expired"},
        {trusted_ca().issue(mx, 24h, 48h), "certificate-expired"},
        {unknown.issue(mx), "certificate-not-trusted"},
        {namesake.issue(mx), "certificate-not-trusted"},
    };
    for (const auto& one : cases) {
        tls_talk talk(one.files);
        const auto failed = talk.shake(for_host(mx, verification::pkix));
        CAPTURE(failed.message());
        CHECK(failed.category() == net::verification_category());
        CHECK(net::tls_report_type(failed) == one.type);
        CHECK(talk.known.version.empty());
    }
}

TEST_CASE("tls client: DANE-EE counts the key alone, neither name nor date nor root") {
    test::test_ca unknown;
    const auto files = unknown.issue("other.example", -48h, -24h);
    tls_talk talk(files);
    CHECK_FALSE(talk.shake(by_tlsa(mx, {{3, 1, 1, test::key_digest(files)}})));
    CHECK(talk.known.verified == authentication::dane_ee);
    CHECK(talk.name_said == mx);
}

TEST_CASE("tls client: DANE-TA counts the chain, the name and the date") {
    test::test_ca unknown;
    const net::tlsa_record anchor{2, 0, 1, unknown.root_digest()};
    tls_talk good(unknown.issue(mx));
    CHECK_FALSE(good.shake(by_tlsa(mx, {anchor})));
    CHECK(good.known.verified == authentication::dane_ta);
    tls_talk misnamed(unknown.issue("example.test"));
    CHECK(net::tls_report_type(misnamed.shake(by_tlsa(mx, {anchor}))) ==
          "certificate-host-mismatch");
    // RFC 7672 3.2.2: the next-hop domain will do as well.
    auto settings = by_tlsa(mx, {anchor});
    settings.other_names = {"example.test"};
    CHECK_FALSE(misnamed.shake(settings));
    tls_talk late(unknown.issue(mx, -48h, -24h));
    CHECK(net::tls_report_type(late.shake(by_tlsa(mx, {anchor}))) == "certificate-expired");
}

TEST_CASE("tls client: a certificate that no TLSA record matches is refused, trusted or not") {
    tls_talk talk(trusted_ca().issue(mx));
    const auto failed = talk.shake(by_tlsa(mx, {{3, 1, 1, std::string(32, 'x')}}));
    CHECK(failed.category() == net::verification_category());
    CHECK(net::tls_report_type(failed) == "tlsa-invalid");
    // One that matches is enough.
    const auto files = trusted_ca().issue(mx);
    tls_talk other(files);
    CHECK_FALSE(other.shake(
        by_tlsa(mx, {{3, 1, 1, std::string(32, 'x')}, {3, 1, 1, test::key_digest(files)}})));
}

TEST_CASE("tls client: TLSA records that SMTP cannot use verify nothing") {
    const auto files = trusted_ca().issue("other.example");
    const auto digest = test::key_digest(files);
    tls_talk talk(files);
    const std::vector<net::tlsa_record> unusable{
        {0, 1, 1, digest}, {1, 1, 1, digest},           {3, 1, 1, "short"},  {3, 9, 1, digest},
        {3, 1, 9, digest}, {2, 0, 0, "no certificate"}, {255, 255, 255, ""},
    };
    const certs::client_context outgoing(trusted_ca().root_file());
    CHECK(net::tls_client(outgoing.native(), by_tlsa(mx, unusable)).usable_records() == 0);
    CHECK(net::tls_client(outgoing.native(), by_tlsa(mx, {{3, 1, 1, digest}})).usable_records() ==
          1);
    CHECK_FALSE(talk.shake(by_tlsa(mx, unusable)));
    CHECK(talk.known.verified == authentication::none);
    CHECK_FALSE(talk.shake(by_tlsa(mx, {})));
    // Beside one that can be used they do not count.
    auto mixed = unusable;
    mixed.push_back({3, 1, 1, std::string(32, 'x')});
    CHECK(talk.shake(by_tlsa(mx, mixed)));
}

TEST_CASE("tls client: a peer that speaks no TLS is a failure like all that have no name") {
    net::io_loop loop;
    acceptor_type door(loop.io(), {asio::ip::make_address("127.0.0.1"), 0});
    const certs::client_context outgoing(trusted_ca().root_file());
    const net::tls_client client(outgoing.native(), for_host(mx, verification::pkix));
    net::connect_settings how;
    how.to = door.local_endpoint();
    how.tls = &client;
    auto talk = [](net::io_loop& on, acceptor_type& at,
                   net::connect_settings to) -> awaitable<void> {
        auto made = co_await net::connect(on, to);
        REQUIRE(made);
        const auto stream = std::move(*made);
        auto server = at.accept();
        server.send(asio::buffer("250 this is in the clear\r\n", 26));
        const auto failed = co_await stream->start_tls(5s);
        CHECK(failed);
        CHECK(net::tls_report_type(failed) == "validation-failure");
        CHECK_FALSE(stream->is_encrypted());
    };
    test::run(loop.io(), talk(loop, door, how));
}

TEST_CASE("tls client: A23 a handshake that never ends costs its limit") {
    net::io_loop loop;
    acceptor_type door(loop.io(), {asio::ip::make_address("127.0.0.1"), 0});
    const certs::client_context outgoing(trusted_ca().root_file());
    const net::tls_client client(outgoing.native(), for_host(mx, verification::pkix));
    net::connect_settings how;
    how.to = door.local_endpoint();
    how.tls = &client;
    auto talk = [](net::io_loop& on, net::connect_settings to) -> awaitable<void> {
        auto made = co_await net::connect(on, to);
        REQUIRE(made);
        const auto stream = std::move(*made);
        const auto failed = co_await stream->start_tls(20ms);
        CHECK(failed == asio::error::timed_out);
    };
    test::run(loop.io(), talk(loop, how));
}

TEST_CASE("client context: a file that holds no certificate is named") {
    CHECK_THROWS_WITH_AS(certs::client_context("/nonexistent/roots.pem"),
                         doctest::Contains("/nonexistent/roots.pem"), std::runtime_error);
    CHECK_NOTHROW(certs::client_context({}));
}
