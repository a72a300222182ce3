// Bans of mail as rows of the store: written when they are made, taken up at the start. H08
#include "server/auth/authenticator.hpp"
#include "server/auth/ban_book.hpp"
#include "storage/lmdb/open_store.hpp"
#include "storage/ports.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::auth;
using namespace std::chrono_literals;
using storage::ban_kind;

namespace {

constexpr argon2_parameters cheap{8, 1, 1};
constexpr const char* home = "192.0.2.1";
constexpr const char* elsewhere = "2001:db8:1:2::7";

/// Anna's account, and who lets her in; three wrong passwords are enough for a ban.
struct gate {
    gate() {
        storage::account anna;
        anna.id = account_id(++directory.last_id);
        anna.name = "anna@a.example";
        anna.password_hash = hash_password("right words", cheap);
        directory.accounts[anna.id] = anna;
        start();
    }
    ~gate() { auth->stop(); }
    void start() {
        if (auth) auth->stop();
        auth.reset();
        book.reset();
        store.reset();
        storage::lmdb::store_options options;
        options.data_dir = dir / "data";
        options.map_octets = std::size_t{64} << 20;
        options.reader_threads = 1;
        options.min_free_octets = 0;
        options.tidy_interval = std::chrono::seconds(0);
        options.time = &time.wall();
        store = storage::lmdb::open_store(options);
        authenticator_settings settings;
        settings.argon2 = cheap;
        settings.now = [this] { return time.now(); };
        settings.lockout.wrong_per_network = 3;
        settings.lockout.wrong_per_account = 6;
        settings.lockout.ban = 1h;
        book.emplace(store->bans, time.wall());
        auth.emplace(directory, settings, &*book);
        for (const auto& ban : get(book->read()))
            auth->take_up(ban);
    }
    template <class T>
    T get(awaitable<T> task) {
        std::optional<T> outcome;
        auto keep = [](awaitable<T> work, std::optional<T>& into) -> awaitable<void> {
            into.emplace(co_await std::move(work));
        };
        test::run(io, keep(std::move(task), outcome));
        return std::move(*outcome);
    }
    sasl::errc check(std::string user, std::string password, std::string peer = home) {
        const auto listen = [](account_id) {};
        auto work =
            auth->check(std::move(user), secret(std::move(password)), std::move(peer), listen);
        const auto got = get(std::move(work));
        return got ? sasl::errc::ok : static_cast<sasl::errc>(got.error().value());
    }
    sasl::errc anna(const std::string& peer = home) {
        return check("anna@a.example", "right words", peer);
    }
    void guess(int times, const std::string& user, const std::string& peer = home) {
        for (int n = 0; n < times; ++n)
            CHECK(check(user, "wrong " + std::to_string(++guesses), peer) == sasl::errc::wrong);
    }
    /// The one that there is.
    storage::ban only() {
        const auto all = get(store->bans.list());
        REQUIRE(all.size() == 1);
        return all.front();
    }
    void pass(std::chrono::seconds time_passed) { time.advance(time_passed); }

    asio::io_context io{1};  // outlives what posts to it
    test::tmp_dir dir;
    test::manual_clock time;
    test::memory_directory directory;
    std::shared_ptr<const storage::ports> store;
    std::optional<ban_book> book;
    std::optional<authenticator> auth;
    int guesses = 0;
};

}  // namespace

TEST_CASE("H08 kept bans: a network stays shut out over a start, for the time that is left") {
    gate g;
    g.guess(1, "nobody@a.example", elsewhere);
    g.guess(1, "anna@a.example", elsewhere);
    g.guess(1, "no address", elsewhere);
    const auto made = g.only();
    CHECK(made.name == storage::ban_name(ban_kind::network, "2001:db8:1:2::/64", ""));
    CHECK(made.ends_at - made.begun_at == 3600);
    CHECK(made.passwords == 3);
    CHECK(made.times == 1);
    CHECK(made.tried == std::vector<std::string>{"nobody@a.example", "anna@a.example"});
    g.pass(30min);
    g.start();
    CHECK(g.anna(elsewhere) == sasl::errc::throttled);
    CHECK(g.anna("2001:db8:1:2::9") == sasl::errc::throttled);
    CHECK(g.anna("2001:db8:1:3::9") == sasl::errc::ok);
    g.pass(30min - 1s);
    CHECK(g.anna("2001:db8:1:2::9") == sasl::errc::throttled);
    g.pass(1s);
    CHECK(g.anna("2001:db8:1:2::9") == sasl::errc::ok);
}

