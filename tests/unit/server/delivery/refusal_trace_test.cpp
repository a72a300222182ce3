#include "server/delivery/refusal_trace.hpp"

#include "tests/support/manual_clock.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::delivery;
using storage::trace_step;

namespace {

class noting_trace final : public storage::trace_store {
public:
    [[nodiscard]] bool is_on() const noexcept override { return true; }
    [[nodiscard]] bool keeps_subjects() const noexcept override { return false; }
    void note(storage::trace_event event) noexcept override { noted.push_back(std::move(event)); }
    awaitable<result<storage::trace_page>> find(storage::trace_query) override {
        co_return storage::trace_page();
    }
    [[nodiscard]] std::size_t count(trace_step step) const {
        std::size_t found = 0;
        for (const auto& one : noted)
            found += one.step == step ? 1 : 0;
        return found;
    }
    std::vector<storage::trace_event> noted;
};

struct refusals {
    void refuse(const std::string& peer, const std::string& to = "Nobody@A.example") {
        smtp::refused_mail refused;
        refused.from = "x@B.example";
        refused.to = to;
        refused.words = "550 5.1.1 no such user";
        refused.helo = "mx.b.example";
        refused.peer_address = peer;
        watch.note(std::move(refused));
    }

    noting_trace trace;
    test::manual_clock time{wall_time(std::chrono::seconds(600))};
    refusal_trace watch{trace, time.wall()};
};

}  // namespace

TEST_CASE("refusal trace: it says who was refused for whom, and why") {
    refusals at;
    at.refuse("192.0.2.1");
    REQUIRE(at.trace.noted.size() == 1);
    const auto& said = at.trace.noted.front();
    CHECK(said.step == trace_step::refused);
    CHECK(said.from == "x@b.example");
    CHECK(said.to == "nobody@a.example");
    CHECK(said.peer == "mx.b.example [192.0.2.1]");
    CHECK(said.words == "550 5.1.1 no such user");
    CHECK(said.at == 600'000);
}

TEST_CASE("refusal trace: H11 who is refused without end is counted, and does not fill the disk") {
    refusals at;
    for (int n = 0; n < 100'000; ++n)
        at.refuse("192.0.2.1");
    CHECK(at.trace.count(trace_step::refused) == refusal_trace::most_of_network);
    CHECK(at.trace.count(trace_step::more_refused) == 1);  // that more follow
    at.refuse("198.51.100.1");
    CHECK(at.trace.count(trace_step::refused) == refusal_trace::most_of_network + 1);
    at.time.set_wall(wall_time(std::chrono::seconds(660)));
    at.refuse("192.0.2.1");
    CHECK(at.trace.count(trace_step::more_refused) == 2);
    CHECK(at.trace.noted.at(at.trace.noted.size() - 2).number == 100'000 - 10);
    CHECK(at.trace.noted.at(at.trace.noted.size() - 2).peer == "192.0.2.1");
    CHECK(at.trace.noted.back().step == trace_step::refused);
}

TEST_CASE("refusal trace: a network is one peer, whatever its addresses") {
    refusals at;
    for (int n = 0; n < 100; ++n)
        at.refuse("2001:db8:1:" + std::to_string(n) + "::1");
    CHECK(at.trace.count(trace_step::refused) == refusal_trace::most_of_network);
}

TEST_CASE("refusal trace: very many networks are bounded together") {
    refusals at;
    for (int n = 0; n < 20'000; ++n)
        at.refuse("10.1." + std::to_string(n / 250) + '.' + std::to_string(n % 250));
    CHECK(at.trace.count(trace_step::refused) == refusal_trace::most_of_all);
    CHECK(at.trace.count(trace_step::more_refused) == refusal_trace::most_hints);
    at.trace.noted.clear();
    at.watch.finish();
    CHECK(at.trace.count(trace_step::more_refused) == refusal_trace::most_hints + 1);
    std::uint64_t all = refusal_trace::most_of_all;
    for (const auto& one : at.trace.noted)
        all += one.number;
    CHECK(all == 20'000);
}
