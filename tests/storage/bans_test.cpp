// Who may not try to sign in: rows that are written behind, and outlive a start. H08
#include "storage/ban_store.hpp"
#include "storage/lmdb/env.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

ban ban_of(ban_kind of, const std::string& network, const std::string& account = "") {
    ban row;
    row.name = {of, network, account};
    row.begun_at = 1'700'000'000;
    row.ends_at = row.begun_at + 600;
    row.passwords = 10;
    row.times = 2;
    row.tried = {"a@example.test", "info@example.test"};
    return row;
}

struct bans_fixture : store_fixture {
    /// Networks and accounts, in order.
    std::string names() {
        std::vector<std::string> all;
        for (const auto& one : get(store->bans.list()))
            all.push_back(one.name.network + one.name.account);
        std::sort(all.begin(), all.end());
        std::string text;
        for (const auto& one : all)
            text += (text.empty() ? "" : " ") + one;
        return text;
    }
    /// Something that has a commit.
    void change() { make_box("Box" + std::to_string(++boxes)); }
    std::size_t rows() {
        close();
        lmdb::environment env(options.data_dir / "meta", options.map_octets);
        return lmdb::read_txn(env).count(lmdb::table::ban);
    }
    int boxes = 0;
};

}  // namespace

TEST_CASE_FIXTURE(bans_fixture, "bans: what is noted is listed at once and whole after the start") {
    const auto network = ban_of(ban_kind::network, "2001:db8:1:2::/64");
    store->bans.note(network);
    store->bans.note(ban_of(ban_kind::pair, "192.0.2.1", "a@example.test"));
    CHECK(names() == "192.0.2.1a@example.test 2001:db8:1:2::/64");
    reopen();
    CHECK(names() == "192.0.2.1a@example.test 2001:db8:1:2::/64");
    for (const auto& one : get(store->bans.list())) {
        if (one.name != network.name) continue;
        CHECK(one.begun_at == network.begun_at);
        CHECK(one.ends_at == network.ends_at);
        CHECK(one.passwords == 10);
        CHECK(one.times == 2);
        CHECK(one.tried == network.tried);
    }
}

TEST_CASE_FIXTURE(bans_fixture, "bans: a note replaces the one before, also after a commit") {
    auto row = ban_of(ban_kind::network, "192.0.2.1");
    store->bans.note(row);
    change();
    row.times = 3;
    store->bans.note(row);
    CHECK(get(store->bans.list()).at(0).times == 3);
    change();
    CHECK(get(store->bans.list()).at(0).times == 3);
    store->bans.note_end(row.name);
    CHECK(names().empty());
    reopen();
    CHECK(names().empty());
    CHECK(rows() == 0);
}

TEST_CASE_FIXTURE(bans_fixture, "bans: many guesses cause no commit, the next change writes them") {
    for (int n = 0; n < 300; ++n)
        store->bans.note(ban_of(ban_kind::network, "192.0.2." + std::to_string(n % 3)));
    change();
    CHECK(rows() == 3);
}

TEST_CASE_FIXTURE(bans_fixture, "bans: one that is lifted is gone, whether it was written or not") {
    store->bans.note(ban_of(ban_kind::network, "192.0.2.1"));
    change();
    store->bans.note(ban_of(ban_kind::network, "192.0.2.2"));
    store->bans.note(ban_of(ban_kind::network, "192.0.2.3"));
    CHECK_FALSE(get(store->bans.remove({{ban_kind::network, "192.0.2.1", ""},
                                        {ban_kind::network, "192.0.2.2", ""},
                                        {ban_kind::account, "", "nobody@example.test"}})));
    CHECK(names() == "192.0.2.3");
    reopen();
    CHECK(names() == "192.0.2.3");
}

