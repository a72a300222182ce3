// Summaries of stored messages are made anew when a program of another version opens the store.
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"
#include "tests/storage/store_fixture.hpp"
#include "tests/support/log_capture.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

/// Says its version, a mark of the octets, and so many octets more.
class numbered_maker final : public summary_maker {
public:
    explicit numbered_maker(std::uint32_t version, std::size_t more = 0)
        : version_(version), more_(more) {}
    [[nodiscard]] std::uint32_t version() const override { return version_; }
    [[nodiscard]] message_summary make(std::string_view octets) const override {
        ++made_;
        return {std::to_string(version_) + ":" + std::string(octets.substr(0, 12)) + ":" +
                    std::to_string(octets.size()) + std::string(more_, 'x'),
                0};
    }
    [[nodiscard]] std::size_t made() const noexcept { return made_; }

private:
    std::uint32_t version_;
    std::size_t more_;
    mutable std::size_t made_ = 0;
};

/// Calls work(tx) on the tables of the store, which is closed meanwhile.
template <class Work>
void in_tables(store_fixture& at, Work work) {
    at.close();
    {
        environment env(at.options.data_dir / "meta", at.options.map_octets);
        write_txn tx(env);
        work(tx);
        tx.commit();
    }
    at.reopen();
}

std::vector<std::string> summaries(store_fixture& at, mailbox_key box) {
    std::vector<std::string> all;
    for (const auto& message : at.walk(box))
        all.push_back(message.summary);
    return all;
}

}  // namespace

TEST_CASE("store summaries: those of all messages are made anew, once for each version") {
    store_fixture at;
    const auto box = at.make_box("x");
    REQUIRE(at.append(at.inbox(), "first body", {}, "Delivered-To: a\r\n").has_value());
    REQUIRE(at.append(box, "second one", {mail::flags::seen, {"kw"}}).has_value());
    const auto before = at.walk(box).at(0);
    const numbered_maker second(2);
    CHECK(at->keeper.renew_summaries(second) == 2);
    CHECK(summaries(at, at.inbox()) == std::vector<std::string>{"2:first body:10"});
    const auto after = at.walk(box).at(0);
    CHECK(after.summary == "2:second one:10");
    CHECK(after.flags == before.flags);
    CHECK(after.modseq == before.modseq);
    CHECK(at.text_of(at.inbox(), 1) == "Delivered-To: a\r\nfirst body");
    at.reopen();
    CHECK(at->keeper.renew_summaries(second) == 0);
    CHECK(second.made() == 2);
    // An older program that is put back in place does the same.
    CHECK(at->keeper.renew_summaries(numbered_maker(1)) == 2);
    CHECK(summaries(at, box) == std::vector<std::string>{"1:second one:10"});
}

TEST_CASE("store summaries: a message that cannot be read does not keep the store from starting") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), std::string(9 << 20, 'x')).has_value());  // a file of its own
    REQUIRE(at.append(at.inbox(), "second one").has_value());
    const auto before = summaries(at, at.inbox());
    const auto own_files = at.options.data_dir / "blobs/big";
    std::filesystem::rename(own_files, at.dir / "away");
    std::filesystem::create_directory(own_files);
    const numbered_maker second(2);
    CHECK(at->keeper.renew_summaries(second) == 1);
    CHECK(summaries(at, at.inbox()) == std::vector<std::string>{before[0], "2:second one:10"});
    CHECK(at->keeper.renew_summaries(second) == 0);
    std::filesystem::remove(own_files);
    std::filesystem::rename(at.dir / "away", own_files);
}

TEST_CASE("store summaries: they grow into rows of their own and shrink again") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "first body").has_value());
    CHECK(at->keeper.renew_summaries(numbered_maker(2, 9'000)) == 1);
    CHECK(summaries(at, at.inbox()).at(0) == "2:first body:10" + std::string(9'000, 'x'));
    CHECK(at->keeper.renew_summaries(numbered_maker(3, 3'000)) == 1);
    CHECK(summaries(at, at.inbox()).at(0) == "3:first body:10" + std::string(3'000, 'x'));
    CHECK(at->keeper.renew_summaries(numbered_maker(4)) == 1);
    CHECK(summaries(at, at.inbox()).at(0) == "4:first body:10");
    in_tables(at, [](write_txn& tx) {
        cursor rest(tx, table::summary_rest);
        CHECK_FALSE(rest.first());
    });
}

TEST_CASE("store summaries: more messages than one slice, and expunged ones") {
    store_fixture at;
    const auto box = at.make_box("x");
    for (int n = 0; n < 450; ++n)
        REQUIRE(at.append(box, "body " + std::to_string(n),
                          {n % 3 == 0 ? mail::flags::deleted : 0u, {}})
                    .has_value());
    REQUIRE(at.get(at->mailboxes.expunge(box, everything())).has_value());
    CHECK(at->keeper.renew_summaries(numbered_maker(2)) == 450);
    for (const auto& message : at.walk(box))
        CHECK(message.summary.starts_with("2:body "));
    in_tables(at, [](write_txn& tx) {
        std::size_t expunged = 0;
        cursor rows(tx, table::expunged);
        for (bool more = rows.first(); more; more = rows.next(), ++expunged)
            CHECK(schema::decode_message(rows.value().substr(schema::expunged_row_head))
                      .summary.starts_with("2:body "));
        CHECK(expunged == 150);
    });
}

TEST_CASE("store summaries: a renewal that was broken off begins anew") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "first body").has_value());
    REQUIRE(at.append(at.inbox(), "second one").has_value());
    CHECK(at->keeper.renew_summaries(numbered_maker(2)) == 2);
    // As a crash leaves it: some of version 3, and the number of those before.
    CHECK(at->keeper.renew_summaries(numbered_maker(3)) == 2);
    in_tables(at, [](write_txn& tx) { set_meta_number(tx, "summary_version", 2); });
    CHECK(at->keeper.renew_summaries(numbered_maker(3)) ==
          0);  // nothing is written that stands already
    in_tables(at, [](write_txn& tx) { CHECK(meta_number(tx, "summary_version") == 3); });
}

TEST_CASE("store summaries: a store without mail is of this version, and nobody reads of it") {
    store_fixture at;
    std::string of_new, of_old;
    {
        const hauspost::test::log_capture log(of_new);
        CHECK(at->keeper.renew_summaries(numbered_maker(1)) == 0);
        REQUIRE(at.append(at.inbox(), "first body").has_value());
        CHECK(at->keeper.renew_summaries(numbered_maker(1)) ==
              0);  // it was of this version already
    }
    CHECK(of_new.empty());
    {
        const hauspost::test::log_capture log(of_old);
        CHECK(at->keeper.renew_summaries(numbered_maker(2)) == 1);
    }
    CHECK(of_old.find("renew_summaries from=1 to=2") != std::string::npos);
}
