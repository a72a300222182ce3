#include "server/outbound/domain_keys.hpp"

#include "storage/errc.hpp"
#include "tests/support/server_parts.hpp"
#include "tests/support/some_keys.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::outbound;
using namespace std::chrono_literals;
using dkim::key_type;
using texts = std::vector<std::string>;

namespace {

constexpr std::int64_t november = 1'795'429'606;  // 2026-11-23
constexpr std::int64_t day = 24 * 60 * 60;

domain_key made_at(std::string selector, key_type type, std::int64_t at) {
    domain_key one;
    one.selector = std::move(selector);
    one.created_at = at;
    one.key = std::make_shared<const dkim::private_key>(test::some_key(type));
    return one;
}

texts told(const std::vector<domain_key>& keys) {
    texts all;
    for (const auto& one : keys)
        all.push_back(one.selector + (one.use == key_use::signing    ? " signs"
                                      : one.use == key_use::retiring ? " retires"
                                                                     : " waits"));
    return all;
}

/// Keys over the store of a server's parts.
struct key_rig {
    key_rig() { parts.time.set_wall(wall_time(std::chrono::seconds(november))); }
    ~key_rig() { parts.workers.stop(); }
    texts of(const std::string& domain) { return told(parts.wait(keys.find(domain))); }

    test::server_parts parts;
    domain_keys keys{parts.store().secrets, parts.workers, parts.time.wall(), test::some_key};
};

}  // namespace

TEST_CASE("domain keys: a selector tells month and kind, and no two are alike") {
    CHECK(new_selector(key_type::rsa, november, {}) == "h2611r");
    CHECK(new_selector(key_type::ed25519, november + 9 * day, {}) == "h2612e");
    CHECK(new_selector(key_type::rsa, november + 40 * day, {}) == "h2701r");
    CHECK(new_selector(key_type::rsa, november,
                       {made_at("h2611r", key_type::rsa, 1),
                        made_at("h2611r2", key_type::rsa, 1)}) == "h2611r3");
}

TEST_CASE("domain keys: a first key signs at once, the next one after a day") {
    std::vector<domain_key> all{made_at("b", key_type::rsa, 1000)};
    CHECK(told(judged_keys(all, 1000)) == texts{"b signs"});
    all.insert(all.begin(), made_at("a", key_type::rsa, 5000));
    CHECK(told(judged_keys(all, 5000 + day - 1)) == texts{"b signs", "a waits"});
    CHECK(told(judged_keys(all, 5000 + day)) == texts{"b retires", "a signs"});
    CHECK(told(judged_keys(all, 5000 + 8 * day - 1)) == texts{"b retires", "a signs"});
    CHECK(told(judged_keys(all, 5000 + 8 * day)) == texts{"a signs"});
}

TEST_CASE("domain keys: each kind has its own that signs, RSA first") {
    const std::vector<domain_key> all{made_at("e1", key_type::ed25519, 1),
                                      made_at("r1", key_type::rsa, 1),
                                      made_at("e2", key_type::ed25519, 2)};
    CHECK(told(judged_keys(all, 3 * day)) == texts{"r1 signs", "e1 retires", "e2 signs"});
    CHECK(judged_keys({}, 0).empty());
}

TEST_CASE_FIXTURE(key_rig, "domain keys: what a domain lacks is made once, and stays") {
    CHECK(of("a.example").empty());
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    CHECK(of("a.example") == texts{"h2611r signs", "h2611e signs"});
    const auto first = parts.wait(keys.find("a.example"));
    CHECK(first.at(0).key->type() == key_type::rsa);
    CHECK(first.at(1).key->type() == key_type::ed25519);
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    CHECK(of("a.example").size() == 2);
    CHECK(of("b.a.example").empty());
    CHECK(of("a.exampl").empty());
    // Another object reads the same keys.
    domain_keys other(parts.store().secrets, parts.workers, parts.time.wall(), test::some_key);
    CHECK(parts.wait(other.find("a.example")).at(1).key->public_octets() ==
          first.at(1).key->public_octets());
    // A key that was parsed is not parsed again.
    CHECK(parts.wait(keys.find("a.example")).at(0).key == first.at(0).key);
}

TEST_CASE_FIXTURE(key_rig, "domain keys: a row that was replaced is never used from memory") {
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    const auto before = parts.wait(keys.find("a.example")).at(1).key;
    auto& secrets = parts.store().secrets;
    const auto row = parts.wait(secrets.find("dkim/a.example/h2611e")).value();
    auto other = dkim::private_key::generate(key_type::ed25519);
    REQUIRE_FALSE(parts.wait(secrets.put(row.name, other.to_der(), row.version)));
    const auto now = parts.wait(keys.find("a.example")).at(1).key;
    CHECK(now->public_octets() == other.public_octets());
    CHECK(now->public_octets() != before->public_octets());
}

TEST_CASE_FIXTURE(key_rig, "domain keys: a rotation makes one pair, and forgets what has retired") {
    REQUIRE_FALSE(parts.wait(keys.ensure("a.example")));
    REQUIRE_FALSE(parts.wait(keys.rotate("a.example")));
    const texts four{"h2611r signs", "h2611r2 waits", "h2611e signs", "h2611e2 waits"};
    CHECK(of("a.example") == four);
    REQUIRE_FALSE(parts.wait(keys.rotate("a.example")));
    CHECK(of("a.example") == four);
    parts.time.move_wall(24h);
    CHECK(of("a.example") ==
          texts{"h2611r retires", "h2611r2 signs", "h2611e retires", "h2611e2 signs"});
    parts.time.move_wall(7 * 24h);
    CHECK(of("a.example") == texts{"h2611r2 signs", "h2611e2 signs"});
    CHECK(parts.wait(parts.store().secrets.list("dkim/a.example/")).size() == 4);
    REQUIRE_FALSE(parts.wait(keys.rotate("a.example")));
    CHECK(of("a.example") ==
          texts{"h2611r2 signs", "h2612r waits", "h2611e2 signs", "h2612e waits"});
    CHECK(parts.wait(parts.store().secrets.list("dkim/a.example/")).size() == 4);
}

TEST_CASE_FIXTURE(key_rig, "domain keys: without a free worker none is made, and it is said") {
    parts.workers.stop();
    CHECK(parts.wait(keys.ensure("a.example")) == storage::errc::busy);
    CHECK(of("a.example").empty());
}

TEST_CASE("domain keys: a record is published in strings that a name server takes") {
    const auto text = published_text(made_at("h2611r", key_type::rsa, 1));
    CHECK(text.starts_with("\"v=DKIM1; k=rsa; p="));
    CHECK(text.find("\" \"") == 256);
}
