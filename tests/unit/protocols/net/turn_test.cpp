#include "protocols/net/turn.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace hauspost;
using namespace std::chrono_literals;

namespace {

awaitable<void> work_until_over(net::turn& turn, bool& others_ran, bool& has_new_turn) {
    while (!turn.is_over()) {
    }
    CHECK_FALSE(others_ran);
    // Several times: the machine may be busy with something else for a whole turn.
    for (int n = 0; n < 100 && !has_new_turn; ++n) {
        co_await turn.yield();
        CHECK(others_ran);
        has_new_turn = !turn.is_over();
    }
}

awaitable<void> take_turns(net::turn mine, int turns, char name, std::string& order) {
    for (int n = 0; n < turns; ++n) {
        co_await mine.yield();
        order += name;
    }
}

awaitable<void> hold_over_turns(net::turn mine, std::shared_ptr<int> held) {
    while (*held != 0)
        co_await mine.yield();
}

awaitable<void> wait_for(std::chrono::milliseconds time) {
    return net::pause(time);
}

}  // namespace

TEST_CASE("turn: it ends by itself, others run, and the next one begins") {
    asio::io_context io(1);
    bool others_ran = false, has_new_turn = false;
    net::turn turn;
    auto work = work_until_over(turn, others_ran, has_new_turn);
    asio::post(io, [&io, &others_ran] { asio::post(io, [&others_ran] { others_ran = true; }); });
    test::run(io, std::move(work));
    CHECK(has_new_turn);
}

TEST_CASE("turn: those of a lane have one turn together, one after the other") {
    asio::io_context io(1);
    std::string order;
    for (const char name : {'a', 'b', 'c'})
        asio::co_spawn(io, take_turns(net::turn(7), 3, name, order), asio::detached);
    asio::co_spawn(io, take_turns(net::turn(8), 4, 'X', order), asio::detached);
    io.run();
    CHECK(order == "aXbXcXaXbcabc");
}

TEST_CASE("turn: without a lane each has its turn") {
    asio::io_context io(1);
    std::string order;
    for (const char name : {'a', 'b', 'c'})
        asio::co_spawn(io, take_turns(net::turn(), 2, name, order), asio::detached);
    io.run();
    CHECK(order == "abcabc");
}

TEST_CASE("turn: an account and an address are never the same lane, 0 is none") {
    CHECK(net::lane_of(account_id(7)) == net::lane_of(account_id(7)));
    CHECK(net::lane_of(account_id(7)) != net::lane_of(account_id(8)));
    CHECK(net::lane_of(account_id(7)) < net::lane_of("192.0.2.7"));
    CHECK(net::lane_of("192.0.2.7") != net::lane_of("192.0.2.8"));
    CHECK(net::lane_of(account_id()) == 0);
}

TEST_CASE("turn: who waits for one ends with the thread") {
    const auto held = std::make_shared<int>(1);
    {
        asio::io_context io(1);
        for (int n = 0; n < 3; ++n)
            asio::co_spawn(io, hold_over_turns(net::turn(7), held), asio::detached);
        for (int n = 0; n < 10; ++n)
            io.run_one();
        CHECK(held.use_count() == 4);
    }
    CHECK(held.use_count() == 1);
}

TEST_CASE("turn: a pause takes its time, and none for nothing and less") {
    const auto took = [](std::chrono::milliseconds time) {
        const auto began = std::chrono::steady_clock::now();
        test::run(wait_for(time));
        return std::chrono::steady_clock::now() - began;
    };
    CHECK(took(30ms) >= 30ms);
    CHECK(took(0ms) < 1s);
    CHECK(took(-1h) < 1s);
}
