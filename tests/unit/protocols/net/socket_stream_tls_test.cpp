#include "protocols/net/socket_stream.hpp"
#include "tests/unit/protocols/net/loopback.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <openssl/err.h>

#include <array>
#include <string>

using namespace hauspost;
using namespace std::chrono_literals;
using test::blocking_client;
using test::loopback;

namespace {

constexpr auto long_limit = 20s;

struct tls_pair : loopback {
    tls_pair() : loopback(&test::test_tls()) {}
};

awaitable<void> handshake(net::stream& peer,
                          error_code& end,
                          net::stream::duration limit = long_limit) {
    end = co_await peer.start_tls(limit);
}

awaitable<void> demand_tls(net::stream& peer) {
    const auto ec = co_await peer.start_tls(long_limit);
    if (ec) throw std::runtime_error("handshake: " + ec.message());
}

/// Sends back what comes, until the end.
awaitable<void> echo(net::stream& peer, error_code& end) {
    co_await demand_tls(peer);
    std::string buffer(1 << 16, '\0');
    for (;;) {
        const auto got = co_await peer.read_some(buffer, long_limit);
        if (!got) {
            end = got.error();
            peer.close();
            co_return;
        }
        const std::string_view octets(buffer.data(), *got);
        const auto ec = co_await peer.write(octets, long_limit);
        if (ec) throw std::runtime_error("write: " + ec.message());
    }
}

awaitable<void> send_then_close(net::stream& peer, std::string octets) {
    co_await demand_tls(peer);
    const auto ec = co_await peer.write(octets, long_limit);
    if (ec) throw std::runtime_error("write: " + ec.message());
    peer.close();
}

awaitable<void> wait_and_read(net::stream& peer, std::string& all, error_code& end) {
    co_await demand_tls(peer);
    std::array<char, 100> buffer;
    for (;;) {
        end = co_await peer.wait_readable(long_limit);
        if (end) co_return;
        const auto got = co_await peer.read_some(buffer, 0ms);  // it said that something is there
        if (!got) {
            end = got.error();
            co_return;
        }
        all.append(buffer.data(), *got);
    }
}

std::string pattern(std::size_t octets) {
    std::string text(octets, '\0');
    for (std::size_t i = 0; i < octets; ++i)
        text[i] = static_cast<char>(i * 31 / 7);
    return text;
}

}  // namespace

TEST_CASE("socket stream: TLS 1.2 and 1.3 carry octets both ways and end properly") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_pair pair;
        error_code end;
        std::string back;
        CHECK(pair.stream->can_start_tls());
        pair.run_with(echo(*pair.stream, end), [&](blocking_client& client) {
            client.start_tls([version](SSL* ssl) {
                SSL_set_max_proto_version(ssl, version);
                SSL_set_tlsext_host_name(ssl, "mail.example.test");
            });
            client.send("a001 NOOP\r\n");
            back = client.receive(11);
            client.shut_down_tls();
            CHECK(client.receive_to_end().empty());
        });
        CHECK(back == "a001 NOOP\r\n");
        CHECK(end == asio::error::eof);
        CHECK(pair.stream->is_encrypted());
        CHECK_FALSE(pair.stream->can_start_tls());
        const auto tls = pair.stream->tls();
        CHECK(tls.version == (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"));
        CHECK_FALSE(tls.cipher.empty());
        CHECK(tls.server_name == "mail.example.test");
    }
}

TEST_CASE("socket stream: a server name that is no host name is not passed on") {
    tls_pair pair;
    error_code end;
    pair.run_with(echo(*pair.stream, end), [](blocking_client& client) {
        client.start_tls([](SSL* ssl) { SSL_set_tlsext_host_name(ssl, "a\"b\r\nc"); });
        client.shut_down_tls();
    });
    CHECK(pair.stream->tls().server_name.empty());
}

