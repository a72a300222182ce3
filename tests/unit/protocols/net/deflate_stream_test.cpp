#include "protocols/net/deflate_stream.hpp"

#include "protocols/net/turn.hpp"
#include "tests/support/deflate_text.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <doctest/doctest.h>

using namespace hauspost;
using namespace std::chrono_literals;
using test::deflate_peer;
using test::memory_stream;
using test::when_dry;

namespace {

constexpr auto limit = 20s;

awaitable<void> read_all(net::stream& from, std::string& all, error_code& end, std::size_t step) {
    std::string buffer(step, '\0');
    for (;;) {
        const auto got = co_await from.read_some(buffer, limit);
        if (!got) {
            end = got.error();
            co_return;
        }
        CHECK(*got >= 1);
        all.append(buffer, 0, *got);
    }
}

awaitable<void> write_all(net::stream& to, std::string text) {
    const auto failed = co_await to.write(text, limit);
    CHECK(!failed);
}

awaitable<void> wait_once(net::stream& from, error_code& end, bool& is_done) {
    end = co_await from.wait_readable(limit);
    is_done = true;
}

const std::string empty_block("\0\0\0\xff\xff", 5);

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int n = 0; n < times; ++n)
        all += text;
    return all;
}

awaitable<void> drip(memory_stream& to, const bool& is_done) {
    while (!is_done) {
        to.send(empty_block);
        co_await net::pause(5ms);
    }
}

awaitable<void> read_within(net::stream& from, error_code& end, bool& is_done) {
    std::string buffer(64, '\0');
    const auto got = co_await from.read_some(buffer, 100ms);
    end = got ? error_code() : got.error();
    is_done = true;
}

awaitable<void> wait_within(net::stream& from, error_code& end, bool& is_done) {
    end = co_await from.wait_readable(100ms);
    is_done = true;
}

std::string lines(int count) {
    std::string text;
    for (int n = 0; n < count; ++n)
        text += "* " + std::to_string(n) + " FETCH (FLAGS (\\Seen))\r\n";
    return text;
}

}  // namespace

TEST_CASE("deflate stream: before start() everything goes straight through") {
    memory_stream inner("plain");
    net::deflate_stream peer(inner);
    std::string all;
    error_code end;
    test::run(read_all(peer, all, end, 64));
    test::run(write_all(peer, "out"));
    CHECK(all == "plain");
    CHECK(end == asio::error::eof);
    CHECK(inner.output() == "out");
    CHECK_FALSE(peer.is_compressing());
}

