// Who is let in as the owner, and who has tried too often. E01, E06, G11
#include "server/auth/owner_login.hpp"

#include "base/recovery_code.hpp"
#include "server/auth/password_hash.hpp"
#include "server/auth/totp.hpp"
#include "storage/ban_store.hpp"
#include "storage/lmdb/open_store.hpp"
#include "storage/ports.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::auth;
using namespace std::chrono_literals;
using kind = owner_verdict::kind;

namespace {

constexpr argon2_parameters cheap{8, 1, 1};
constexpr const char* home = "192.0.2.1";
constexpr const char* elsewhere = "198.51.100.7";
const std::string right = "right words";
const std::string key = "12345678901234567890";

struct door {
    door() { open(); }
    void open(argon2_parameters cost = cheap) {
        login.reset();
        hashes.reset();
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
        settings.argon2 = cost;
        settings.now = [this] { return time.now(); };
        hashes.emplace(directory, settings);
        book.emplace(store->bans, time.wall());
        login.emplace(store->owner, *hashes, time.wall(),
                      owner_login::settings{settings.lockout, settings.now, &*book});
        for (const auto& ban : get(book->read()))
            login->take_up(ban);
        login->take_up(get(store->owner.list_sessions()));
    }
    ~door() { hashes->stop(); }

    template <class T>
    T get(awaitable<T> task) {
        std::optional<T> outcome;
        auto keep = [](awaitable<T> work, std::optional<T>& into) -> awaitable<void> {
            into.emplace(co_await std::move(work));
        };
        test::run(io, keep(std::move(task), outcome));
        return std::move(*outcome);
    }
    void make_owner(bool has_totp = false) {
        storage::owner row;
        row.password_hash = hash_password(right, cheap);
        if (has_totp) row.totp_key = secret(key);
        row.is_totp_on = has_totp;
        row.recovery_codes = {*recovery_code::digest(paper)};
        REQUIRE_FALSE(get(store->owner.change_owner(row, std::nullopt)));
    }
    [[nodiscard]] std::int64_t now() const {
        return std::chrono::system_clock::to_time_t(time.wall().now());
    }
    [[nodiscard]] std::string code(int steps = 0) const {
        const auto step = totp::step_at(now()) + static_cast<std::uint64_t>(steps);
        return totp::hotp(key, step, totp::digits);
    }
    awaitable<owner_verdict> try_in(std::string password, std::string code, std::string peer) {
        storage::web_session opened;
        opened.key = sha256("session " + std::to_string(++sessions));
        opened.made_at = opened.seen_at = now();
        opened.address = std::move(peer);
        return login->sign_in(secret(std::move(password)), secret(std::move(code)),
                              std::move(opened), {});
    }
    owner_verdict sign_in(const std::string& password,
                          const std::string& code = "",
                          const std::string& peer = home) {
        return get(try_in(password, code, peer));
    }
    /// Kinds of those that hold.
    std::vector<storage::ban_kind> bans() {
        std::vector<storage::ban_kind> all;
        for (const auto& one : get(store->bans.list()))
            if (one.ends_at > now()) all.push_back(one.name.of);
        return all;
    }
    void pass(std::chrono::seconds time_passed) { time.advance(time_passed); }
    std::size_t open_sessions() { return get(store->owner.list_sessions()).size(); }

    asio::io_context io{1};  // outlives the store, which posts to it
    test::tmp_dir dir;
    test::manual_clock time;
    test::memory_directory directory;
    const std::string paper{recovery_code::make().reveal()};
    std::shared_ptr<const storage::ports> store;
    std::optional<authenticator> hashes;
    std::optional<ban_book> book;
    std::optional<owner_login> login;
    int sessions = 0;
};

}  // namespace

