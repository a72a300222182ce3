#include "tests/session/http/fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>
#include <malloc.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::test;

namespace {

/// Gives octets that many share, forgets what is written, then waits until it is woken.
class quiet_stream final : public net::stream {
public:
    explicit quiet_stream(const std::string& input) : rest_(input) {}

    awaitable<result<std::size_t>> read_some(std::span<char> into, duration) override {
        const auto count = std::min(into.size(), rest_.size());
        std::copy_n(rest_.begin(), count, into.begin());
        rest_.remove_prefix(count);
        co_return count;
    }
    awaitable<error_code> write(std::string_view, duration) override { co_return error_code(); }
    awaitable<error_code> wait_readable(duration) override {
        if (!rest_.empty()) co_return error_code();
        const auto executor = co_await asio::this_coro::executor;
        waits_.emplace(executor, steady_time::max());
        co_await waits_->async_wait(asio::as_tuple(asio::use_awaitable));
        co_return asio::error::operation_aborted;
    }
    [[nodiscard]] net::presence look() noexcept override { return net::presence::there; }
    void wake() noexcept override {
        if (waits_) waits_->cancel();
    }
    awaitable<error_code> start_tls(duration) override {
        co_return asio::error::operation_not_supported;
    }
    [[nodiscard]] bool can_start_tls() const noexcept override { return false; }
    [[nodiscard]] bool is_encrypted() const noexcept override { return true; }
    [[nodiscard]] net::tls_info tls() const override { return {}; }
    [[nodiscard]] const net::peer_info& peer() const noexcept override { return peer_; }
    void end_at(steady_time) noexcept override {}
    void close() noexcept override {}

private:
    std::string_view rest_;
    std::optional<asio::steady_timer> waits_;
    net::peer_info peer_;
};

struct idle_client {
    explicit idle_client(http_fixture& with, const std::string& input)
        : peer(input), session(peer, with.ports(), with.shared) {}
    quiet_stream peer;
    http::session session;
};

}  // namespace

TEST_CASE("http session: an idle connection costs a few kilobytes, whatever it has asked for") {
    constexpr std::size_t clients = 200;
    constexpr std::size_t most_octets = 6'000;  // a buffer alone has 4 KiB
    const auto level = spdlog::get_level();
    spdlog::set_level(spdlog::level::off);
    http_fixture server;
    server.handler.paths.reserve(3 * (clients + 1));
    server.handler.peers.reserve(3 * (clients + 1));
    server.shared = server.shared_config();
    const std::string input = http_line("GET /", "X: " + std::string(10'000, 'x') + "\r\n") +
                              http_line("POST /upload", "Content-Length: 100000\r\n") +
                              std::string(100'000, 'x') + http_line("GET /large");
    asio::io_context io(1);
    std::vector<std::unique_ptr<idle_client>> all;
    std::size_t ended = 0;
    const auto add = [&] {
        all.push_back(std::make_unique<idle_client>(server, input));
        asio::co_spawn(io, all.back()->session.run(), [&ended](std::exception_ptr) { ++ended; });
        for (std::size_t ran = 1; ran > 0; io.restart())
            ran = io.poll();
    };
    all.reserve(clients + 1);
    add();  // what all share is made
    const auto before = ::mallinfo2().uordblks;
    for (std::size_t i = 0; i < clients; ++i)
        add();
    const auto each = (::mallinfo2().uordblks - before) / clients;
    CHECK(server.handler.paths.size() == 3 * (clients + 1));
    MESSAGE("octets of an idle connection: " << each);
    CHECK(each < most_octets);
    for (const auto& one : all)
        one->session.request_stop();
    for (std::size_t ran = 1; ran > 0; io.restart())
        ran = io.poll();
    CHECK(ended == clients + 1);
    spdlog::set_level(level);
}