TEST_CASE_FIXTURE(bans_fixture, "bans: what is longer than a row is refused, or not kept") {
    auto row = ban_of(ban_kind::ordered, std::string(65, '1'));
    CHECK(get(store->bans.put(row)) == errc::invalid_name);
    store->bans.note(row);
    CHECK(names().empty());
    row.name.network = "192.0.2.1";
    row.tried.assign(20, std::string(99, 'a') + "\xc3\xa4");
    CHECK_FALSE(get(store->bans.put(row)));
    const auto kept = get(store->bans.list()).at(0).tried;
    REQUIRE(kept.size() == ban::max_tried);
    CHECK(kept.front() == std::string(99, 'a'));
}

TEST_CASE_FIXTURE(bans_fixture, "bans: they are remembered for a day after their end") {
    store->bans.note(ban_of(ban_kind::network, "192.0.2.1"));
    auto longer = ban_of(ban_kind::ordered, "192.0.2.2");
    longer.ends_at += 86'400;
    store->bans.note(longer);
    change();
    time.seconds = longer.begun_at + 600 + 86'399;
    store->keeper.tidy();
    CHECK(names() == "192.0.2.1 192.0.2.2");
    time.seconds += 1;
    store->keeper.tidy();
    CHECK(names() == "192.0.2.2");
}

TEST_CASE_FIXTURE(bans_fixture,
                  "bans: of too many those go that end first, and none that is wanted") {
    auto wanted = ban_of(ban_kind::ordered, "198.51.100.1");
    wanted.ends_at = wanted.begun_at + 1;
    REQUIRE_FALSE(get(store->bans.put(wanted)));
    for (std::size_t n = 0; n <= ban_store::max_bans; ++n) {
        auto row = ban_of(ban_kind::network, "n" + std::to_string(n));
        row.ends_at += static_cast<std::int64_t>(n);
        store->bans.note(row);
        if (n % 900 == 0) change();
    }
    change();
    const auto all = get(store->bans.list());
    CHECK(all.size() <= ban_store::max_bans);
    CHECK(all.size() >= ban_store::max_bans * 8 / 10);
    const auto holds = [&all](const std::string& network) {
        return std::any_of(all.begin(), all.end(),
                           [&](const auto& one) { return one.name.network == network; });
    };
    CHECK(holds("198.51.100.1"));
    CHECK_FALSE(holds("n0"));
    CHECK(holds("n" + std::to_string(ban_store::max_bans)));
}

TEST_CASE_FIXTURE(bans_fixture, "bans: those of an account go with it, and with its name") {
    const auto note_all = [&](const std::string& account) {
        store->bans.note(ban_of(ban_kind::account, "", account));
        change();
        store->bans.note(ban_of(ban_kind::pair, "192.0.2.1", account));
    };
    store->bans.note(ban_of(ban_kind::pair, "192.0.2.1", "a@example.test"));
    const auto id = add_account("gone@example.test");
    note_all("gone@example.test");
    REQUIRE_FALSE(get(store->directory.remove_account(id)));
    CHECK(names() == "192.0.2.1a@example.test");
    add_account("old@example.test");
    note_all("old@example.test");
    REQUIRE(get(store->directory.rename_account("old@example.test", "new@example.test", true)));
    CHECK(names() == "192.0.2.1a@example.test");
    reopen();
    CHECK(names() == "192.0.2.1a@example.test");
}

TEST_CASE_FIXTURE(bans_fixture, "bans: check tells of a row that is damaged") {
    REQUIRE_FALSE(get(store->bans.put(ban_of(ban_kind::network, "192.0.2.1"))));
    CHECK(store->keeper.check().findings.empty());
    close();
    {
        lmdb::environment env(options.data_dir / "meta", options.map_octets);
        lmdb::write_txn tx(env);
        tx.put(lmdb::table::ban,
               std::string("\x01"
                           "192.0.2.2\0",
                           11),
               "\x01");
        tx.commit();
    }
    reopen();
    const auto found = store->keeper.check().findings;
    REQUIRE(found.size() == 1);
    CHECK(found[0] == "a row of the bans is damaged");
    close();
    lmdb::environment env(options.data_dir / "meta", options.map_octets);
    lmdb::write_txn tx(env);
    tx.remove(lmdb::table::ban, std::string("\x01"
                                            "192.0.2.2\0",
                                            11));
    tx.commit();
}
