#pragma once

#include "protocols/http/problem.hpp"
#include "protocols/http/session/event_queue.hpp"
#include "protocols/http/session/session.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::test {

/// Answers a few paths, and remembers what it was asked.
class fake_handler final : public http::handler {
public:
    fake_handler() { standing_.add("X-Content-Type-Options", "nosniff"); }

    awaitable<http::head_verdict> on_head(const http::request_head& head,
                                          const http::client& from) override {
        peers.push_back(from.peer.address + (from.is_encrypted ? " tls" : ""));
        if (head.path == "/head-fault") throw std::runtime_error("broken head");
        if (head.path == "/denied")
            co_return http::head_verdict(http::answer(http::response(401, "text/plain", "no")));
        if (head.path == "/upload") co_return http::head_verdict(std::size_t{100'000});
        co_return http::head_verdict(most);
    }

    awaitable<http::answer> on_request(http::request asked, const http::client&) override {
        paths.push_back(asked.head.path);
        if (during) during(asked);
        if (asked.head.path == "/fault") throw std::runtime_error("broken");
        if (asked.head.path == "/events") co_return http::answer(events);
        if (asked.head.path == "/large") {
            http::response made(200);
            made.fixed = large;
            co_return made;
        }
        if (asked.head.path == "/none") co_return http::response(204);
        http::response made(200, "text/plain", asked.body.empty() ? "hello" : asked.body);
        made.route = "hello";
        made.closes = asked.head.path == "/close";
        co_return made;
    }

    [[nodiscard]] const http::header_block& standing_fields() const noexcept override {
        return standing_;
    }

    std::size_t most = 10;
    std::shared_ptr<http::event_source> events;
    std::function<void(const http::request&)> during;
    std::string large = std::string(1'000'000, 'x');
    std::vector<std::string> paths;
    std::vector<std::string> peers;

private:
    http::header_block standing_;
};

inline const std::string http_date_line = "Date: Fri, 02 Jan 2026 03:04:05 GMT\r\n";
inline const std::string http_hello =
    "HTTP/1.1 200 OK\r\n" + http_date_line +
    "Content-Type: text/plain\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 5\r\n\r\nhello";
inline const std::string http_get = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";

/// "GET" and a path, with a Host.
inline std::string http_line(const std::string& verb_and_path, const std::string& fields = {}) {
    return verb_and_path + " HTTP/1.1\r\nHost: a.example\r\n" + fields + "\r\n";
}

/// One HTTP session whose time the test owns.
class http_fixture {
public:
    /// A whole conversation of a client that sends all at once and then closes; all output.
    std::string talk(const std::string& input) {
        memory_stream peer(input);
        return talk(peer);
    }
    std::string talk(memory_stream& peer) {
        peer.use(time);
        std::string lines;
        {
            const log_capture captured(lines);
            http::session session(peer, ports(), shared_config());
            run(session.run());
        }
        log += lines;
        if (!peer.is_closed()) throw std::runtime_error("the stream is still open");
        return peer.output();
    }

    [[nodiscard]] http::session_ports ports() { return {handler, time.wall(), time}; }
    [[nodiscard]] std::shared_ptr<const http::session_config> shared_config() const {
        return std::make_shared<http::session_config>(config);
    }

    manual_clock time;
    fake_handler handler;
    http::session_config config;
    std::string log;
};

/// A client that talks step by step.
class http_client {
public:
    explicit http_client(http_fixture& with) : with_(with) {
        peer.use(with.time);
        session = std::make_unique<http::session>(peer, with.ports(), with.shared_config());
        asio::co_spawn(io, session->run(), [this](std::exception_ptr fault) {
            is_over = true;
            if (fault) std::rethrow_exception(fault);
        });
        settle();
    }
    ~http_client() {
        peer.finish();
        settle();
        CHECK(is_over);
    }
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    /// Until the session can do no more without us. Returns the output not seen yet.
    std::string settle() {
        for (std::size_t ran = 1; ran > 0;) {
            io.restart();
            ran = io.poll();
        }
        return peer.take_output();
    }
    std::string send(std::string_view octets) {
        peer.send(octets);
        return settle();
    }
    /// The time passes in which the session waits.
    std::string wait(steady_time::duration length) {
        with_.time.advance(length);
        return settle();
    }

    asio::io_context io{1};
    memory_stream peer{"", when_dry::wait};
    std::unique_ptr<http::session> session;
    bool is_over = false;

private:
    http_fixture& with_;
};

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

}  // namespace hauspost::test
