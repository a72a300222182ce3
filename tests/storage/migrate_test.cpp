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

/// Takes a closed store back to format 1: dates and counts of what vanished did not exist.
void make_version_1(const store_options& options) {
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
