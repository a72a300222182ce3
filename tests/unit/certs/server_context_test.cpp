#include "certs/server_context.hpp"

#include "certs/self_signed.hpp"
#include "tests/support/tmp_dir.hpp"
#include "tests/unit/certs/days.hpp"
#include "tests/unit/certs/in_memory_tls.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace hauspost;
using namespace hauspost::certs;
using test::in_memory_tls;

namespace {

struct fixture {
    test::tmp_dir dir;
    test::manual_clock now{test::today()};
    certificate_files first = ensure_self_signed(dir / "a", "a.example.test", now.wall());
    certificate_files second = ensure_self_signed(dir / "b", "b.example.test", now.wall());
    cert_store store{{first, second}, now.wall()};
    server_context imap{store, "imap", {"imap"}};
    server_context pop3{store, "pop3", {"pop3"}};
    server_context smtp{store, "smtp", {}};
};

std::string_view chosen(SSL* ssl) {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

struct session_free {
    void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "server context: TLS 1.3 and 1.2 are spoken, older versions are not") {
    const auto spoken = [this](int version) {
        in_memory_tls talk(imap.native(), [version](SSL* client) {
            SSL_set_security_level(client, 0);
            SSL_set_min_proto_version(client, version);
            SSL_set_max_proto_version(client, version);
            SSL_set_cipher_list(client, "ALL:@SECLEVEL=0");
        });
        return talk.handshake();
    };
    CHECK(spoken(TLS1_3_VERSION));
    CHECK(spoken(TLS1_2_VERSION));
    CHECK_FALSE(spoken(TLS1_1_VERSION));
    CHECK_FALSE(spoken(TLS1_VERSION));
}

TEST_CASE_FIXTURE(fixture, "server context: ciphers without forward secrecy are refused") {
    const auto spoken = [this](const char* ciphers) {
        in_memory_tls talk(imap.native(), [ciphers](SSL* client) {
            SSL_set_max_proto_version(client, TLS1_2_VERSION);
            REQUIRE(SSL_set_cipher_list(client, ciphers) == 1);
        });
        return talk.handshake();
    };
    CHECK(spoken("ECDHE-ECDSA-AES128-GCM-SHA256"));
    CHECK(spoken("ECDHE-ECDSA-CHACHA20-POLY1305"));
    CHECK_FALSE(spoken("AES128-GCM-SHA256"));
    CHECK_FALSE(spoken("ECDHE-ECDSA-AES128-SHA"));
}

TEST_CASE_FIXTURE(fixture, "server context: the name chooses the certificate") {
    const auto shown = [this](const char* name) {
        in_memory_tls talk(smtp.native(), [name](SSL* client) {
            if (name != nullptr) SSL_set_tlsext_host_name(client, name);
        });
        CHECK(talk.handshake());
        return talk.shown();
    };
    CHECK(shown("b.example.test") == "b.example.test");
    CHECK(shown("b.example.test.") == "b.example.test");
    CHECK(shown("unknown.example") == "a.example.test");
    CHECK(shown("b.example.test\\") == "a.example.test");  // A17
    CHECK(shown(nullptr) == "a.example.test");
}

TEST_CASE_FIXTURE(fixture, "server context: E09 ALPN is answered for its own protocol only") {
    const auto offered = [](server_context& service, std::initializer_list<std::string> names) {
        in_memory_tls talk(service.native(), [&](SSL* client) { test::offer(client, names); });
        if (!talk.handshake()) {
            CHECK(talk.client_error == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL);
            return std::string("refused");
        }
        return std::string(chosen(talk.client.get()));
    };
    CHECK(offered(imap, {"imap"}) == "imap");
    CHECK(offered(imap, {"h2", "imap"}) == "imap");
    CHECK(offered(imap, {"pop3"}) == "refused");
    CHECK(offered(imap, {"h2", "http/1.1"}) == "refused");
    CHECK(offered(imap, {"ima"}) == "refused");
    CHECK(offered(pop3, {"pop3"}) == "pop3");
    CHECK(offered(pop3, {"imap"}) == "refused");
    CHECK(offered(smtp, {"imap"}) == "refused");
    in_memory_tls without(imap.native());
    CHECK(without.handshake());
    in_memory_tls mail(smtp.native());
    CHECK(mail.handshake());
}

TEST_CASE_FIXTURE(fixture, "server context: E09 a ticket of one service does not open another") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        const auto prepare = [version](SSL* client) {
            SSL_set_tlsext_host_name(client, "b.example.test");
            SSL_set_max_proto_version(client, version);
        };
        in_memory_tls first_talk(imap.native(), prepare);
        REQUIRE(first_talk.handshake());
        first_talk.deliver_tickets();
        const std::unique_ptr<SSL_SESSION, session_free> ticket(
            SSL_get1_session(first_talk.client.get()));
        const auto resumed = [&](server_context& service) {
            in_memory_tls talk(service.native(), [&](SSL* client) {
                prepare(client);
                // TLS 1.3 uses a ticket once; a copy is as good as new here.
                SSL_SESSION* copy = SSL_SESSION_dup(ticket.get());
                SSL_set_session(client, copy);
                SSL_SESSION_free(copy);
            });
            REQUIRE(talk.handshake());
            return SSL_session_reused(talk.client.get()) == 1;
        };
        CHECK(resumed(imap));
        CHECK_FALSE(resumed(pop3));
        CHECK_FALSE(resumed(smtp));
    }
}

TEST_CASE_FIXTURE(fixture, "server context: a reload serves new handshakes and leaves open ones") {
    in_memory_tls open(imap.native());
    REQUIRE(open.handshake());
    const auto overwrite = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(second.certificate, first.certificate, overwrite);
    std::filesystem::copy_file(second.private_key, first.private_key, overwrite);
    REQUIRE(store.reload().empty());
    in_memory_tls fresh(imap.native());
    REQUIRE(fresh.handshake());
    CHECK(fresh.shown() == "b.example.test");
    CHECK(open.shown() == "a.example.test");
    REQUIRE(SSL_write(open.client.get(), "x", 1) == 1);
    char octet = 0;
    CHECK(SSL_read(open.server.get(), &octet, 1) == 1);
}

TEST_CASE_FIXTURE(fixture, "server context: no client certificate is asked for") {
    bool asked = false;
    in_memory_tls talk(imap.native(), [&asked](SSL* client) {
        SSL_set_cert_cb(
            client,
            [](SSL*, void* flag) {
                *static_cast<bool*>(flag) = true;
                return 1;
            },
            &asked);
    });
    CHECK(talk.handshake());
    CHECK_FALSE(asked);
}
