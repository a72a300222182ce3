#include "server/auth/authenticator.hpp"

#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::auth;
using namespace std::chrono_literals;

namespace {

constexpr argon2_parameters cheap{8, 1, 1};
constexpr const char* home = "192.0.2.1";

authenticator_settings cheap_settings() {
    authenticator_settings settings;
    settings.argon2 = cheap;
    return settings;
}

/// Accounts anna (password "right words"), off (the same, switched off), bare (no password).
struct accounts {
    explicit accounts(authenticator_settings settings = cheap_settings()) {
        const auto phc = hash_password("right words", settings.argon2);
        add("anna@a.example", phc, true);
        add("off@a.example", phc, false);
        add("bare@a.example", "", true);
        settings.now = [this] { return time.now(); };
        auth.emplace(directory, std::move(settings));
    }
    void add(const char* name, const std::string& phc, bool active) {
        storage::account one;
        one.id = account_id(++directory.last_id);
        one.name = name;
        one.password_hash = phc;
        one.active = active;
        directory.accounts[one.id] = one;
    }
    /// The verdict; errc::ok when the login was right.
    sasl::errc check(std::string user, std::string password, std::string peer = home) {
        auto verdict = sasl::errc::ok;
        test::run(io,
                  [](accounts& h, std::string u, secret p, std::string from,
                     sasl::errc& out) -> awaitable<void> {
                      const auto listen = [&h](account_id id) {
                          if (h.on_listen) h.on_listen(id);
                      };
                      const auto got = co_await h.auth->check(std::move(u), std::move(p),
                                                              std::move(from), listen);
                      if (!got) out = static_cast<sasl::errc>(got.error().value());
                  }(*this, std::move(user), secret(std::move(password)), std::move(peer), verdict));
        return verdict;
    }

    asio::io_context io{1};  // outlives the pool that posts to it
    test::memory_directory directory;
    std::function<void(account_id)> on_listen;
    test::manual_clock time;
    std::optional<authenticator> auth;
};

}  // namespace

TEST_CASE("authenticator: the right password gives the account, in any case of the name") {
    accounts h;
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    CHECK(h.check("ANNA@A.Example", "right words") == sasl::errc::ok);
    CHECK(h.check("anna@a.example", "Right words") == sasl::errc::wrong);
    test::run(h.io, [](accounts& at) -> awaitable<void> {
        secret password("right words");
        const auto listen = [](account_id) {};
        const auto got =
            co_await at.auth->check("Anna@a.example", std::move(password), home, listen);
        REQUIRE(got.has_value());
        CHECK(got->account == account_id(1));
        CHECK(got->address == "anna@a.example");
    }(h));
}

TEST_CASE("authenticator: a domain beyond ASCII is right in U-labels and in A-labels") {
    accounts h;
    h.add("\xc3\xa4nn@xn--mller-kva.example", h.directory.accounts[account_id(1)].password_hash,
          true);
    for (const auto* user :
         {"\xc3\xa4nn@m\xc3\xbcller.example", "\xc3\x84NN@M\xc3\x9cLLER.example",
          "a\xcc\x88nn@mu\xcc\x88ller.example", "\xc3\xa4nn@xn--mller-kva.example",
          "\xc3\xa4nn@XN--MLLER-KVA.Example"})
        CHECK_MESSAGE(h.check(user, "right words") == sasl::errc::ok, user);
}

TEST_CASE("E01 authenticator: each kind of refused login costs exactly one hash") {
    accounts h;
    const std::pair<const char*, const char*> logins[] = {
        {"anna@a.example", "wrong"},         {"nobody@a.example", "wrong"},
        {"nobody@b.example", "right words"}, {"off@a.example", "wrong"},
        {"bare@a.example", "wrong"},         {"no address", "wrong"}};
    for (const auto& [user, password] : logins) {
        const auto before = h.auth->hashes();
        CHECK(h.check(user, password) == sasl::errc::wrong);
        CHECK_MESSAGE(h.auth->hashes() - before == 1, user);
    }
}

TEST_CASE("E01 authenticator: a switched-off account tells so only to who knows the password") {
    accounts h;
    CHECK(h.check("off@a.example", "right words") == sasl::errc::disabled);
    CHECK(h.check("off@a.example", "wrong") == sasl::errc::wrong);
}