TEST_CASE("deflate stream: reads what a client deflated, however it is cut") {
    deflate_peer client;
    const auto text = lines(3'000);
    auto octets = client.deflate(text);
    octets += client.deflate("end\r\n");
    for (const std::size_t cut : {1u, 7u, 1'000u, 100'000u})
        for (const std::size_t step : {1u, 100u, 16'384u}) {
            memory_stream inner(octets.substr(3));
            inner.split_every(cut);
            net::deflate_stream peer(inner);
            // Three octets came with the command that asked for it.
            peer.start(octets.substr(0, 3));
            std::string all;
            error_code end;
            test::run(read_all(peer, all, end, step));
            CHECK(all == text + "end\r\n");
            CHECK(end == asio::error::eof);
        }
}

TEST_CASE("deflate stream: each write can be read at once by the client, after idle times too") {
    deflate_peer client;
    memory_stream inner("", when_dry::time_out);
    net::deflate_stream peer(inner);
    peer.start("");
    std::size_t written = 0;
    for (int n = 0; n < 50; ++n) {
        const auto text = lines(n % 7 * 900 + 1);
        written += text.size();
        test::run(write_all(peer, text));
        CHECK(client.inflate(inner.take_output()) == text);
        if (n % 3 != 0) continue;
        // Here the compressor is given back.
        error_code end;
        bool is_done = false;
        test::run(wait_once(peer, end, is_done));
        CHECK(end == asio::error::timed_out);
    }
    CHECK(inner.output().size() < written / 8);
}

TEST_CASE("deflate stream: the end of a flush is no reason to wake up, and the wait can be woken") {
    deflate_peer client;
    const auto octets = client.deflate("a IDLE\r\n");
    const auto tail = octets.size() - 4;  // the empty block that ends a flush
    memory_stream inner(octets.substr(0, tail), when_dry::wait);
    net::deflate_stream peer(inner);
    peer.start("");
    asio::io_context io(1);
    std::string buffer(64, '\0');
    std::string seen;
    const auto read = [](net::stream& from, std::string& into,
                         std::string& all) -> awaitable<void> {
        const auto got = co_await from.read_some(into, limit);
        if (got) all.append(into, 0, *got);
    };
    while (seen.size() < 8)
        test::run(io, read(peer, buffer, seen));
    CHECK(seen == "a IDLE\r\n");
    error_code end;
    bool is_done = false;
    asio::co_spawn(io, wait_once(peer, end, is_done), asio::detached);
    inner.send(octets.substr(tail));
    test::run_until(io, [&] { return inner.is_waiting() && inner.unread_input().empty(); });
    CHECK_FALSE(is_done);
    peer.wake();
    test::run_until(io, [&] { return is_done; });
    CHECK(end == asio::error::operation_aborted);
    is_done = false;
    asio::co_spawn(io, wait_once(peer, end, is_done), asio::detached);
    inner.send(client.deflate("DONE\r\n"));
    test::run_until(io, [&] { return is_done; });
    CHECK(!end);
    seen.clear();
    while (seen.size() < 6)
        test::run(io, read(peer, buffer, seen));
    CHECK(seen == "DONE\r\n");
}

TEST_CASE("deflate stream: what is no deflate ends the connection, what came before it is read") {
    deflate_peer client;
    memory_stream inner(client.deflate("good\r\n") + std::string(64, '\xff'));
    net::deflate_stream peer(inner);
    peer.start("");
    std::string all;
    error_code end;
    test::run(read_all(peer, all, end, 64));
    CHECK(all == "good\r\n");
    CHECK(end);
    CHECK(end != asio::error::eof);
}

TEST_CASE("deflate stream: B13 of a bomb no more is inflated than the reader asks for") {
    deflate_peer client;
    const auto bomb = client.deflate(std::string(16'000'000, 'x'));
    CHECK(bomb.size() < 17'000);
    memory_stream inner(bomb);
    net::deflate_stream peer(inner);
    peer.start("");
    std::string all;
    error_code end;
    test::run(read_all(peer, all, end, 16 * 1024));
    CHECK(all.size() == 16'000'000);
    CHECK(end == asio::error::eof);
}

TEST_CASE("deflate stream: B13 empty blocks that keep coming do not renew the limit of a read") {
    for (const bool reads : {true, false}) {
        memory_stream inner("", when_dry::wait);
        net::deflate_stream peer(inner);
        peer.start("");
        asio::io_context io(1);
        error_code end;
        bool is_done = false;
        auto work = reads ? read_within(peer, end, is_done) : wait_within(peer, end, is_done);
        asio::co_spawn(io, std::move(work), asio::detached);
        test::run(io, drip(inner, is_done), 10s);
        CHECK(end == asio::error::timed_out);
    }
}

TEST_CASE("deflate stream: B13 16 KiB of empty blocks are taken, more end the connection") {
    deflate_peer client;
    const auto few = repeated(empty_block, 3'200);
    for (const std::size_t cut : {5u, 4'096u}) {
        deflate_peer other;
        memory_stream good(few + other.deflate("one\r\n") + few + other.deflate("two\r\n"));
        good.split_every(cut);
        net::deflate_stream peer(good);
        peer.start("");
        std::string all;
        error_code end;
        test::run(read_all(peer, all, end, 64));
        CHECK(all == "one\r\ntwo\r\n");
        CHECK(end == asio::error::eof);
    }
    memory_stream bad(repeated(empty_block, 20'000) + client.deflate("late\r\n"));
    net::deflate_stream peer(bad);
    peer.start("");
    std::string all;
    error_code end;
    test::run(read_all(peer, all, end, 64));
    CHECK(all.empty());
    CHECK(end);
    CHECK(end != asio::error::eof);
    CHECK(bad.unread_input().size() > 50'000);
}
