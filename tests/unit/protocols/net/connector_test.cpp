#include "protocols/net/connector.hpp"

#include "tests/support/run.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/error.hpp>
#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <memory>
#include <string>

using namespace hauspost;
using namespace std::chrono_literals;

namespace {

using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

asio::ip::tcp::endpoint on_loopback(unsigned short port = 0) {
    return {asio::ip::make_address("127.0.0.1"), port};
}

struct attempted {
    std::unique_ptr<net::stream> stream;
    error_code failed;
};

attempted try_connect(net::io_loop& loop, net::connect_settings how) {
    attempted end;
    auto task = [](net::io_loop& on, net::connect_settings to, attempted& into) -> awaitable<void> {
        auto made = co_await net::connect(on, to);
        if (made)
            into.stream = std::move(*made);
        else
            into.failed = made.error();
    };
    test::run(loop.io(), task(loop, how, end));
    return end;
}

}  // namespace

TEST_CASE("connector: a connection is a stream that knows its peer") {
    net::io_loop loop;
    acceptor_type door(loop.io(), on_loopback());
    net::connect_settings how;
    how.to = door.local_endpoint();
    const auto first = try_connect(loop, how);
    const auto second = try_connect(loop, how);
    REQUIRE(first.stream);
    REQUIRE(second.stream);
    const auto& peer = first.stream->peer();
    CHECK(peer.address == "127.0.0.1");
    CHECK(peer.port == how.to.port());
    CHECK(peer.local_port != 0);
    CHECK(peer.is_loopback);
    CHECK(peer.id != second.stream->peer().id);
    CHECK_FALSE(first.stream->can_start_tls());
    CHECK_FALSE(first.stream->is_encrypted());
}

TEST_CASE("connector: octets go both ways") {
    net::io_loop loop;
    acceptor_type door(loop.io(), on_loopback());
    net::connect_settings how;
    how.to = door.local_endpoint();
    const auto made = try_connect(loop, how);
    REQUIRE(made.stream);
    auto server = door.accept();
    auto talk = [](net::stream& peer) -> awaitable<void> {
        const auto failed = co_await peer.write("EHLO x\r\n", 5s);
        CHECK_FALSE(failed);
        std::array<char, 100> buffer;
        const auto got = co_await peer.read_some(buffer, 5s);
        REQUIRE(got);
        CHECK(std::string(buffer.data(), *got) == "250 y\r\n");
    };
    server.send(asio::buffer("250 y\r\n", 7));
    test::run(loop.io(), talk(*made.stream));
    std::array<char, 100> buffer;
    const auto got = server.receive(asio::buffer(buffer));
    CHECK(std::string(buffer.data(), got) == "EHLO x\r\n");
}

TEST_CASE("connector: the connection comes from the address that is asked for") {
    net::io_loop loop;
    acceptor_type door(loop.io(), on_loopback());
    net::connect_settings how;
    how.to = door.local_endpoint();
    how.from = asio::ip::make_address("127.0.0.9");
    const auto made = try_connect(loop, how);
    REQUIRE(made.stream);
    CHECK(door.accept().remote_endpoint().address() == *how.from);
    // One that this machine does not have, and one of the other family.
    how.from = asio::ip::make_address("192.0.2.1");
    CHECK(try_connect(loop, how).failed ==
          asio::error::make_error_code(static_cast<asio::error::basic_errors>(EADDRNOTAVAIL)));
    how.from = asio::ip::make_address("::1");
    CHECK(try_connect(loop, how).failed);
}

TEST_CASE("connector: nobody there is an error, not an exception") {
    net::io_loop loop;
    net::connect_settings how;
    {
        const acceptor_type door(loop.io(), on_loopback());
        how.to = door.local_endpoint();
    }
    const auto made = try_connect(loop, how);
    CHECK_FALSE(made.stream);
    CHECK(made.failed == asio::error::connection_refused);
}

TEST_CASE("connector: a host that does not answer costs the limit and no more") {
    net::io_loop loop;
    // A queue that is full: Linux does not answer who comes then.
    acceptor_type door(loop.io(), asio::ip::tcp::v4());
    door.bind(on_loopback());
    ::listen(door.native_handle(), 0);
    net::connect_settings how;
    how.to = door.local_endpoint();
    how.limit = 50ms;
    std::vector<std::unique_ptr<net::stream>> filling;
    error_code end;
    for (int i = 0; i < 20 && !end; ++i) {
        auto made = try_connect(loop, how);
        end = made.failed;
        filling.push_back(std::move(made.stream));
    }
    CHECK(end == asio::error::timed_out);
}

TEST_CASE("connector: A23 the last moment of a stream ends what its own limit would let go on") {
    net::io_loop loop;
    acceptor_type door(loop.io(), on_loopback());
    net::connect_settings how;
    how.to = door.local_endpoint();
    const auto made = try_connect(loop, how);
    REQUIRE(made.stream);
    auto server = door.accept();
    auto talk = [](net::stream& peer) -> awaitable<void> {
        std::array<char, 10> buffer;
        peer.end_at(std::chrono::steady_clock::now() + 30ms);
        const auto got = co_await peer.read_some(buffer, 20s);
        CHECK(got.error() == asio::error::timed_out);
        const std::string much(std::size_t{64} << 20, 'x');  // the other side reads nothing
        const auto late = co_await peer.write(much, 20s);
        CHECK(late == asio::error::timed_out);
        peer.end_at(steady_time::max());
        const auto again = co_await peer.read_some(buffer, 30ms);
        CHECK(again.error() == asio::error::timed_out);
    };
    const auto began = std::chrono::steady_clock::now();
    test::run(loop.io(), talk(*made.stream));
    CHECK(std::chrono::steady_clock::now() - began < 10s);
}
