#include "server/command_line/all_pages.hpp"

#include "server/command_line/run_command.hpp"
#include "storage/directory_store.hpp"
#include "storage/lmdb/open_store.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/array.hpp>
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::command_line;
namespace json = admin::api::json;

namespace {

json::object page_of(std::vector<std::string> names, const std::string& next) {
    json::object page;
    page["aliases"] = json::array(names.begin(), names.end());
    if (!next.empty()) page["next"] = next;
    return page;
}

/// Four aliases on three pages, the second of them empty; what `after` was asked.
struct paged_list {
    std::vector<std::string> asked;
    std::string refuses_after = "-", no_list_after = "-";

    admin::api::answer ask(const json::object& request) {
        const auto* given = request.if_contains("after");
        const std::string after = given == nullptr ? "" : std::string(given->as_string());
        CHECK(request.at("filter") == "x");
        asked.push_back(after);
        if (after == refuses_after) return admin::api::failed("busy", "Try again.");
        if (after == no_list_after) return json::object();
        if (after.empty()) return page_of({"a", "b"}, "b");
        if (after == "b") return page_of({}, "c");
        return page_of({"d", "e"}, "");
    }
    admin::api::answer whole() {
        json::object request;
        request["filter"] = "x";
        auto first = ask(request);
        const auto more = [this](const json::object& one) { return ask(one); };
        return with_all_pages(std::move(first), more, std::move(request));
    }
};

awaitable<void> add_alias(storage::directory_store& directory, int number, int& done) {
    storage::alias one;
    one.name = "list" + std::to_string(number) + "@a.example";
    one.targets = {"x@b.example"};
    const auto refused = co_await directory.add_alias(std::move(one));
    CHECK(!refused);
    ++done;
}

}  // namespace

TEST_CASE("command line: a list has the entries of all pages, behind an empty one too") {
    paged_list at;
    const auto got = at.whole();
    REQUIRE(got.has_value());
    CHECK(got->at("aliases") == json::array{"a", "b", "d", "e"});
    CHECK(!got->contains("next"));
    CHECK(at.asked == std::vector<std::string>{"", "b", "c"});
}

TEST_CASE("command line: a list of which a page is refused or unreadable never ends there") {
    paged_list refused;
    refused.refuses_after = "c";
    const auto got = refused.whole();
    REQUIRE(!got.has_value());
    CHECK(got.error().text == "Try again.");
    paged_list unreadable;
    unreadable.no_list_after = "b";
    CHECK_THROWS_AS((void)unreadable.whole(), std::runtime_error);
}

TEST_CASE("command line: 1,001 aliases of a store are listed, which are two pages") {
    constexpr int count = 1001;
    const test::tmp_dir folder;
    server::loaded_config file;
    auto& c = file.values;
    c.data_dir = (folder / "data").string();
    c.store.min_free_octets = 0;
    c.store.map_octets = std::size_t{64} << 20;
    {
        asio::io_context io(1);
        auto options = c.store;
        options.data_dir = c.data_dir;
        const auto store = storage::lmdb::open_store(options);
        test::run(io, [](storage::directory_store& directory) -> awaitable<void> {
            storage::domain one;
            one.name = "a.example";
            const auto failed = co_await directory.add_domain(std::move(one));
            CHECK(!failed);
        }(store->directory));
        int done = 0;
        for (int n = 0; n < count; ++n)
            asio::co_spawn(io, add_alias(store->directory, n, done),
                           [](std::exception_ptr fault) { CHECK(!fault); });
        test::run_until(io, [&] { return done == count; });
    }
    json::object request;
    request["command"] = "alias list";
    const auto got = run_store_command(file, request);
    REQUIRE(got.has_value());
    CHECK(got->at("aliases").as_array().size() == count);
    CHECK(!got->contains("next"));
}
