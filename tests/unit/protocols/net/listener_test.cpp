#include "protocols/net/listener.hpp"

#include "tests/unit/protocols/net/loopback.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace hauspost;
using namespace std::chrono_literals;
using test::blocking_client;

namespace {

constexpr auto long_limit = 20s;

/// Greets, echoes lines, says goodbye when it is woken; "throw" and "hang" do what they say.
awaitable<void> session(net::stream& peer) {
    if (co_await peer.write("hello\n", long_limit)) co_return;
    std::string buffer(100, '\0');
    for (;;) {
        const auto ec = co_await peer.wait_readable(long_limit);
        if (ec == asio::error::operation_aborted) co_await peer.write("bye\n", long_limit);
        if (ec) co_return;
        const auto got = co_await peer.read_some(buffer, long_limit);
        if (!got) co_return;
        const auto text = buffer.substr(0, *got);
        if (text == "throw") throw std::runtime_error("from a test");
        if (text == "hang") {
            std::string much(64 << 20, 'x');
            co_await peer.write(much, long_limit);
            co_return;
        }
        if (co_await peer.write(text, long_limit)) co_return;
    }
}

net::gate_limits no_limits() {
    net::gate_limits limits;
    limits.exempt_loopback = true;
    return limits;
}

struct service {
    explicit service(net::listener_settings settings = {},
                     net::gate_limits limits = no_limits(),
                     net::serve_function serve = &session,
                     const char* at = "127.0.0.1")
        : gate(limits),
          threads(2),
          listener(threads,
                   gate,
                   {asio::ip::make_address(at), 0},
                   std::move(settings),
                   std::move(serve)) {
        threads.start();
        listener.start();
    }
    [[nodiscard]] std::uint16_t port() const { return listener.local_endpoint().port(); }
    void stop(std::chrono::milliseconds limit = long_limit) { test::run(listener.stop(limit)); }

    net::connection_gate gate;
    net::io_threads threads;
    net::listener listener;
};

net::listener_settings named(const std::string& name) {
    net::listener_settings settings;
    settings.name = name;
    return settings;
}

}  // namespace

TEST_CASE("listener: connections are served side by side, on all threads") {
    std::mutex mutex;
    std::set<std::thread::id> used;
    std::set<std::uint64_t> ids;
    service imap(named("imap"), no_limits(), [&](net::stream& peer) {
        const std::lock_guard lock(mutex);
        used.insert(std::this_thread::get_id());
        ids.insert(peer.peer().id.value());
        CHECK(peer.peer().address == "127.0.0.1");
        CHECK(peer.peer().is_loopback);
        CHECK(peer.peer().port != 0);
        return session(peer);
    });
    std::vector<std::unique_ptr<blocking_client>> clients;
    for (int i = 0; i < 6; ++i)
        clients.push_back(std::make_unique<blocking_client>(imap.port()));
    for (auto& client : clients)
        CHECK(client->receive(6) == "hello\n");
    clients[3]->send("three");
    CHECK(clients[3]->receive(5) == "three");
    CHECK(imap.listener.open_connections() == 6);
    CHECK(imap.gate.open() == 6);
    imap.stop();
    CHECK(used.size() == 2);
    CHECK(ids.size() == 6);
}

TEST_CASE("listener: H06 connections that go leave nothing behind") {
    service imap(named("imap"));
    for (int i = 0; i < 200; ++i) {
        blocking_client client(imap.port());
        if (i % 3 == 0) client.reset();
    }
    imap.stop();
    CHECK(imap.listener.open_connections() == 0);
    CHECK(imap.gate.open() == 0);
}

TEST_CASE("listener: an exception of one session ends that session only") {
    service imap(named("imap"));
    blocking_client good(imap.port()), bad(imap.port());
    CHECK(bad.receive(6) == "hello\n");
    bad.send("throw");
    CHECK(bad.receive_to_end().empty());
    CHECK(good.receive(6) == "hello\n");
    good.send("on");
    CHECK(good.receive(2) == "on");
    imap.stop();
    CHECK(imap.gate.open() == 0);
}

TEST_CASE("listener: a connection that the gate refuses hears why, up to the limit none does") {
    auto settings = named("smtp");
    settings.refusal = "421 4.7.0 too many connections\r\n";
    net::gate_limits limits;
    limits.exempt_loopback = false;
    limits.max_per_address = 2;
    service smtp(settings, limits);
    blocking_client one(smtp.port());
    auto two = std::make_unique<blocking_client>(smtp.port());
    CHECK(one.receive(6) == "hello\n");
    CHECK(two->receive(6) == "hello\n");
    CHECK(blocking_client(smtp.port()).receive_to_end() == settings.refusal);
    smtp.stop();
}

TEST_CASE("listener: stop lets idle sessions say goodbye and refuses new ones") {
    service imap(named("imap"));
    blocking_client one(imap.port()), two(imap.port());
    CHECK(one.receive(6) == "hello\n");
    CHECK(two.receive(6) == "hello\n");
    const auto port = imap.port();
    imap.stop();
    CHECK(one.receive_to_end() == "bye\n");
    CHECK(two.receive_to_end() == "bye\n");
    CHECK_THROWS(blocking_client{port});
    CHECK(imap.listener.open_connections() == 0);
}