TEST_CASE("E02 authenticator: distinct wrong passwords shut a network out, before the hash") {
    accounts h;
    for (int i = 0; i < 10; ++i)
        CHECK(h.check("u" + std::to_string(i) + "@a.example", "spray") == sasl::errc::wrong);
    const auto before = h.auth->hashes();
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::throttled);
    CHECK(h.auth->hashes() == before);
    CHECK(h.check("anna@a.example", "right words", "192.0.2.2") == sasl::errc::ok);
    h.time.advance(10min);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
}

TEST_CASE("E02 authenticator: from an exempt network nobody is shut out, from others he is") {
    accounts h;
    h.auth->exempt(network_list::parse("192.0.2.0/28").value());
    for (int i = 0; i < 40; ++i)
        CHECK(h.check("u" + std::to_string(i) + "@a.example", "spray") == sasl::errc::wrong);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    for (int i = 0; i < 10; ++i)
        CHECK(h.check("u" + std::to_string(i) + "@a.example", "spray", "192.0.2.16") ==
              sasl::errc::wrong);
    CHECK(h.check("ben@a.example", "right words", "192.0.2.16") == sasl::errc::throttled);
    h.auth->exempt(network_list());
    for (int i = 0; i < 10; ++i)
        CHECK(h.check("v" + std::to_string(i) + "@a.example", "spray", "192.0.2.2") ==
              sasl::errc::wrong);
    CHECK(h.check("ben@a.example", "right words", "192.0.2.2") == sasl::errc::throttled);
}

TEST_CASE("E02 authenticator: one stale password again and again shuts nobody out") {
    accounts h;
    for (int i = 0; i < 200; ++i)
        CHECK(h.check("anna@a.example", "old words") == sasl::errc::wrong);
    CHECK(h.auth->hashes() == 1);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    // The same for one who is not there, from wherever it comes; another password is hashed.
    auto before = h.auth->hashes();
    for (int i = 0; i < 200; ++i)
        CHECK(h.check("nobody@a.example", "old words", "10.0.0." + std::to_string(i)) ==
              sasl::errc::wrong);
    CHECK(h.auth->hashes() - before == 1);
    before = h.auth->hashes();
    CHECK(h.check("nobody@a.example", "old Words", "10.0.1.1") == sasl::errc::wrong);
    CHECK(h.auth->hashes() - before == 1);
}

TEST_CASE("authenticator: a remembered wrong password is right once it is set") {
    accounts h;
    CHECK(h.check("anna@a.example", "new words") == sasl::errc::wrong);
    h.directory.accounts[account_id(1)].password_hash = hash_password("new words", cheap);
    CHECK(h.check("anna@a.example", "new words") == sasl::errc::ok);
    CHECK(h.check("dora@a.example", "new words") == sasl::errc::wrong);
    h.add("dora@a.example", hash_password("new words", cheap), true);
    CHECK(h.check("dora@a.example", "new words") == sasl::errc::ok);
}

TEST_CASE("authenticator: a spray from an office's address leaves its people their accounts") {
    accounts h;
    h.add("ben@a.example", hash_password("other words", cheap), true);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    for (int i = 0; i < 10; ++i)
        CHECK(h.check("u" + std::to_string(i) + "@a.example", "spray") == sasl::errc::wrong);
    CHECK(h.check("ben@a.example", "other words") == sasl::errc::throttled);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    h.time.advance(16min);  // beyond the cache of right logins and the ban
    CHECK(h.check("ben@a.example", "other words") == sasl::errc::ok);
}

