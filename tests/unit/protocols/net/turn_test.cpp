#include "protocols/net/turn.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

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
