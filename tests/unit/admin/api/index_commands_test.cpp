#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <vector>

using namespace hauspost;
using hauspost::test::contains;
using hauspost::test::furnished;

namespace {

class told_index final : public admin::text_index {
public:
    awaitable<std::optional<admin::index_figures>> look() override {
        if (is_busy) co_return std::nullopt;
        admin::index_figures figures;
        figures.accounts_ready = 2;
        figures.accounts_waiting = 1;
        figures.messages = 30;
        figures.octets = 4096;
        co_return figures;
    }
    void rebuild(std::optional<account_id> account) override { rebuilt.push_back(account); }

    bool is_busy = false;
    std::vector<std::optional<account_id>> rebuilt;
};

}  // namespace

TEST_CASE("admin: the full-text index is looked at, and built anew for one account or for all") {
    furnished h;
    told_index index;
    h.ports.index = &index;
    CHECK(h.ask(R"({"command":"index status"})") ==
          R"({"accounts_ready":2,"accounts_waiting":1,"messages":30,"octets":4096})");
    CHECK(h.ask(R"({"command":"index rebuild","address":"anna@a.example"})") == "{}");
    CHECK(h.ask(R"({"command":"index rebuild"})") == "{}");
    REQUIRE(index.rebuilt.size() == 2);
    CHECK(index.rebuilt[0].has_value());
    CHECK_FALSE(index.rebuilt[1].has_value());
    CHECK(contains(h.ask(R"({"command":"index rebuild","address":"nobody@a.example"})"),
                   "refused: There is no account nobody@a.example"));
    CHECK(contains(h.ask(R"({"command":"index rebuild","address":"anna"})"), "refused"));
    CHECK(index.rebuilt.size() == 2);
    index.is_busy = true;
    CHECK(contains(h.ask(R"({"command":"index status"})"), "refused: The server is busy"));
}

TEST_CASE("admin: without a running server, or with the index switched off, there is none") {
    furnished h;
    for (const char* request : {R"({"command":"index status"})", R"({"command":"index rebuild"})"})
        CHECK(
            contains(h.ask(request), "refused: The server does not run, or search.index is false"));
}