TEST_CASE("listener: stop closes what does not end within the limit") {
    service imap(named("imap"));
    blocking_client stubborn(imap.port());
    CHECK(stubborn.receive(6) == "hello\n");
    stubborn.send("hang");
    stubborn.receive(1);
    imap.stop(20ms);
    CHECK(imap.listener.open_connections() == 0);
}

TEST_CASE(
    "listener: threads that stop under open connections leak nothing and touch nothing freed") {
    service imap(named("imap"));
    blocking_client one(imap.port());
    CHECK(one.receive(6) == "hello\n");
}

TEST_CASE("listener: with TLS from the first octet the session begins after the handshake") {
    auto settings = named("imaps");
    settings.tls = &test::test_tls();
    settings.implicit_tls = true;
    std::atomic<int> served{0};
    service imaps(settings, no_limits(), [&served](net::stream& peer) {
        CHECK(peer.is_encrypted());
        CHECK_FALSE(peer.can_start_tls());
        ++served;
        return session(peer);
    });
    {
        blocking_client plain(imaps.port());
        plain.send("a001 NOOP\r\n");
        CHECK(plain.receive_to_end().find("hello") == std::string::npos);
    }
    CHECK(served == 0);
    blocking_client client(imaps.port());
    client.start_tls();
    CHECK(client.receive(6) == "hello\n");
    imaps.stop();
    CHECK(client.receive_to_end() == "bye\n");
    CHECK(served == 1);
}

TEST_CASE("listener: H01 a client that never begins TLS is dropped at the handshake's limit") {
    auto settings = named("imaps");
    settings.tls = &test::test_tls();
    settings.implicit_tls = true;
    settings.handshake_timeout = 1s;
    service imaps(settings);
    blocking_client silent(imaps.port());
    CHECK(silent.receive_to_end().empty());
    imaps.stop();
}

TEST_CASE("listener: IPv4 and IPv6 of one port live side by side") {
    net::connection_gate gate(no_limits());
    net::io_threads threads(1);
    std::unique_ptr<net::listener> v6;
    try {
        v6 = std::make_unique<net::listener>(
            threads, gate, net::listener::endpoint{asio::ip::make_address("::"), 0}, named("imap"),
            &session);
    } catch (const std::runtime_error&) {
        MESSAGE("this machine has no IPv6");
        return;
    }
    const auto port = v6->local_endpoint().port();
    net::listener v4(threads, gate, {asio::ip::make_address("0.0.0.0"), port}, named("imap"),
                     &session);
    threads.start();
    v4.start();
    v6->start();
    CHECK(blocking_client(port).receive(6) == "hello\n");
    CHECK(blocking_client(port, "::1").receive(6) == "hello\n");
    test::run(v4.stop(long_limit));
    test::run(v6->stop(long_limit));
}

TEST_CASE("listener: an address that is in use is told with port, service and reason") {
    service imap(named("imap"));
    try {
        net::listener again(imap.threads, imap.gate, imap.listener.local_endpoint(), named("imap"),
                            &session);
        FAIL("it was bound twice");
    } catch (const std::runtime_error& fault) {
        CHECK(std::string(fault.what()) ==
              "cannot listen on 127.0.0.1 port " + std::to_string(imap.port()) +
                  " for imap: Address already in use; is another server running there?");
    }
    imap.stop();
}

// UBSan opens a pipe to look at the type of an object that it sees for the first time; where there
// are no descriptors it takes the logger for broken. So this one runs in plain builds and TSan's.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool needs_descriptors = true;
#else
constexpr bool needs_descriptors = false;
#endif

TEST_CASE("listener: H02 without descriptors accepting pauses, and goes on when there are some" *
          doctest::skip(needs_descriptors)) {
    service imap(named("imap"));
    blocking_client client(imap.port());
    CHECK(client.receive(6) == "hello\n");
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const int next_free = ::dup(0);
    ::close(next_free);
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(next_free) + 1;  // one more: the second client's own
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    const auto begun_at = std::chrono::steady_clock::now();
    // libc opens files of its own on other threads now and then: for a moment it may have taken it.
    std::optional<blocking_client> second;
    for (int failures = 0; !second;) {
        try {
            second.emplace(imap.port());
        } catch (const std::runtime_error&) {
            REQUIRE(++failures < 1'000);
            std::this_thread::yield();
        }
    }
    while (imap.listener.pauses() < 3 && std::chrono::steady_clock::now() - begun_at < long_limit)
        std::this_thread::yield();
    const auto paused = imap.listener.pauses();
    const auto took = std::chrono::steady_clock::now() - begun_at;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(paused == 3);
    CHECK(took >= 150ms);  // 50 and 100 lie between the first pause and the third: no spinning
    CHECK(second->receive(6) == "hello\n");
    imap.stop();
}