TEST_CASE("owner login: the password lets in, another does not, and says how many tries are left") {
    door d;
    d.make_owner();
    CHECK(d.sign_in(right).of == kind::right);
    CHECK(d.open_sessions() == 1);
    const auto wrong = d.sign_in("wrong words");
    CHECK(wrong.of == kind::wrong);
    CHECK(wrong.tries_left == 4);
    CHECK(d.sign_in("").of == kind::wrong);
    CHECK(d.sign_in(std::string(100'000, 'x')).of == kind::wrong);
    CHECK(d.open_sessions() == 1);
}

TEST_CASE("owner login: E01 G11 without an owner each try costs a hash and is wrong") {
    door d;
    for (const std::string tried : {"", "right words", "x"}) {
        const auto before = d.hashes->hashes();
        CHECK(d.sign_in(tried, "123456").of == kind::wrong);
        CHECK(d.hashes->hashes() == before + 1);
    }
    CHECK(d.open_sessions() == 0);
    d.make_owner();
    const auto before = d.hashes->hashes();
    CHECK(d.sign_in(right).of == kind::right);
    CHECK(d.hashes->hashes() == before + 1);
}

TEST_CASE("owner login: E06 a code of the app lets in once, also across a restart") {
    door d;
    d.make_owner(true);
    CHECK(d.sign_in(right).of == kind::code_wanted);
    CHECK(d.sign_in("wrong words", d.code()).of == kind::wrong);
    CHECK(d.sign_in(right, "000000").of == kind::wrong_code);
    CHECK(d.open_sessions() == 0);
    const auto code = d.code();
    CHECK(d.sign_in(right, code).of == kind::right);
    CHECK(d.sign_in(right, code).of == kind::used_code);
    d.open();
    CHECK(d.sign_in(right, code).of == kind::used_code);
    CHECK(d.sign_in(right, d.code(-1)).of == kind::used_code);  // older than one that was used
    CHECK(d.sign_in(right, d.code(1)).of == kind::right);       // the phone's clock is ahead
    CHECK(d.sign_in(right, d.code(2)).of == kind::wrong_code);
    d.time.move_wall(60s);
    CHECK(d.sign_in(right, d.code()).of == kind::right);
    CHECK(d.open_sessions() == 3);
}

TEST_CASE("owner login: a recovery code stands in for the app, once") {
    door d;
    d.make_owner(true);
    std::string typed = d.paper;
    std::erase(typed, '-');
    CHECK(d.sign_in(right, std::string(recovery_code::make().reveal())).of == kind::wrong_code);
    CHECK(d.sign_in(right, typed).of == kind::right);
    CHECK(d.sign_in(right, d.paper).of == kind::wrong_code);
}

TEST_CASE("owner login: of two sign-ins with one code at the same time one is let in") {
    door d;
    d.make_owner(true);
    std::vector<kind> ends;
    for (const char* peer : {home, elsewhere}) {
        auto task = [](awaitable<owner_verdict> work, auto& into) -> awaitable<void> {
            const auto end = co_await std::move(work);
            into.push_back(end.of);
        };
        asio::co_spawn(d.io, task(d.try_in(right, d.code(), peer), ends),
                       [](std::exception_ptr fault) {
                           if (fault) std::rethrow_exception(fault);
                       });
    }
    test::run_until(d.io, [&ends] { return ends.size() == 2; });
    CHECK(std::count(ends.begin(), ends.end(), kind::right) == 1);
    CHECK(std::count(ends.begin(), ends.end(), kind::used_code) +
              std::count(ends.begin(), ends.end(), kind::wrong_code) ==
          1);
    CHECK(d.open_sessions() == 1);
}

TEST_CASE("owner login: after five wrong tries a network waits, also who is right then") {
    door d;
    d.make_owner(true);
    for (int n = 0; n < 5; ++n)
        CHECK(d.sign_in(right, "00000" + std::to_string(n)).of == kind::wrong_code);
    const auto before = d.hashes->hashes();
    const auto refused = d.sign_in(right, d.code());
    CHECK(refused.of == kind::wait);
    CHECK(refused.pause == 60s);
    CHECK(d.hashes->hashes() == before);  // nothing was tried
    CHECK(d.sign_in(right, d.code(), elsewhere).of == kind::right);
    d.time.advance(60s);
    d.time.move_wall(60s);
    CHECK(d.sign_in(right, d.code()).of == kind::right);
    CHECK(d.sign_in("wrong words").tries_left == 4);
}

TEST_CASE(
    "owner login: H08 a pause outlives a restart, and goes on from the tries that there were") {
    door d;
    d.make_owner();
    for (int n = 0; n < 5; ++n)
        CHECK(d.sign_in("wrong words").of == kind::wrong);
    d.pass(20s);
    d.open();
    CHECK(d.sign_in(right).pause == 40s);
    CHECK(d.sign_in("wrong words", "", elsewhere).of == kind::wrong);
    d.pass(40s);
    d.open();
    CHECK(d.sign_in("wrong words").tries_left == 0);  // the sixth
    CHECK(d.sign_in(right).pause == 120s);
    d.pass(120s);
    CHECK(d.sign_in(right).of == kind::right);
    CHECK(d.bans().empty());
    d.open();
    CHECK(d.sign_in("wrong words").tries_left == 4);
}

TEST_CASE("owner login: a pause that is lifted lets him try at once") {
    door d;
    d.make_owner();
    for (int n = 0; n < 5; ++n)
        CHECK(d.sign_in("wrong words").of == kind::wrong);
    CHECK(d.bans() == std::vector{storage::ban_kind::owner_pause});
    d.login->lift({storage::ban_kind::owner_pause, home, ""});
    CHECK(d.sign_in("wrong words").tries_left == 4);
    CHECK(d.sign_in(right).of == kind::right);
}

TEST_CASE(
    "owner login: H08 what shuts strangers out outlives a restart, and his own network stays "
    "open") {
    door d;
    d.make_owner();
    CHECK(d.sign_in(right).of == kind::right);
    for (int n = 0; n < 50; ++n)
        d.sign_in("wrong " + std::to_string(n), "", "203.0.113." + std::to_string(n));
    CHECK(d.bans() == std::vector{storage::ban_kind::owner_account});
    d.open();
    CHECK(d.sign_in(right, "", elsewhere).of == kind::wait);
    CHECK(d.sign_in(right).of == kind::right);
    d.login->lift({storage::ban_kind::owner_account, "", ""});
    CHECK(d.sign_in(right, "", elsewhere).of == kind::right);
}

TEST_CASE("owner login: asking for the code again and again is no try, and opens no closed door") {
    door d;
    d.make_owner(true);
    for (int n = 0; n < 20; ++n)
        CHECK(d.sign_in(right).of == kind::code_wanted);
    for (int n = 0; n < 5; ++n) {
        CHECK(d.sign_in(right, "000000").of == kind::wrong_code);
        if (n < 4) CHECK(d.sign_in(right).of == kind::code_wanted);
    }
    CHECK(d.sign_in(right).of == kind::wait);
    CHECK(d.sign_in(right, d.code()).of == kind::wait);
}

TEST_CASE("owner login: IPv6 networks of one home wait together") {
    door d;
    d.make_owner();
    int tried = 0;
    for (int n = 0; n < 40; ++n) {
        const auto peer = "2001:db8:1:1" + std::to_string(10 + n) + "::1";
        if (d.sign_in("wrong words", "", peer).of == kind::wrong) ++tried;
    }
    CHECK(tried == 15);  // of a /56
}

TEST_CASE("owner login: many different wrong passwords from everywhere shut out strangers only") {
    door d;
    d.make_owner();
    CHECK(d.sign_in(right).of == kind::right);
    int tried = 0;
    for (int n = 0; n < 80; ++n) {
        const auto peer = "203.0.113." + std::to_string(n);
        if (d.sign_in("wrong " + std::to_string(n), "", peer).of == kind::wrong) ++tried;
    }
    CHECK(tried == 50);
    CHECK(d.sign_in(right, "", elsewhere).of == kind::wait);
    CHECK(d.sign_in(right).of == kind::right);  // from where the owner has been before
}

TEST_CASE(
    "owner login: who sits before the page shows his password again, and may be wrong as often") {
    door d;
    d.make_owner(true);
    const auto check = [&d](const std::string& password) {
        return d.get(d.login->check_password(secret(password), home)).of;
    };
    CHECK(check(right) == kind::right);  // without a code
    for (int n = 0; n < 5; ++n)
        CHECK(check("wrong words") == kind::wrong);
    CHECK(check(right) == kind::wait);
    CHECK(d.open_sessions() == 0);
}

TEST_CASE(
    "owner login: of many at once two are hashed, the rest hears that it is busy and lost no try") {
    door d;
    d.make_owner();
    std::vector<kind> ends;
    for (int n = 0; n < 5; ++n) {
        auto task = [](awaitable<owner_verdict> work, auto& into) -> awaitable<void> {
            const auto end = co_await std::move(work);
            into.push_back(end.of);
        };
        asio::co_spawn(d.io, task(d.try_in("wrong words", "", home), ends),
                       [](std::exception_ptr fault) {
                           if (fault) std::rethrow_exception(fault);
                       });
    }
    test::run_until(d.io, [&ends] { return ends.size() == 5; });
    CHECK(std::count(ends.begin(), ends.end(), kind::wrong) == 2);
    CHECK(std::count(ends.begin(), ends.end(), kind::busy) == 3);
    CHECK(d.sign_in("wrong words").tries_left == 2);
}

TEST_CASE("owner login: a right sign-in renews a hash that was made at another cost") {
    constexpr argon2_parameters dearer{16, 2, 1};
    door d;
    d.make_owner();
    const auto stored = [&d] { return d.get(d.store->owner.find_owner()).password_hash; };
    const auto before = stored();
    CHECK(d.sign_in(right).of == kind::right);
    CHECK(stored() == before);  // at the same cost it stays
    d.open(dearer);
    CHECK(d.sign_in("wrong words").of == kind::wrong);
    CHECK(stored() == before);
    CHECK(d.sign_in(right).of == kind::right);
    CHECK_FALSE(needs_rehash(stored(), dearer));
    CHECK(verify_password(stored(), right));
    CHECK(d.open_sessions() == 2);  // nobody was signed out
    const auto renewed = stored();
    CHECK(d.sign_in(right).of == kind::right);
    CHECK(stored() == renewed);
}

TEST_CASE("owner login: of two right sign-ins at once, of which one renews the hash, both get in") {
    constexpr argon2_parameters dearer{16, 2, 1};
    door d;
    d.make_owner();
    d.open(dearer);
    std::vector<kind> ends;
    for (int n = 0; n < 2; ++n) {
        auto task = [](awaitable<owner_verdict> work, auto& into) -> awaitable<void> {
            const auto end = co_await std::move(work);
            into.push_back(end.of);
        };
        asio::co_spawn(d.io, task(d.try_in(right, "", home), ends), [](std::exception_ptr fault) {
            if (fault) std::rethrow_exception(fault);
        });
    }
    test::run_until(d.io, [&ends] { return ends.size() == 2; });
    CHECK(ends == std::vector{kind::right, kind::right});
    CHECK(d.open_sessions() == 2);
}

TEST_CASE("owner login: how hard a password is to guess is told while it is typed") {
    door d;
    const auto score = [&d](const std::string& text) {
        return d.get(d.hashes->score(secret(text)));
    };
    CHECK(score("") == 0u);
    CHECK(score("password") == 0u);
    CHECK(score("velvet-Anchor-31-moss") == 4u);
    CHECK(score(std::string(100'000, 'x')).has_value());
    CHECK(score("\xff\xfe").has_value());
}
