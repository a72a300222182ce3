#include "protocols/net/socket_stream.hpp"

#include "tests/unit/protocols/net/loopback.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <thread>

using namespace hauspost;
using namespace std::chrono_literals;
using test::loopback;

namespace {

constexpr auto long_limit = 20s;
constexpr auto short_limit = 5ms;

awaitable<void> read_into(net::stream& peer,
                          std::string& all,
                          error_code& end,
                          std::size_t chunk = 4096) {
    std::string buffer(chunk, '\0');
    for (;;) {
        const auto got = co_await peer.read_some(buffer, long_limit);
        if (!got) {
            end = got.error();
            co_return;
        }
        CHECK(*got >= 1);
        all.append(buffer, 0, *got);
    }
}

awaitable<void> read_once(net::stream& peer, error_code& end, net::stream::duration limit) {
    std::array<char, 16> buffer;
    const auto got = co_await peer.read_some(buffer, limit);
    end = got ? error_code() : got.error();
}

awaitable<void> wait_once(net::stream& peer, error_code& end, net::stream::duration limit) {
    end = co_await peer.wait_readable(limit);
}

awaitable<void> write_all(net::stream& peer,
                          std::string octets,
                          error_code& end,
                          net::stream::duration limit = long_limit) {
    end = co_await peer.write(octets, limit);
    peer.close();
}

awaitable<void> say(net::stream& peer, std::string octets, error_code& end) {
    end = co_await peer.write(octets, long_limit);
}

error_code some_error() {
    return asio::error::already_started;
}

}  // namespace

TEST_CASE("socket stream: what the client sends is read whole and octet by octet, then eof") {
    for (const std::size_t chunk : {1, 3, 4096}) {
        loopback pair;
        std::string all;
        error_code end;
        pair.client.send("EHLO client.example\r\n");
        pair.client.finish_sending();
        pair.run(read_into(*pair.stream, all, end, chunk));
        CHECK(all == "EHLO client.example\r\n");
        CHECK(end == asio::error::eof);
    }
}

TEST_CASE("socket stream: after the client's half close it can still be answered") {
    loopback pair;
    std::string all;
    error_code end, written = some_error();
    pair.client.send("QUIT\r\n");
    pair.client.finish_sending();
    pair.run(read_into(*pair.stream, all, end));
    pair.run(write_all(*pair.stream, "221 bye\r\n", written));
    CHECK_FALSE(written);
    CHECK(pair.client.receive_to_end() == "221 bye\r\n");
}

TEST_CASE("socket stream: a reset is an error, not an end") {
    loopback pair;
    error_code end;
    pair.client.reset();
    pair.run(read_once(*pair.stream, end, long_limit));
    CHECK(end == asio::error::connection_reset);
}

TEST_CASE("socket stream: a read, a wait and a write that get nowhere end at their limit") {
    loopback pair;
    error_code end;
    pair.run(read_once(*pair.stream, end, short_limit));
    CHECK(end == asio::error::timed_out);
    pair.run(wait_once(*pair.stream, end, short_limit));
    CHECK(end == asio::error::timed_out);
    pair.client.send("x");
    pair.run(read_once(*pair.stream, end, long_limit));  // a limit that passed leaves no trace
    CHECK_FALSE(end);
    pair.run(write_all(*pair.stream, std::string(64 << 20, 'x'), end, 50ms));
    CHECK(end == asio::error::timed_out);
}

TEST_CASE("socket stream: a large write arrives whole though no socket buffer holds it") {
    loopback pair;
    std::string sent(32 << 20, '\0');
    for (std::size_t i = 0; i < sent.size(); ++i)
        sent[i] = static_cast<char>(i * 7 / 3);
    std::string received;
    error_code end = some_error();
    pair.run_with(write_all(*pair.stream, sent, end), [&received](test::blocking_client& client) {
        received = client.receive_to_end();
    });
    CHECK_FALSE(end);
    CHECK(received == sent);
}

TEST_CASE("socket stream: wait_readable tells data and end apart from silence and takes nothing") {
    loopback pair;
    error_code end = some_error();
    std::string all;
    pair.client.send("x");
    pair.run(wait_once(*pair.stream, end, long_limit));
    CHECK_FALSE(end);
    pair.client.finish_sending();
    pair.run(read_into(*pair.stream, all, end));
    CHECK(all == "x");
    pair.run(wait_once(*pair.stream, end, long_limit));
    CHECK(end == asio::error::eof);
}

TEST_CASE("socket stream: wake ends the running wait_readable") {
    loopback pair;
    error_code end;
    asio::post(pair.loop.io(), [&] {
        asio::post(pair.loop.io(), [&] { pair.stream->wake(); });  // after the wait has begun
    });
    pair.run(wait_once(*pair.stream, end, long_limit));
    CHECK(end == asio::error::operation_aborted);
    pair.run(wait_once(*pair.stream, end, short_limit));
    CHECK(end == asio::error::timed_out);  // one wake, one end
}

