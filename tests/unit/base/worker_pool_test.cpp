#include "base/worker_pool.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

using namespace hauspost;

namespace {

awaitable<void> ask(worker_pool& pool, std::optional<std::string>& answer, std::thread::id& where) {
    auto owned = std::make_unique<std::string>("done");
    auto work = [owned = std::move(owned), &where] {
        where = std::this_thread::get_id();
        return *owned;
    };
    answer = co_await pool.run(std::move(work));
}

/// Holds one thread of a pool until it is opened.
struct gate {
    std::promise<void> begun, opened;
    std::shared_future<void> open = opened.get_future().share();
};

awaitable<void> hold(worker_pool& pool, gate& door) {
    auto work = [&door] {
        door.begun.set_value();
        door.open.wait();
        return 0;
    };
    co_await pool.run(std::move(work));
}

awaitable<void> count(worker_pool& pool, int& answered, int& refused) {
    auto work = [] { return 1; };
    const auto answer = co_await pool.run(std::move(work));
    ++(answer ? answered : refused);
}

void ignore(std::exception_ptr) {}

}  // namespace

TEST_CASE("worker pool: work runs on another thread and its answer comes back to the caller's") {
    asio::io_context io(1);
    worker_pool pool("test", 1, 4);
    std::optional<std::string> answer;
    std::thread::id where;
    test::run(io, ask(pool, answer, where));
    CHECK(answer == "done");
    CHECK(where != std::this_thread::get_id());
    CHECK(where != std::thread::id());
}

TEST_CASE("worker pool: what the work throws reaches the caller") {
    asio::io_context io(1);
    worker_pool pool("test", 1, 4);
    const auto task = [](worker_pool& p) -> awaitable<void> {
        auto work = []() -> int { throw std::runtime_error("from the work"); };
        co_await p.run(std::move(work));
    };
    CHECK_THROWS_WITH(test::run(io, task(pool)), "from the work");
}

TEST_CASE("worker pool: as many may wait as the limit says, one more is refused at once") {
    asio::io_context io(1);
    worker_pool pool("test", 1, 3);
    gate door;
    int answered = 0, refused = 0;
    asio::co_spawn(io, hold(pool, door), ignore);
    io.poll();
    door.begun.get_future().wait();
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(io, count(pool, answered, refused), ignore);
    // One thread and three places: the pool counts four pieces that have not begun yet.
    test::run_until(io, [&] { return refused == 1; });
    CHECK(pool.waiting() == 4);
    CHECK(answered == 0);
    door.opened.set_value();
    test::run_until(io, [&] { return answered == 4; });
    CHECK(refused == 1);
}

TEST_CASE("worker pool: stop finishes what runs and refuses what waits and what comes later") {
    asio::io_context io(1);
    worker_pool pool("test", 1, 10);
    gate door;
    int answered = 0, refused = 0;
    asio::co_spawn(io, hold(pool, door), ignore);
    io.poll();
    door.begun.get_future().wait();
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(io, count(pool, answered, refused), ignore);
    io.poll();
    REQUIRE(pool.waiting() == 3);
    auto stopped = std::async(std::launch::async, [&pool] { pool.stop(); });
    while (pool.waiting() != 0)
        std::this_thread::yield();
    door.opened.set_value();
    stopped.get();
    test::run_until(io, [&] { return refused == 3; });
    asio::co_spawn(io, count(pool, answered, refused), ignore);
    test::run_until(io, [&] { return refused == 4; });
    CHECK(answered == 0);
    pool.stop();
}

TEST_CASE("worker pool: many callers on several threads each get their own answer") {
    asio::io_context io(1);
    worker_pool pool("test", 3, 10'000);
    int answered = 0, refused = 0;
    for (int i = 0; i < 2000; ++i)
        asio::co_spawn(io, count(pool, answered, refused), ignore);
    test::run_until(io, [&] { return answered == 2000; });
    CHECK(refused == 0);
}