TEST_CASE("E04 authenticator: passwords past 512 octets, empty and with NUL are never hashed") {
    auto settings = cheap_settings();
    const std::string longest(512, 'p');
    accounts h(settings);
    h.directory.accounts[account_id(1)].password_hash = hash_password(longest, cheap);
    CHECK(h.check("anna@a.example", longest) == sasl::errc::ok);
    const auto before = h.auth->hashes();
    CHECK(h.check("anna@a.example", longest + "p") == sasl::errc::wrong);
    CHECK(h.check("anna@a.example", std::string(1'000'000, 'p')) == sasl::errc::wrong);
    CHECK(h.check("anna@a.example", "") == sasl::errc::wrong);
    CHECK(h.check("anna@a.example", std::string("p\0p", 3)) == sasl::errc::wrong);
    CHECK(h.check(std::string("anna\0@a.example", 15), "right words") == sasl::errc::wrong);
    CHECK(h.check(std::string(100'000, 'a'), "right words") == sasl::errc::wrong);
    CHECK(h.auth->hashes() == before);
}

TEST_CASE("authenticator: five logins of one client cost one hash") {
    accounts h;
    const auto before = h.auth->hashes();
    for (int i = 0; i < 5; ++i)
        CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    CHECK(h.auth->hashes() - before == 1);
    h.time.advance(15min);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    CHECK(h.auth->hashes() - before == 2);
}

TEST_CASE(
    "B09 authenticator: a changed password is asked for at once, the cache does not know it") {
    accounts h;
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    h.directory.accounts[account_id(1)].password_hash = hash_password("new words", cheap);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::wrong);
    CHECK(h.check("anna@a.example", "new words") == sasl::errc::ok);
}

TEST_CASE("B09 authenticator: a password cached for one account is never right for another") {
    accounts h;
    h.add("ben@a.example", hash_password("other words", cheap), true);
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    for (const auto* user : {"ben@a.example", "bare@a.example", "nobody@a.example"})
        CHECK_MESSAGE(h.check(user, "right words") == sasl::errc::wrong, std::string(user));
    CHECK(h.check("ben@a.example", "other words") == sasl::errc::ok);
    CHECK(h.check("anna@a.example", "other words") == sasl::errc::wrong);

    // Not even an account with the same stored hash, be it one that is made anew under the name.
    const auto anna = h.directory.accounts[account_id(1)];
    h.add("cleo@a.example", anna.password_hash, true);
    auto before = h.auth->hashes();
    CHECK(h.check("cleo@a.example", "right words") == sasl::errc::ok);
    CHECK(h.auth->hashes() - before == 1);
    h.directory.accounts.erase(account_id(1));
    h.add("anna@a.example", anna.password_hash, true);
    before = h.auth->hashes();
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    CHECK(h.auth->hashes() - before == 1);
}

TEST_CASE("authenticator: a login that was right before is refused when the account is off") {
    accounts h;
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    h.directory.accounts[account_id(1)].active = false;
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::disabled);
    h.directory.accounts.erase(account_id(1));
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::wrong);
}

TEST_CASE(
    "authenticator: with cache and ban switched off each login costs a hash, none is banned") {
    auto settings = cheap_settings();
    settings.cache_age = 0s;
    settings.lockout.ban = 0s;
    accounts h(settings);
    const auto before = h.auth->hashes();
    for (int i = 0; i < 20; ++i)
        CHECK(h.check("anna@a.example", std::to_string(i)) == sasl::errc::wrong);
    for (int i = 0; i < 3; ++i)
        CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    CHECK(h.auth->hashes() - before == 23);
}

TEST_CASE("authenticator: a new hash fits the password and the parameters") {
    accounts h;
    test::run(h.io, [](authenticator& auth) -> awaitable<void> {
        secret password("fresh words");
        const auto phc = co_await auth.hash(std::move(password));
        REQUIRE(phc.has_value());
        CHECK(verify_password(*phc, "fresh words"));
        CHECK(!needs_rehash(*phc, cheap));
    }(*h.auth));
}

TEST_CASE("authenticator: what changes until the caller listens is looked at once more") {
    accounts h;
    auto& row = h.directory.accounts[account_id(1)];
    const auto old = row.password_hash;
    const auto check = [&](auto change) {
        h.on_listen = [&, change](account_id id) {
            CHECK(id == account_id(1));
            change();
        };
        const auto verdict = h.check("anna@a.example", "right words");
        h.on_listen = nullptr;
        return verdict;
    };
    CHECK(check([&] { row.active = false; }) == sasl::errc::disabled);
    row.active = true;
    CHECK(check([&] { row.password_hash = hash_password("new words", cheap); }) ==
          sasl::errc::wrong);
    row.password_hash = old;
    // Another hash of the same password is right after a second look.
    const auto again = hash_password("right words", cheap);
    CHECK(check([&] { row.password_hash = again; }) == sasl::errc::ok);
    // One that never comes to rest is given up.
    int looks = 0;
    CHECK(check([&] {
              ++looks;
              row.password_hash = hash_password("right words", cheap);
          }) == sasl::errc::busy);
    CHECK(looks == 3);
    row.password_hash = old;
    CHECK(check([&] { h.directory.accounts.erase(account_id(1)); }) == sasl::errc::wrong);
}

TEST_CASE("authenticator: an old hash is made anew at the next right login, and only then") {
    accounts h;
    const auto set_old = [&] {
        h.directory.accounts[account_id(1)].password_hash =
            hash_password("right words", {16, 2, 1});
    };
    const auto cost = [&] { return cost_of(h.directory.accounts[account_id(1)].password_hash); };
    set_old();
    CHECK(h.check("anna@a.example", "wrong words") == sasl::errc::wrong);
    CHECK(cost() == argon2_parameters{16, 2, 1});
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    CHECK(cost() == cheap);
    // The login that is known stays known.
    const auto before = h.auth->hashes();
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::ok);
    CHECK(h.auth->hashes() == before);
    CHECK(h.check("anna@a.example", "wrong words") == sasl::errc::wrong);
}

