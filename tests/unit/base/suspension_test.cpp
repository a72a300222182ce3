#include "base/suspension.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <doctest/doctest.h>

using namespace hauspost;

namespace {

/// Waits until somebody gives it up. Resumed by that, as who works for it must.
awaitable<void> wait(bool& is_given_up) {
    suspension here;
    const auto start = [&here, &is_given_up] {
        here.cancellation().assign([&here, &is_given_up](asio::cancellation_type) {
            is_given_up = true;
            here.post();
        });
    };
    co_await suspend(here, start);
}

awaitable<void> go_on_at_once() {
    suspension here;
    const auto start = [&here] { here.post(); };
    co_await suspend(here, start);
}

awaitable<void> race(bool& is_given_up) {
    using namespace asio::experimental::awaitable_operators;
    auto slow = wait(is_given_up);
    auto quick = go_on_at_once();
    co_await (std::move(slow) || std::move(quick));
}

awaitable<void> look(bool& is_connected) {
    suspension here;
    const auto start = [&here, &is_connected] {
        is_connected = here.cancellation().is_connected();
        here.post();
    };
    co_await suspend(here, start);
}

}  // namespace

TEST_CASE("suspension: who works for a coroutine hears that it is given up") {
    bool is_given_up = false;
    test::run(race(is_given_up));
    CHECK(is_given_up);
}

TEST_CASE("suspension: what nobody can cancel has nowhere to hear of it") {
    bool is_connected = true;
    test::run(look(is_connected));
    CHECK_FALSE(is_connected);
}
