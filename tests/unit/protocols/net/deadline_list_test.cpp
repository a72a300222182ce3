#include "protocols/net/deadline_list.hpp"

#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace hauspost;
using namespace std::chrono_literals;

namespace {

class waiter : public net::deadline_list::node {
public:
    explicit waiter(std::function<void()> then = [] {}) : then_(std::move(then)) {}
    using node::disarm;
    [[nodiscard]] bool is_due() const { return due_; }

private:
    void on_deadline() noexcept override {
        due_ = true;
        then_();
    }
    std::function<void()> then_;
    bool due_ = false;
};

struct fixture {
    asio::io_context io{1};
    net::deadline_list list{io};
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "deadline list: a limit calls its node once and not before its time") {
    waiter one;
    const auto begun_at = std::chrono::steady_clock::now();
    list.arm(one, 20ms);
    CHECK(one.is_armed());
    test::run_until(io, [&] { return one.is_due(); });
    CHECK(std::chrono::steady_clock::now() - begun_at >= 20ms);
    CHECK_FALSE(one.is_armed());
}

TEST_CASE_FIXTURE(fixture, "deadline list: the order is that of the ends, not of the beginnings") {
    std::string order;
    waiter a([&] { order += 'a'; }), b([&] { order += 'b'; }), c([&] { order += 'c'; });
    list.arm(a, 60ms);
    list.arm(b, 20ms);
    list.arm(c, 40ms);
    test::run_until(io, [&] { return order.size() == 3; });
    CHECK(order == "bca");
}

TEST_CASE_FIXTURE(fixture, "deadline list: what is disarmed or gone is not called") {
    waiter kept, disarmed;
    auto gone = std::make_unique<waiter>();
    list.arm(disarmed, 5ms);
    list.arm(*gone, 5ms);
    list.arm(kept, 10ms);
    disarmed.disarm();
    disarmed.disarm();  // twice does no harm
    gone.reset();
    test::run_until(io, [&] { return kept.is_due(); });
    CHECK_FALSE(disarmed.is_due());
}

TEST_CASE_FIXTURE(fixture, "deadline list: arming again begins anew") {
    waiter again, mark;
    list.arm(again, 5ms);
    list.arm(again, 1h);
    list.arm(mark, 10ms);
    test::run_until(io, [&] { return mark.is_due(); });
    CHECK_FALSE(again.is_due());
    CHECK(again.is_armed());
}

TEST_CASE_FIXTURE(fixture, "deadline list: a node may arm itself, or end others, when it is due") {
    int calls = 0;
    waiter other;
    std::unique_ptr<waiter> self;
    self = std::make_unique<waiter>([&] {
        other.disarm();
        if (++calls < 3) list.arm(*self, 1ms);
    });
    list.arm(*self, 2ms);
    list.arm(other, 2ms);
    test::run_until(io, [&] { return calls == 3; });
    CHECK_FALSE(other.is_due());
}

TEST_CASE_FIXTURE(fixture, "deadline list: no limit is too short or too long") {
    waiter zero, negative, endless;
    list.arm(endless, net::deadline_list::duration::max());
    list.arm(zero, 0ms);
    list.arm(negative, -5s);
    test::run_until(io, [&] { return zero.is_due() && negative.is_due(); });
    CHECK(endless.is_armed());
}

TEST_CASE_FIXTURE(fixture, "deadline list: thousands of nodes with many limits all come") {
    std::size_t due = 0;
    std::vector<std::unique_ptr<waiter>> all;
    for (int i = 0; i < 5000; ++i) {
        all.push_back(std::make_unique<waiter>([&] { ++due; }));
        list.arm(*all.back(), std::chrono::microseconds(i * 10));
    }
    test::run_until(io, [&] { return due == all.size(); });
    CHECK(due == 5000);
}

TEST_CASE("deadline list: nodes may outlive the timer and the io_context") {
    auto io = std::make_unique<asio::io_context>(1);
    net::deadline_list list(*io);
    waiter one;
    list.arm(one, 1h);
    list.detach();
    io.reset();
    list.arm(one, 1h);
    one.disarm();
    CHECK_FALSE(one.is_due());
}
