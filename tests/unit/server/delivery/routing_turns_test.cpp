// A walk of a large alias lets the other work of its thread run: counted in look-ups, not in time.
#include "server/delivery/routing.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::delivery;

namespace {

constexpr std::size_t targets_of_list = 1000;

/// list@a.example and the accounts that are its targets. Never waits by itself.
class large_list final : public route_lookup {
public:
    std::size_t lookups = 0;

    awaitable<storage::met_address> find_recipient(
        std::vector<storage::mail_address> names) override {
        ++lookups;
        storage::met_address met;
        met.domain.emplace().name = "a.example";
        const auto& name = names.back();
        if (name.find('+') != std::string::npos) co_return met;  // only names without a detail
        if (name == "list@a.example") {
            storage::alias list;
            list.name = name;
            for (std::size_t n = 0; n < targets_of_list; ++n)
                list.targets.push_back("t" + std::to_string(n) + "@a.example");
            met.entry = std::move(list);
        } else {
            storage::account target;
            target.name = name;
            met.entry = std::move(target);
        }
        co_return met;
    }
    awaitable<std::optional<storage::met_address>> first_account(std::string) override {
        co_return std::nullopt;
    }
};

/// What others on the thread see of it: how much was looked up between two turns of theirs.
struct others {
    std::size_t turns = 0;
    std::size_t most_between = 0;
};

awaitable<void> watch(const large_list& list, const bool& is_done, others& seen) {
    std::size_t last = list.lookups;
    while (!is_done) {
        co_await asio::post(asio::use_awaitable);
        ++seen.turns;
        seen.most_between = std::max(seen.most_between, list.lookups - last);
        last = list.lookups;
    }
}

/// Runs it beside somebody else on the same thread.
others beside(large_list& list, awaitable<void> work) {
    asio::io_context io(1);
    others seen;
    bool is_done = false;
    asio::co_spawn(io, watch(list, is_done, seen), asio::detached);
    asio::co_spawn(io, std::move(work), [&is_done](std::exception_ptr fault) {
        CHECK(!fault);
        is_done = true;
    });
    io.run();
    return seen;
}

}  // namespace

TEST_CASE("routing: others get their turn at least every 64 steps of a walk") {
    large_list list;
    const routing_settings settings;
    const auto seen =
        beside(list, [](large_list& in, const routing_settings& with) -> awaitable<void> {
            const auto found = co_await find_route(in, "list@a.example", 0, with);
            CHECK(found.local.size() == targets_of_list);
        }(list, settings));
    CHECK(list.lookups == 1 + targets_of_list);
    CHECK(seen.most_between <= 65);  // the arrival, and one turn
    CHECK(seen.turns >= targets_of_list / 64);
}

TEST_CASE("routing: others get their turn at least every 96 look-ups of many recipients") {
    large_list list;
    const routing_settings settings;
    const auto seen =
        beside(list, [](large_list& in, const routing_settings& with) -> awaitable<void> {
            message_routes routes(in, with);
            for (int n = 0; n < static_cast<int>(targets_of_list); ++n) {
                auto found = co_await routes.find("list+" + std::to_string(n) + "@a.example", 0);
                CHECK(found.to.verdict == smtp::recipient_verdict::accepted);
                CHECK(found.is_known == (n != 0));
            }
        }(list, settings));
    CHECK(list.lookups == 2 * targets_of_list);  // one walk, and one look at each of the others
    CHECK(seen.most_between <= 96);              // the rest of the walk, and 32 recipients
}
