// A store of an older format is brought to this one when it is opened.
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

constexpr std::size_t account_counters_before_4 = 32;

/// Takes a closed store back to format 3: expunged octets were not counted, and removed accounts
/// left no row.
void make_version_3(const store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> counters;
    std::vector<std::string> removed;
    {
        cursor at(tx, table::counters);
        for (bool more = at.first(); more; more = at.next())
            if (load_be<std::uint32_t>(at.key().data() + 4) == 0)
                counters.emplace_back(at.key(), at.value().substr(0, account_counters_before_4));
        cursor gone(tx, table::removed);
        for (bool more = gone.first(); more; more = gone.next())
            removed.emplace_back(gone.key());
    }
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    for (const auto& key : removed) {
        tx.remove(table::removed, key);
        tx.remove(table::counters, key + std::string(4, '\0'));
    }
    set_meta_number(tx, "schema", 3);
    tx.commit();
}

/// Takes a closed store back to format 1: dates and counts of what vanished did not exist.
void make_version_1(const store_options& options) {
    make_version_3(options);
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> vanished, counters;
    {
        cursor at(tx, table::vanished);
        for (bool more = at.first(); more; more = at.next())
            vanished.emplace_back(at.key(), at.value().substr(8));
        cursor box(tx, table::counters);
        for (bool more = box.first(); more; more = box.next())
            if (load_be<std::uint32_t>(box.key().data() + 4) != 0)
                counters.emplace_back(box.key(), box.value().substr(0, 36));
    }
    for (const auto& [key, value] : vanished)
        tx.put(table::vanished, key, value);
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    set_meta_number(tx, "schema", 1);
    tx.commit();
}

std::uint64_t format_of(const store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    const read_txn tx(env);
    return meta_number(tx, "schema");
}

}  // namespace

TEST_CASE("store migrate: format 1 becomes 2 with all that vanished still known") {
    store_fixture at;
    const auto box = at.make_box("x");
    for (int n = 0; n < 600; ++n)
        REQUIRE(at.append(box, "text", {n % 2 == 0 ? flags::deleted : 0u, {}}).has_value());
    REQUIRE(at.append(at.inbox(), "text").has_value());
    REQUIRE(at.get(at->expunge(box, everything())).has_value());
    const auto before = at.snapshot(box);
    const auto gone = at.get(at->vanished(box, modseq(0)))->ranges;
    CHECK(gone.size() == 300);
    at.close();
    make_version_1(at.options);
    at.reopen();
    const auto after = at.snapshot(box);
    CHECK(after.uids == before.uids);
    CHECK(after.info.counters.highest_modseq == before.info.counters.highest_modseq);
    CHECK(after.info.counters.vanished_ranges == 300);
    CHECK(after.info.counters.vanished_floor == modseq(0));
    const auto now = at.get(at->vanished(box, modseq(0)));
    CHECK(now->is_complete);
    CHECK(now->ranges == gone);
    CHECK(at.findings().empty());
    at.close();
    CHECK(format_of(at.options) == schema::version);
    at.reopen();
}

TEST_CASE("store migrate: format 3 becomes 4 with all expunged octets counted") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 10'000);
    for (int n = 0; n < 3; ++n)
        REQUIRE(at.append(at.inbox(), "gone", {flags::deleted, {}}).has_value());
    REQUIRE(at.append({bob, mailbox_id(1)}, "of a removed account").has_value());
    REQUIRE(at.get(at->expunge(at.inbox(), everything())).has_value());
    REQUIRE_FALSE(at.get(at->remove_account(bob)));
    at->tidy();
    at.close();
    make_version_3(at.options);
    at.reopen();
    CHECK(at.findings().empty());
    CHECK(at.get(at->expunged("a@example.test")).octets == 12);
    CHECK(at.get(at->expunged("b@example.test")).octets == 0);  // nobody knows whose it was
    CHECK(at->check().blobs == 4);
    at.time.seconds += at.options.retention.count() + 1;
    CHECK(at->tidy() == 4);
    CHECK(at->check().blobs == 0);
    CHECK(at.findings().empty());
}
