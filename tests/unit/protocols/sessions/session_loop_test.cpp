#include "protocols/sessions/session_loop.hpp"

#include "tests/support/log_capture.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace hauspost;
using namespace hauspost::sessions;
using namespace std::chrono_literals;

namespace {

/// Says each line back; "bye" ends it, "fault" throws.
class echo final : private session_steps {
public:
    explicit echo(net::stream& peer, const monotonic_clock& time)
        : log(peer.peer(), "echo"),
          octets(peer, time, {60s, 1000}),
          loop(octets, log, net::turn()) {}
    awaitable<void> run() { return loop.run(*this); }

    session_log log;
    class channel octets;
    session_loop loop;
    wire::line_reader lines{512};
    bool throws_on_leave = false;
    int left = 0;

private:
    awaitable<void> greet() override {
        octets.out() += "hello\n";
        co_return;
    }
    awaitable<void> step() override {
        std::string_view line;
        if (lines.next(line) == wire::line_status::need_more) {
            const auto came = co_await octets.read_lines(lines, octets.time().now() + 60s);
            if (came == input::timed_out) loop.close("timeout");
            co_return;
        }
        if (line == "fault") throw std::runtime_error("broken");
        if (line == "bye") loop.close("bye");
        octets.out() += std::string(line) + '\n';
    }
    void say_end(ending why) override {
        octets.out() += why == ending::shutdown ? "shutdown\n" : "changed\n";
        loop.close("asked");
    }
    awaitable<void> leave() override {
        ++left;
        if (throws_on_leave) throw std::runtime_error("broken");
        co_return;
    }
    [[nodiscard]] std::string end_facts() const override { return "left=" + std::to_string(left); }
};

struct outcome {
    std::string said;
    std::string log;
    int left = 0;
};

outcome talk(test::memory_stream& peer, const std::function<void(echo&)>& prepare = {}) {
    std::string all;
    const test::log_capture log(all);
    test::manual_clock time;
    peer.use(time);
    echo session(peer, time);
    if (prepare) prepare(session);
    test::run(session.run());
    CHECK(peer.is_closed());
    return {peer.output(), log.text(), session.left};
}

outcome talk(std::string input) {
    test::memory_stream peer(std::move(input));
    return talk(peer);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "session loop: greeting, steps and end, and a line in the log for the first and the last") {
    const auto got = talk("one\r\nbye\r\nthree\r\n");
    CHECK(got.said == "hello\none\nbye\n");
    CHECK(got.log ==
          "start cid=1 proto=echo peer=127.0.0.1 port=25 tls=false\n"
          "end cid=1 proto=echo reason=bye left=1 in=17 out=14 took_ms=0\n");
}

TEST_CASE("session loop: the end names how a peer was lost") {
    CHECK(has(talk("one\r\n").log, " reason=eof "));
    test::memory_stream reset("one\r\n", test::when_dry::reset);
    CHECK(has(talk(reset).log, " reason=lost "));
    test::memory_stream silent("one\r\n", test::when_dry::time_out);
    CHECK(has(talk(silent).log, " reason=timeout "));
}

TEST_CASE("session loop: a fault of ours ends the session alone, in order and with a line") {
    const auto got = talk("one\r\nfault\r\ntwo\r\n");
    CHECK(got.left == 1);
    CHECK(has(got.log, "fault cid=1 proto=echo what=\"broken\"\n"));
    CHECK(has(got.log, " reason=fault "));
    test::memory_stream peer("bye\r\n");
    const auto worse = talk(peer, [](echo& session) { session.throws_on_leave = true; });
    CHECK(has(worse.log, "what=\"broken\""));
    CHECK(has(worse.log, " reason=bye "));
}

TEST_CASE("session loop: who is asked to end says why after the step in progress") {
    const auto end_by = [](ending first, ending second) {
        test::memory_stream peer("one\r\n");
        return talk(peer,
                    [=](echo& session) {
                        session.loop.request_end(first);
                        session.loop.request_end(second);
                    })
            .said;
    };
    CHECK(end_by(ending::account_changed, ending::account_changed) == "hello\nchanged\n");
    // The server's end counts always: nobody need come back at once.
    CHECK(end_by(ending::account_changed, ending::shutdown) == "hello\nshutdown\n");
    CHECK(end_by(ending::shutdown, ending::account_changed) == "hello\nshutdown\n");
}

TEST_CASE("session loop: a handshake that fails is the reason of the end") {
    test::memory_stream peer("");
    peer.allow_tls();
    peer.fail_operation(1);
    test::manual_clock time;
    echo session(peer, time);
    const auto work = [](session_loop& loop, bool& is_on) -> awaitable<void> {
        is_on = co_await loop.start_tls(1s);
    };
    bool is_on = true;
    test::run(work(session.loop, is_on));
    CHECK_FALSE(is_on);
    CHECK_FALSE(session.octets.is_open());
    CHECK(session.loop.is_closing());
}
