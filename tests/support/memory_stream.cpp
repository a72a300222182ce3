#include "tests/support/memory_stream.hpp"

#include "base/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hauspost::test {
namespace {

constexpr auto by_value = asio::as_tuple(asio::use_awaitable);

/// Waits until `waiter` is cancelled or the time has come. False: the time has come.
awaitable<bool> wait_until(std::optional<asio::steady_timer>& waiter, steady_time end) {
    const auto executor = co_await asio::this_coro::executor;
    waiter.emplace(executor, end);
    const auto [ec] = co_await waiter->async_wait(by_value);
    waiter.reset();
    co_return ec == asio::error::operation_aborted;
}

/// The same by a clock of the test.
awaitable<bool> wait_until(std::optional<asio::steady_timer>& waiter,
                           manual_clock& time,
                           steady_time end) {
    const auto executor = co_await asio::this_coro::executor;
    waiter.emplace(executor, steady_time::max());
    const manual_clock::alarm at(time, end, *waiter);
    if (time.now() < end) co_await waiter->async_wait(by_value);
    const bool is_late = time.now() >= end;
    waiter.reset();
    co_return !is_late;
}

}  // namespace

memory_stream::memory_stream(std::string input, when_dry then)
    : input_(std::move(input)), then_(then) {
    peer_.address = "127.0.0.1";
    peer_.port = 40000;
    peer_.local_port = 25;
    peer_.is_loopback = true;
    peer_.id = connection_id(1);
    tls_.version = "TLSv1.3";
    tls_.cipher = "TLS_AES_256_GCM_SHA384";
}

void memory_stream::fail_operation(std::size_t n, error_code with) {
    fail_at_ = n;
    fail_with_ = with;
}

void memory_stream::notify(std::optional<asio::steady_timer>& waiter) noexcept {
    if (waiter) waiter->cancel();
}

void memory_stream::send(std::string_view octets) {
    input_ += octets;
    notify(session_waits_);
}

void memory_stream::finish() {
    then_ = when_dry::close;
    notify(session_waits_);
}

std::string memory_stream::take_output() {
    std::string taken = output_.substr(taken_);
    taken_ = output_.size();
    return taken;
}

awaitable<std::string> memory_stream::read_until(std::string text, duration limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto found = output_.find(text, taken_);
        if (found != std::string::npos) {
            const auto from = std::exchange(taken_, found + text.size());
            co_return output_.substr(from, taken_ - from);
        }
        const bool in_time = !closed_ && co_await wait_until(test_waits_, end);
        if (!in_time)
            throw std::runtime_error("waited for \"" + text + "\", got \"" +
                                     output_.substr(taken_) + "\"");
    }
}

awaitable<void> memory_stream::wait_closed(duration limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!closed_) {
        const bool in_time = co_await wait_until(test_waits_, end);
        if (!in_time) throw std::runtime_error("the session did not close the stream");
    }
}

/// Counts one operation and tells whether it fails at once.
error_code memory_stream::begin_operation() {
    ++operations_;
    if (operations_ == fail_at_ && !dead_) dead_ = fail_with_;
    if (closed_) return asio::error::bad_descriptor;
    return dead_;
}

awaitable<error_code> memory_stream::wait_for_input(duration limit, bool may_be_woken) {
    const auto now = time_ ? time_->now() : std::chrono::steady_clock::now();
    const auto end = std::min(now + limit, last_moment_);
    for (;;) {
        if (closed_) co_return asio::error::bad_descriptor;
        if (may_be_woken && std::exchange(woken_, false)) co_return asio::error::operation_aborted;
        if (read_ < input_.size()) co_return error_code();
        switch (then_) {
        case when_dry::close: co_return asio::error::eof;
        case when_dry::reset: co_return dead_ = asio::error::connection_reset;
        case when_dry::time_out: co_return asio::error::timed_out;
        case when_dry::wait: break;
        }
        waiting_ = true;
        bool in_time = false;
        if (time_ != nullptr)
            in_time = co_await wait_until(session_waits_, *time_, end);
        else
            in_time = co_await wait_until(session_waits_, end);
        waiting_ = false;
        if (!in_time) co_return asio::error::timed_out;
    }
}

awaitable<result<std::size_t>> memory_stream::read_some(std::span<char> into, duration limit) {
    if (const auto failed = begin_operation()) co_return failed;
    const auto ec = co_await wait_for_input(limit, false);
    if (ec) co_return ec;
    auto count = std::min({into.size(), max_read_, input_.size() - read_});
    if (read_ < cut_) count = std::min(count, cut_ - read_);
    if (time_) time_->advance(read_length_);
    std::copy_n(input_.begin() + static_cast<std::ptrdiff_t>(read_), count, into.begin());
    read_ += count;
    co_return count;
}

awaitable<error_code> memory_stream::write(std::string_view octets, duration) {
    if (const auto failed = begin_operation()) co_return failed;
    ++writes_;
    largest_write_ = std::max(largest_write_, octets.size());
    if (has_vanished_) presence_ = net::presence::gone;
    const auto taken = std::min(octets.size(), max_output_ - output_.size());
    output_ += octets.substr(0, taken);
    notify(test_waits_);
    if (taken < octets.size()) co_return dead_ = asio::error::timed_out;
    co_return error_code();
}

awaitable<error_code> memory_stream::wait_readable(duration limit) {
    if (const auto failed = begin_operation()) co_return failed;
    co_return co_await wait_for_input(limit, true);
}

void memory_stream::wake() noexcept {
    woken_ = true;
    notify(session_waits_);
}

awaitable<error_code> memory_stream::start_tls(duration) {
    if (const auto failed = begin_operation()) co_return failed;
    if (!can_start_tls()) co_return asio::error::operation_not_supported;
    ++handshakes_;
    plain_behind_start_tls_ = unread_input();
    if (!plain_behind_start_tls_.empty()) co_return dead_ = asio::error::connection_aborted;
    encrypted_ = true;
    send(after_tls_);
    co_return error_code();
}

net::tls_info memory_stream::tls() const {
    return encrypted_ ? tls_ : net::tls_info{};
}

void memory_stream::close() noexcept {
    closed_ = true;
    notify(session_waits_);
    notify(test_waits_);
}

}  // namespace hauspost::test