TEST_CASE("socket stream: wake without a wait ends the next one, but no read") {
    loopback pair;
    error_code end;
    pair.stream->wake();
    pair.client.send("x");
    pair.run(read_once(*pair.stream, end, long_limit));
    CHECK_FALSE(end);
    pair.run(wait_once(*pair.stream, end, long_limit));
    CHECK(end == asio::error::operation_aborted);
}

TEST_CASE("socket stream: wake during a read leaves the read alone") {
    loopback pair;
    error_code end = some_error();
    asio::post(pair.loop.io(), [&] {
        asio::post(pair.loop.io(), [&] {
            pair.stream->wake();
            pair.client.send("x");
        });
    });
    pair.run(read_once(*pair.stream, end, long_limit));
    CHECK_FALSE(end);
}

TEST_CASE("socket stream: close from outside ends the operation that runs") {
    loopback pair;
    error_code end;
    asio::post(pair.loop.io(), [&] { asio::post(pair.loop.io(), [&] { pair.stream->close(); }); });
    pair.run(read_once(*pair.stream, end, long_limit));
    CHECK(end == asio::error::operation_aborted);
    pair.run(read_once(*pair.stream, end, long_limit));
    CHECK(end == asio::error::bad_descriptor);
    pair.run(wait_once(*pair.stream, end, long_limit));
    CHECK(end == asio::error::bad_descriptor);
    CHECK(pair.client.receive_to_end().empty());
}

TEST_CASE("socket stream: unread input does not cost the client the last reply") {
    loopback pair;
    error_code end = some_error();
    pair.client.send(std::string(100'000, 'x'));
    pair.run(write_all(*pair.stream, "500 5.5.2 line too long\r\n", end));
    CHECK_FALSE(end);
    CHECK(pair.client.receive_to_end() == "500 5.5.2 line too long\r\n");
}

TEST_CASE("socket stream: a fast peer does not keep its thread from others") {
    loopback pair;
    bool others_ran = false;
    error_code end;
    std::string all;
    auto sender = std::async(std::launch::async, [&] {
        pair.client.send(std::string(16 << 20, 'x'));
        pair.client.finish_sending();
    });
    std::string so_far;
    asio::post(pair.loop.io(), [&] { others_ran = all.size() < (16 << 20); });
    pair.run(read_into(*pair.stream, all, end, 1 << 16));
    sender.get();
    CHECK(others_ran);
    CHECK(all.size() == 16 << 20);
}

TEST_CASE("socket stream: without TLS settings STARTTLS is not there") {
    loopback pair;
    CHECK_FALSE(pair.stream->can_start_tls());
    CHECK_FALSE(pair.stream->is_encrypted());
    CHECK(pair.stream->tls().version.empty());
    error_code end;
    test::run(pair.loop.io(), [](net::stream& peer, error_code& ec) -> awaitable<void> {
        ec = co_await peer.start_tls(long_limit);
    }(*pair.stream, end));
    CHECK(end == asio::error::operation_not_supported);
}

TEST_CASE("socket stream: B06 look() sees who has closed, and what was sent stays to be read") {
    const auto becomes = [](net::stream& peer, net::presence wanted) {
        const auto end = std::chrono::steady_clock::now() + long_limit;
        while (peer.look() != wanted && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        return peer.look() == wanted;
    };
    loopback pair;
    CHECK(pair.stream->look() == net::presence::there);
    pair.client.send("b NOOP\r\n");
    CHECK(pair.stream->look() == net::presence::there);
    pair.client.finish_sending();
    CHECK(becomes(*pair.stream, net::presence::half_closed));
    // It still reads: a line to it changes nothing.
    error_code end = some_error();
    pair.run(say(*pair.stream, "* OK still at it\r\n", end));
    CHECK_FALSE(end);
    CHECK(pair.client.receive(18) == "* OK still at it\r\n");
    CHECK(pair.stream->look() == net::presence::half_closed);
    pair.client.close();
    CHECK(pair.stream->look() == net::presence::half_closed);
    pair.run(say(*pair.stream, "* OK still at it\r\n", end));
    CHECK(becomes(*pair.stream, net::presence::gone));

    loopback other;
    std::string all;
    other.client.send("b NOOP\r\n");
    other.client.finish_sending();
    CHECK(becomes(*other.stream, net::presence::half_closed));
    other.run(read_into(*other.stream, all, end));
    CHECK(all == "b NOOP\r\n");

    loopback third;
    third.client.reset();
    CHECK(becomes(*third.stream, net::presence::gone));
}