TEST_CASE("socket stream: sizes around a record and around the gathering buffer arrive unchanged") {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{16'383}, std::size_t{16'384}, std::size_t{16'385},
          std::size_t{131'072}, net::buffer_pool::large_octets, std::size_t{3'000'001}}) {
        CAPTURE(size);
        tls_pair pair;
        const auto sent = pattern(size);
        std::string received;
        pair.run_with(send_then_close(*pair.stream, sent), [&](blocking_client& client) {
            client.start_tls();
            received = client.receive_to_end();
        });
        CHECK(received == sent);
        CHECK(pair.loop.buffers().large_in_use() == 0);
    }
}

TEST_CASE("socket stream: a reply larger than all socket buffers arrives whole") {
    tls_pair pair;
    const auto sent = pattern(32 << 20);
    std::string received;
    pair.run_with(send_then_close(*pair.stream, sent), [&](blocking_client& client) {
        client.start_tls();
        received = client.receive(sent.size());
    });
    CHECK(received == sent);
}

TEST_CASE("socket stream: B11 a TLS reader that stops is given up and gives its buffer back") {
    tls_pair pair;
    error_code end;
    auto task = [](net::stream& peer, error_code& ec) -> awaitable<void> {
        co_await demand_tls(peer);
        const std::string much(32 << 20, 'x');
        ec = co_await peer.write(much, 50ms);
    }(*pair.stream, end);
    pair.run_with(std::move(task), [](blocking_client& client) { client.start_tls(); });
    CHECK(end == asio::error::timed_out);
    CHECK(pair.loop.buffers().large_in_use() <= 1);
    pair.stream.reset();
    CHECK(pair.loop.buffers().large_in_use() == 0);
}

TEST_CASE("socket stream: E11 a socket that ends inside TLS is no proper end") {
    tls_pair pair;
    error_code end;
    pair.run_with(echo(*pair.stream, end), [](blocking_client& client) {
        client.start_tls();
        client.send("x");
        client.receive(1);
        client.close();
    });
    CHECK(end == asio::error::connection_reset);
}

TEST_CASE("socket stream: E11 a record that is cut short is no data") {
    tls_pair pair;
    error_code end;
    std::string all;
    pair.run_with(wait_and_read(*pair.stream, all, end), [](blocking_client& client) {
        client.start_tls();
        const auto record = client.encrypt("DATA end\r\n.\r\n");
        client.send_raw(std::string_view(record).substr(0, record.size() - 1));
        client.finish_sending();
    });
    CHECK(all.empty());
    CHECK(end == asio::error::connection_reset);
}

TEST_CASE("socket stream: wait_readable sees data, not records, wherever these are cut") {
    // A record that came in two parts must not look readable before its end, and two records in
    // one segment must not hide the second.
    std::size_t octets = 1;
    for (std::size_t cut = 0; cut <= octets; ++cut) {
        tls_pair pair;
        error_code end;
        std::string all;
        pair.run_with(wait_and_read(*pair.stream, all, end), [&](blocking_client& client) {
            client.start_tls();
            auto records = client.encrypt("one ");
            records += client.encrypt("two");
            octets = records.size();
            client.send_raw(std::string_view(records).substr(0, cut));
            client.send_raw(std::string_view(records).substr(cut));
            client.shut_down_tls();
        });
        CHECK(all == "one two");
        CHECK(end == asio::error::eof);
    }
}

TEST_CASE("socket stream: a read that is woken for half a record keeps to its limit") {
    tls_pair pair;
    error_code end;
    auto task = [](net::stream& peer, error_code& ec) -> awaitable<void> {
        co_await demand_tls(peer);
        std::array<char, 10> buffer;
        const auto got = co_await peer.read_some(buffer, 50ms);
        ec = got ? error_code() : got.error();
    }(*pair.stream, end);
    pair.run_with(std::move(task), [](blocking_client& client) {
        client.start_tls();
        const auto record = client.encrypt("x");
        client.send_raw(std::string_view(record).substr(0, 3));
    });
    CHECK(end == asio::error::timed_out);
}

TEST_CASE("socket stream: wake ends a wait under TLS and loses no data") {
    tls_pair pair;
    error_code first, second = asio::error::already_started;
    std::string all;
    auto task = [](net::socket_stream& peer, error_code& one, error_code& two,
                   std::string& octets) -> awaitable<void> {
        co_await demand_tls(peer);
        peer.wake();
        one = co_await peer.wait_readable(long_limit);
        two = co_await peer.wait_readable(long_limit);
        std::array<char, 10> buffer;
        const auto got = co_await peer.read_some(buffer, long_limit);
        if (got) octets.assign(buffer.data(), *got);
    }(*pair.stream, first, second, all);
    pair.run_with(std::move(task), [](blocking_client& client) {
        client.start_tls();
        client.send("DONE\r\n");
    });
    CHECK(first == asio::error::operation_aborted);
    CHECK_FALSE(second);
    CHECK(all == "DONE\r\n");
}

TEST_CASE("socket stream: E08 a handshake that comes octet by octet succeeds") {
    tls_pair pair;
    error_code end = asio::error::already_started;
    pair.run_with(handshake(*pair.stream, end), [](blocking_client& client) {
        // The hello is cut by hand, the rest is the client's own business.
        const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
            SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
        SSL* ssl = SSL_new(context.get());
        BIO* to_server = BIO_new(BIO_s_mem());
        BIO* to_client = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl, to_client, to_server);
        while (SSL_connect(ssl) != 1) {
            char* data = nullptr;
            const auto size = BIO_get_mem_data(to_server, &data);
            for (long i = 0; i < size; ++i)
                client.send_raw({data + i, 1});
            static_cast<void>(BIO_reset(to_server));
            const auto octet = client.receive(1);
            BIO_write(to_client, octet.data(), 1);
        }
        char* data = nullptr;
        const auto size = BIO_get_mem_data(to_server, &data);
        client.send_raw({data, static_cast<std::size_t>(size)});
        SSL_free(ssl);
    });
    CHECK_FALSE(end);
    CHECK(pair.stream->is_encrypted());
}

