#include "tests/support/test_pop3.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <thread>

using namespace hauspost;
using test::imap_client;
using test::memory_stream;
using test::pop3_client;
using test::pop3_server;

namespace {

const std::string in_use = "-ERR [IN-USE] maildrop is in use by another POP3 session\r\n";
const std::string ready = "+OK maildrop locked and ready\r\n";

std::string log_in(pop3_client& client, const std::string& user = "ann@a.example") {
    client.command("USER " + user);
    return client.command("PASS pw");
}

}  // namespace

TEST_CASE("pop3 session: C02 a second login of the account is told IN-USE") {
    pop3_server server;
    pop3_client first(server);
    pop3_client second(server, "");
    CHECK(log_in(second) == in_use);
    CHECK(first.command("NOOP") == "+OK ok\r\n");
    CHECK(log_in(second) == in_use);
    CHECK(first.command("QUIT") == "+OK until next time\r\n");
    CHECK(log_in(second) == ready);
}

TEST_CASE("pop3 session: C02 other accounts and IMAP sessions go on beside it") {
    pop3_server server;
    server.parts.fill(1);
    pop3_client ann(server);
    pop3_client bob(server, "");
    CHECK(log_in(bob, "bob@a.example") == ready);
    imap_client imap(server.imap);
    CHECK(imap.command("SELECT INBOX").find("* 1 EXISTS") != std::string::npos);
}

TEST_CASE("pop3 session: C02 a maildrop is free as soon as the +OK of QUIT is read") {
    pop3_server server;
    for (int n = 0; n < 20; ++n)
        CHECK(server.talk(test::pop3_login + "QUIT\r\n").ends_with("until next time\r\n"));
}

TEST_CASE("pop3 session: C02 a holder whose peer has closed is replaced at once") {
    pop3_server server;
    pop3_client gone(server);
    pop3_client next(server, "");
    next.command("USER ann@a.example");
    gone.peer().finish();
    CHECK(next.command("PASS pw") == ready);
    CHECK(gone.is_over());
}

TEST_CASE("pop3 session: C02 a holder that is silent for too long gives way, and removes nothing") {
    pop3_server server;
    server.parts.fill(1);
    server.config.takeover_silence = std::chrono::milliseconds(0);
    pop3_client silent(server);
    silent.command("DELE 1");
    pop3_client next(server, "");
    CHECK(log_in(next) == ready);
    CHECK(silent.wait_closed().empty());
    CHECK(next.command("STAT").starts_with("+OK 1 "));
}

TEST_CASE("pop3 session: a login that fails leaves the maildrop free") {
    pop3_server server;
    CHECK(server.talk("USER ann@a.example\r\nPASS no\r\n" + test::pop3_login).ends_with(ready));
    CHECK(server.talk(test::pop3_login).ends_with(ready));
}

namespace {

/// Holds a maildrop for some turns of its thread; answers that it stays, or goes when asked.
class holder final : public pop3::maildrop_holder {
public:
    void on_maildrop_wanted() noexcept override {
        if (gives_way)
            held.give_back();
        else
            held.keep();
    }
    pop3::maildrop_locks::lock held;
    bool gives_way = false;
};

/// Says nothing when it is asked.
class mute final : public pop3::maildrop_holder {
public:
    void on_maildrop_wanted() noexcept override { ++asked; }
    int asked = 0;
};

awaitable<void> wait_for_mute(pop3::maildrop_locks& locks) {
    mute one, other;
    auto held = co_await locks.take(account_id(1), one, std::chrono::seconds(60));
    CHECK(held);
    auto refused = co_await locks.take(account_id(1), other, std::chrono::milliseconds(1));
    CHECK(!refused);
    CHECK(one.asked == 1);
    held.give_back();
    auto taken = co_await locks.take(account_id(1), other, std::chrono::seconds(60));
    CHECK(taken);
    auto moved = std::move(taken);
    CHECK(!taken);  // NOLINT: this is what is tested
    CHECK(moved);
}

awaitable<void> contend(pop3::maildrop_locks& locks,
                        std::atomic<int>& inside,
                        std::atomic<int>& taken,
                        std::atomic<int>& running,
                        std::atomic<bool>& is_broken) {
    const auto executor = co_await asio::this_coro::executor;
    holder me;
    for (int n = 0; n < 400; ++n) {
        auto got = co_await locks.take(account_id(1), me, std::chrono::seconds(20));
        if (!got) continue;
        me.held = std::move(got);
        if (++inside != 1) is_broken = true;
        for (int turn = 0; turn < n % 3; ++turn)
            co_await asio::post(executor, asio::use_awaitable);
        --inside;
        ++taken;
        me.gives_way = n % 5 == 0;
        co_await asio::post(executor, asio::use_awaitable);
        me.gives_way = false;
        me.held.give_back();
    }
    --running;
}

}  // namespace

TEST_CASE(
    "maildrop locks: a holder that does not answer costs the newcomer its patience, no more") {
    pop3::maildrop_locks locks;
    test::run(wait_for_mute(locks));
}

TEST_CASE("maildrop locks: sessions on several threads, one at a time") {
    pop3::maildrop_locks locks;
    std::atomic<int> inside = 0, taken = 0, running = 12;
    std::atomic<bool> is_broken = false;
    std::array<asio::io_context, 3> loops;
    for (int n = 0; n < 12; ++n)
        asio::co_spawn(loops[static_cast<std::size_t>(n % 3)],
                       contend(locks, inside, taken, running, is_broken),
                       [](std::exception_ptr) {});
    std::vector<std::thread> threads;
    for (auto& loop : loops) {
        threads.emplace_back([&loop, &running] {
            const auto guard = asio::make_work_guard(loop);
            const auto end = std::chrono::steady_clock::now() + test::hang_limit;
            while (running > 0 && std::chrono::steady_clock::now() < end)
                loop.run_one_for(std::chrono::milliseconds(5));
            loop.poll();
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(running == 0);
    CHECK(!is_broken);
    CHECK(taken >= 400);
}