TEST_CASE("authenticator: a password set while an old hash is made anew is never lost") {
    accounts h;
    h.directory.accounts[account_id(1)].password_hash = hash_password("right words", {16, 2, 1});
    const auto set_meanwhile = hash_password("new words", cheap);
    h.directory.before_renewal = [&] {
        h.directory.accounts[account_id(1)].password_hash = set_meanwhile;
    };
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::wrong);
    CHECK(h.directory.accounts[account_id(1)].password_hash == set_meanwhile);
}

TEST_CASE("authenticator: E01 an unknown user costs what most accounts cost") {
    authenticator_settings settings = cheap_settings();
    accounts h(settings);
    // Seen by the memory that the hash takes, as time is no test.
    for (auto& [id, one] : h.directory.accounts)
        one.password_hash = hash_password("right words", {16, 2, 1});
    test::run(h.io, h.auth->learn_costs());
    CHECK(cost_of(h.auth->dummy()) == argon2_parameters{16, 2, 1});
    for (const auto* user : {"anna@a.example", "bare@a.example"})
        CHECK(h.check(user, "right words") == sasl::errc::ok);
    CHECK(h.check("nobody@a.example", "wrong words") == sasl::errc::wrong);
    CHECK(cost_of(h.auth->dummy()) == cheap);
}

TEST_CASE("authenticator: RFC 8265 the same characters are the same password, however written") {
    accounts h;
    const auto set = [&](const char* typed) {
        test::run(h.io, [](accounts& at, std::string text) -> awaitable<void> {
            secret password(std::move(text));
            auto phc = co_await at.auth->hash(std::move(password));
            REQUIRE(phc.has_value());
            at.directory.accounts[account_id(1)].password_hash = *phc;
        }(h, typed));
    };
    set("gr\xc3\xbc\x6e e W\xc3\xb6rter");
    CHECK(h.check("anna@a.example", "gru\xcc\x88\x6e e Wo\xcc\x88rter") == sasl::errc::ok);
    CHECK(h.check("anna@a.example", "gr\xc3\xbc\x6e\xc2\xa0\x65 W\xc3\xb6rter") == sasl::errc::ok);
    CHECK(h.check("anna@a.example", "grun e Worter") == sasl::errc::wrong);
    set("gru\xcc\x88\x6e e Wo\xcc\x88rter");
    CHECK(h.check("anna@a.example", "gr\xc3\xbc\x6e e W\xc3\xb6rter") == sasl::errc::ok);
    // Longer as typed than the limit, not so in the form that counts.
    std::string composed, decomposed;
    for (int i = 0; i < 256; ++i) {
        composed += "\xc3\xbc";
        decomposed += "u\xcc\x88";
    }
    set(composed.c_str());
    CHECK(h.check("anna@a.example", decomposed) == sasl::errc::ok);
}

TEST_CASE("authenticator: a new password is judged in the form that is hashed") {
    accounts h;
    const auto faults_of = [&](std::string typed) {
        std::vector<password_fault> out;
        test::run(h.io,
                  [](accounts& at, std::string text,
                     std::vector<password_fault>& found) -> awaitable<void> {
                      secret password(std::move(text));
                      const password_rules rules;
                      auto got =
                          co_await at.auth->judge(std::move(password), "anna@a.example", rules);
                      REQUIRE(got.has_value());
                      found = *got;
                  }(h, std::move(typed), out));
        return out;
    };
    // Twelve characters as typed, eleven as counted.
    CHECK(faults_of("rT5-kfq_0Lu\xcc\x88") == std::vector{password_fault::too_short});
    CHECK(faults_of("rT5-kfq_0Lzu\xcc\x88").empty());
    CHECK(faults_of("aaaaaaaaaaaa") == std::vector{password_fault::repeats});
    CHECK(faults_of("rT5-kfq_0Lzw\xff") == std::vector{password_fault::no_text});
}

TEST_CASE("authenticator: a login by a name that the account loses meanwhile is refused") {
    accounts h;
    h.on_listen = [&h](account_id id) { h.directory.accounts.at(id).name = "anne@a.example"; };
    CHECK(h.check("anna@a.example", "right words") == sasl::errc::wrong);
    h.on_listen = {};
    CHECK(h.check("anne@a.example", "right words") == sasl::errc::ok);
}