TEST_CASE("socket stream: E08 a handshake has one limit, however many octets dribble in") {
    tls_pair pair;
    error_code end;
    pair.client.send("\x16\x03\x01\x02");
    pair.run(handshake(*pair.stream, end, 20ms));
    CHECK(end == asio::error::timed_out);
    CHECK_FALSE(pair.stream->is_encrypted());
}

TEST_CASE("socket stream: A04 plain text behind STARTTLS ends the handshake") {
    tls_pair pair;
    error_code end;
    pair.client.send("NOOP\r\nRCPT TO:<x@a.example>\r\n");
    pair.run(handshake(*pair.stream, end));
    CHECK(end);
    CHECK(end.category() == net::tls_category());
    CHECK_FALSE(end.message().empty());
    CHECK_FALSE(pair.stream->is_encrypted());
    std::array<char, 10> buffer;
    error_code after;
    pair.run([](net::stream& peer, std::span<char> into, error_code& ec) -> awaitable<void> {
        const auto got = co_await peer.read_some(into, long_limit);
        ec = got ? error_code() : got.error();
    }(*pair.stream, buffer, after));
    CHECK(after);  // nothing is read past a broken handshake
}

TEST_CASE("socket stream: E09 a refused client is told why by an alert") {
    tls_pair pair;
    error_code end;
    int reason = 0;
    pair.run_with(handshake(*pair.stream, end), [&reason](blocking_client& client) {
        CHECK_FALSE(client.try_tls([](SSL* ssl) {
            const unsigned char web[] = "\x02h2";
            SSL_set_alpn_protos(ssl, web, 3);
        }));
        reason = ERR_GET_REASON(ERR_peek_last_error());
    });
    CHECK(end);
    CHECK(reason == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL);
}

TEST_CASE("socket stream: E08 key updates are answered and bounded") {
    tls_pair pair;
    error_code end;
    std::string back;
    pair.run_with(echo(*pair.stream, end), [&back](blocking_client& client) {
        client.start_tls();
        for (int i = 0; i < 200; ++i) {
            SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
            client.send("x");
            back += client.receive(1);
        }
        client.shut_down_tls();
    });
    CHECK(back == std::string(200, 'x'));
    CHECK(end == asio::error::eof);
}

TEST_CASE("socket stream: E08 a client cannot renegotiate") {
    tls_pair pair;
    error_code end;
    pair.run_with(echo(*pair.stream, end), [](blocking_client& client) {
        client.start_tls([](SSL* ssl) { SSL_set_max_proto_version(ssl, TLS1_2_VERSION); });
        SSL_renegotiate(client.ssl());
        CHECK(SSL_do_handshake(client.ssl()) != 1);
        client.close();
    });
    CHECK(end);
}