TEST_CASE("H08 kept bans: a clock that went back does not make a ban longer than it was to be") {
    gate g;
    g.guess(3, "nobody@a.example");
    g.time.move_wall(-24h * 3650);
    g.start();
    CHECK(g.anna() == sasl::errc::throttled);
    g.time.advance(1h);
    CHECK(g.anna() == sasl::errc::ok);
}

TEST_CASE("H08 kept bans: one that is lifted lets in at once, and begins from nothing") {
    gate g;
    g.guess(3, "nobody@a.example");
    CHECK(g.anna() == sasl::errc::throttled);
    g.auth->lift({ban_kind::network, "192.0.2.2", ""});
    CHECK(g.anna() == sasl::errc::throttled);
    g.auth->lift({ban_kind::network, home, ""});
    g.guess(2, "nobody@a.example");
    CHECK(g.anna() == sasl::errc::ok);
}

TEST_CASE("H08 kept bans: how often in a row is known over a start") {
    gate g;
    g.guess(3, "nobody@a.example");
    CHECK(g.only().times == 1);
    g.pass(2h);
    g.start();
    g.guess(3, "nobody@a.example");
    CHECK(g.only().times == 2);
    g.pass(26h);
    g.start();
    g.guess(3, "nobody@a.example");
    CHECK(g.only().times == 1);
}

TEST_CASE("H08 kept bans: those of an account and of a pair are taken up, and lifted") {
    gate g;
    for (int n = 0; n < 3; ++n)
        g.guess(2, "anna@a.example", "198.51.100." + std::to_string(n));
    CHECK(g.only().name == storage::ban_name(ban_kind::account, "", "anna@a.example"));
    g.start();
    CHECK(g.anna("198.51.100.9") == sasl::errc::throttled);
    g.auth->lift(g.only().name);
    CHECK(g.anna() == sasl::errc::ok);
    g.guess(3, "anna@a.example");
    const storage::ban_name pair(ban_kind::pair, home, "anna@a.example");
    const auto all = g.get(g.store->bans.list());
    CHECK(std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == pair; }));
    g.start();
    CHECK(g.anna() == sasl::errc::throttled);
    g.auth->lift(pair);
    CHECK(g.anna() == sasl::errc::ok);
}

TEST_CASE("H08 kept bans: who was let in from there before a start still is, when it is banned") {
    gate g;
    g.guess(3, "nobody@a.example");
    g.start();
    CHECK(g.anna() == sasl::errc::throttled);
    g.start();
    g.auth->know(home, "anna@a.example");
    CHECK(g.anna() == sasl::errc::ok);
    CHECK(g.check("nobody@a.example", "x") == sasl::errc::throttled);
}

TEST_CASE("kept bans: what shuts a network out by order holds for known pairs as well") {
    gate g;
    CHECK(g.anna() == sasl::errc::ok);
    storage::ban order;
    order.name = {ban_kind::ordered, home, ""};
    order.begun_at = std::chrono::system_clock::to_time_t(g.time.wall().now());
    order.ends_at = order.begun_at + 60;
    g.auth->take_up(g.book->at_present(order));
    CHECK(g.anna() == sasl::errc::throttled);
    CHECK(g.anna(elsewhere) == sasl::errc::ok);
    g.auth->lift(order.name);
    CHECK(g.anna() == sasl::errc::ok);
}

TEST_CASE("kept bans: a name that is no address is written down nowhere") {
    for (const std::string name : {"my secret pass phrase", "hunter2-secret"}) {
        gate g;
        for (int n = 0; n < 3; ++n)
            g.guess(2, name, "198.51.100." + std::to_string(n));
        CHECK(g.check(name, "x", elsewhere) == sasl::errc::throttled);
        CHECK(g.get(g.store->bans.list()).empty());
        g.guess(3, name + "2", home);
        CHECK(g.only().tried.empty());
    }
}
