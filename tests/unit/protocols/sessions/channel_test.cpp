#include "protocols/sessions/channel.hpp"

#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

using namespace hauspost;
using namespace hauspost::sessions;
using namespace std::chrono_literals;

namespace {

/// A channel over a peer in memory, by a clock of the test's.
struct rig {
    explicit rig(std::string input = {}, test::when_dry then = test::when_dry::wait)
        : peer(std::move(input), then) {
        peer.use(time);
    }

    /// Waits for octets up to that long; done() is true once that has ended.
    void begin_reading(steady_time::duration limit) {
        const auto work = [](rig& with, steady_time until) -> awaitable<void> {
            with.came = co_await with.channel.read_lines(with.lines, until);
        };
        asio::co_spawn(io, work(*this, time.now() + limit), asio::detached);
    }
    void settle() {
        test::run_until(io, [this] { return came || peer.is_waiting(); });
    }
    input read(steady_time::duration limit) {
        came.reset();
        begin_reading(limit);
        test::run_until(io, [this] { return came.has_value(); });
        return *came;
    }
    bool flush() {
        bool is_open = false;
        const auto work = [](class channel& with, bool& out) -> awaitable<void> {
            out = co_await with.flush();
        };
        test::run(io, work(channel, is_open));
        return is_open;
    }

    asio::io_context io{1};
    test::manual_clock time;
    test::memory_stream peer;
    class channel channel {
        peer, time, { 60s, 100 }
    };
    wire::line_reader lines{512};
    std::optional<input> came;
};

}  // namespace

TEST_CASE("channel: output is gathered, written at once, and counted") {
    rig with;
    with.channel.out() += "one\r\n";
    with.channel.out() += "two\r\n";
    CHECK(with.peer.output().empty());
    CHECK(with.flush());
    CHECK(with.flush());
    CHECK(with.peer.output() == "one\r\ntwo\r\n");
    CHECK(with.peer.writes() == 1);
    CHECK(with.channel.octets_out() == 10);
    with.channel.out().assign(99, 'x');
    CHECK_FALSE(with.channel.is_full());
    with.channel.out() += 'x';
    CHECK(with.channel.is_full());
}

TEST_CASE("channel: what is said goes out before it waits, and what comes is counted") {
    rig with("NOOP\r\n");
    with.channel.out() = "hello\r\n";
    CHECK(with.read(1s) == input::octets);
    CHECK(with.peer.output() == "hello\r\n");
    CHECK(with.channel.octets_in() == 6);
    std::string_view line;
    CHECK(with.lines.next(line) == wire::line_status::complete);
    CHECK(line == "NOOP");
}

TEST_CASE("channel: a wait ends when its time has come, and the connection stands") {
    rig with;
    with.begin_reading(60s);
    with.settle();
    CHECK(with.channel.waits() == waiting::for_input);
    with.time.advance(59s);
    CHECK_FALSE(with.came);
    with.time.advance(1s);
    test::run_until(with.io, [&] { return with.came.has_value(); });
    CHECK(with.came == input::timed_out);
    CHECK(with.channel.is_open());
    CHECK(with.channel.waits() == waiting::no);
}

TEST_CASE("channel: a peer that always has one more octet does not outrun the limit") {
    rig with("x");
    CHECK(with.read(0s) == input::timed_out);
    CHECK(with.channel.octets_in() == 0);
}

TEST_CASE("channel: who wakes the stream ends the wait, and nothing is lost by it") {
    rig with;
    with.begin_reading(60s);
    with.settle();
    with.peer.wake();
    test::run_until(with.io, [&] { return with.came.has_value(); });
    CHECK(with.came == input::woken);
    with.peer.send("QUIT\r\n");
    CHECK(with.read(60s) == input::octets);
}

TEST_CASE("channel: a lost peer hears nothing more, and why it was lost is kept") {
    rig with("", test::when_dry::reset);
    CHECK(with.read(60s) == input::lost);
    CHECK_FALSE(with.channel.is_open());
    CHECK(with.channel.why_lost() == asio::error::connection_reset);
    with.channel.out() = "too late";
    CHECK_FALSE(with.flush());
    CHECK(with.channel.out().empty());
    with.channel.lose(asio::error::eof);
    CHECK(with.channel.why_lost() == asio::error::connection_reset);
}

TEST_CASE("channel: when octets moved last") {
    rig with;
    const auto began = with.time.now();
    CHECK(with.channel.moved_at() == began);
    with.time.advance(5s);
    with.channel.out() = "x";
    CHECK(with.flush());
    CHECK(with.channel.moved_at() == began + 5s);
    with.time.advance(5s);
    CHECK(with.flush());  // nothing to write: nothing moved
    CHECK(with.channel.moved_at() == began + 5s);
    with.peer.send("y");
    CHECK(with.read(1s) == input::octets);
    CHECK(with.channel.moved_at() == began + 10s);
}
