#include "storage/lmdb/writer.hpp"

#include "tests/faults/faulty_calls.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

/// The writer by itself: what shares a commit, and what of it harms whom.
namespace hauspost::storage::test {

using namespace lmdb;
namespace {

using hauspost::test::tmp_dir;

/// A body as sessions have it, in memory.
class small_body final : public pending_body {
public:
    small_body(std::uint64_t id, std::string text) : text_(std::move(text)) {
        placed_.blob = blob_id(id);
        placed_.octets = text_.size();
    }
    [[nodiscard]] bool is_in_memory() const override { return true; }
    [[nodiscard]] std::string_view memory() const override { return text_; }
    [[nodiscard]] const placed_blob& placed() const override { return placed_; }
    void keep() noexcept override {}

private:
    std::string text_;
    placed_blob placed_;
};

std::filesystem::path made(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    return folder;
}

struct writer_fixture {
    tmp_dir dir;
    environment env{made(dir / "meta"), std::size_t{64} << 20};
    store_health health;
    segment_files files{dir / "blobs", {}, std::uint64_t{1} << 20, health};
    free_space room{dir / "blobs", 0};
    std::size_t commits = 0;
    std::unique_ptr<lmdb::writer> writer;

    writer_fixture() {
        writer::settings settings;
        settings.on_commit = [this](write_context&) { ++commits; };
        writer = std::make_unique<lmdb::writer>(env, files, room, health, std::move(settings));
    }

    std::string value_of(std::string_view key) {
        const read_txn tx(env);
        const auto found = tx.get(table::meta, key);
        return found ? std::string(*found) : std::string();
    }
};

enum class ended : std::uint8_t { done, refused, unsure, fault };

using work = std::function<void(write_context&)>;

awaitable<void> run_one(lmdb::writer& to, work what, ended& how) {
    auto call = [&what](write_context& context) -> error_code {
        what(context);
        return {};
    };
    try {
        const auto failed = co_await to.run(std::move(call));
        how = !failed ? ended::done : failed == errc::unsure ? ended::unsure : ended::refused;
    } catch (const fault&) {
        how = ended::fault;
    }
}

/// Runs all in one batch: the writer is held until all of them wait.
std::vector<ended> run_together(writer_fixture& at, const std::vector<work>& all) {
    std::promise<void> is_held;
    std::promise<void> go_on;
    std::thread holder([&] {
        auto hold = [&](write_context&) -> error_code {
            is_held.set_value();
            go_on.get_future().wait();
            return {};
        };
        (void)at.writer->run_blocking(hold);
    });
    is_held.get_future().wait();
    std::vector<ended> how(all.size(), ended::fault);
    boost::asio::io_context io(1);
    for (std::size_t i = 0; i < all.size(); ++i)
        boost::asio::co_spawn(io, run_one(*at.writer, all[i], how[i]), boost::asio::detached);
    io.poll();  // each has put its operation into the queue now
    go_on.set_value();
    holder.join();
    io.run();
    return how;
}

ended run_alone(writer_fixture& at, work what) {
    boost::asio::io_context io(1);
    auto how = ended::fault;
    boost::asio::co_spawn(io, run_one(*at.writer, std::move(what), how), boost::asio::detached);
    io.run();
    return how;
}

work put(std::string key) {
    return [key = std::move(key)](write_context& context) {
        context.tx.put(table::meta, key, "there");
    };
}

work put_body(std::string key, small_body& body) {
    return [key = std::move(key), &body](write_context& context) {
        context.tx.put(table::meta, key, "there");
        context.add_blob(body, 1);
    };
}

}  // namespace

TEST_CASE("writer: an operation that throws fails alone, the others of its batch are committed") {
    writer_fixture at;
    const work bad = [](write_context&) { throw fault("of this one"); };
    const auto how = run_together(at, {put("a"), bad, put("b")});
    CHECK(how == std::vector{ended::done, ended::fault, ended::done});
    CHECK(at.value_of("a") == "there");
    CHECK(at.value_of("b") == "there");
    CHECK_FALSE(at.health.is_broken());
}

TEST_CASE("writer: operations that wait together share a commit") {
    writer_fixture at;
    const auto how = run_together(at, {put("a"), put("b"), put("c")});
    CHECK(how == std::vector{ended::done, ended::done, ended::done});
    CHECK(at.commits == 2);  // and that of the one that held the writer
}

TEST_CASE("writer: octets that cannot be written harm only who brought them") {
    writer_fixture at;
    small_body one(1, "of one"), two(2, "of two");
    std::vector<ended> how;
    {
        const faulty_calls calls(at.dir / "blobs");
        faulty_calls::only("seg-");
        SUBCASE("the batch's write fails, each one alone succeeds") {
            faulty_calls::fail(2, call_fault::io_error);  // the first one makes the file
            how = run_together(at, {put_body("a", one), put("b"), put_body("c", two)});
            CHECK(how == std::vector{ended::done, ended::done, ended::done});
        }
        SUBCASE("no room for them in the batch") {
            faulty_calls::fail(2, call_fault::no_space);
            how = run_together(at, {put_body("a", one), put("b"), put_body("c", two)});
            CHECK(how == std::vector{ended::done, ended::done, ended::done});
        }
    }
    CHECK(at.value_of("a") == "there");
    CHECK(at.value_of("b") == "there");
    CHECK(at.value_of("c") == "there");
    CHECK_FALSE(at.health.is_broken());
}

TEST_CASE("writer: after a segment's failed sync nothing is written any more") {
    writer_fixture at;
    small_body body(1, "octets");
    int told = 0;
    at.health.on_broken([&](const std::string&) { ++told; });
    {
        const faulty_calls calls(at.dir / "blobs");
        faulty_calls::only("seg-");
        faulty_calls::fail(3, call_fault::io_error);  // made, written, synced
        const auto how = run_together(at, {put("a"), put_body("b", body), put("c")});
        CHECK(how == std::vector{ended::fault, ended::fault, ended::fault});
    }
    CHECK(at.health.is_broken());
    CHECK(at.value_of("a").empty());
    CHECK(at.value_of("b").empty());
    // The kernel would say "done" now.
    CHECK(run_alone(at, put("d")) == ended::fault);
    CHECK(at.value_of("d").empty());
    CHECK(told == 1);
    bool is_late_told = false;
    at.health.on_broken([&](const std::string&) { is_late_told = true; });
    CHECK(is_late_told);
}

TEST_CASE("writer: a commit that cannot be synced ends unsure, breaks the store, its octets stay") {
    writer_fixture at;
    small_body body(1, "octets");
    {
        const faulty_calls calls(at.dir / "meta");
        SUBCASE("the pages' sync") {
            faulty_calls::fail(2, call_fault::io_error);
        }
        SUBCASE("the root") {
            faulty_calls::fail(3, call_fault::io_error);
        }
        CHECK(run_together(at, {put_body("a", body), put("c")}) ==
              std::vector{ended::unsure, ended::unsure});
        CHECK(faulty_calls::has_failed());
    }
    CHECK(at.health.is_broken());
    CHECK(run_alone(at, put("b")) == ended::fault);  // nothing of it was done
    at.files.give_back();
    const auto segment = at.dir / "blobs" / "seg-00000001";
    CHECK(std::filesystem::file_size(segment) == segment_files::record_octets(6));
}

TEST_CASE("writer: a body that its operation did not take after all leaves no octet") {
    writer_fixture at;
    small_body body(1, std::string(60'000, 'x'));
    const work refuses = [&](write_context& context) {
        context.add_blob(body, 1);
        throw fault("after it took the body");
    };
    CHECK(run_together(at, {refuses}) == std::vector{ended::fault});
    CHECK(run_together(at, {put_body("a", body)}) == std::vector{ended::done});
    CHECK(std::filesystem::file_size(at.dir / "blobs" / "seg-00000001") ==
          segment_files::record_octets(60'000));
}

TEST_CASE("writer: a blob that was moved or has gone meanwhile is not moved again") {
    writer_fixture at;
    small_body body(7, "octets");
    REQUIRE(run_together(at, {put_body("a", body)}) == std::vector{ended::done});
    schema::blob_row before;
    {
        const read_txn tx(at.env);
        before = schema::decode_blob(*tx.get(table::blob, schema::blob_key(blob_id(7))));
    }
    placed_blob copy{blob_id(7), {9, 4'032}, before.octets, before.checksum};
    std::vector<bool> moved;
    const auto move_from = [&](blob_place from) -> work {
        return
            [&, from](write_context& context) { moved.push_back(context.move_blob(copy, from)); };
    };
    const blob_place now{before.segment, before.offset};
    run_together(at, {move_from({now.segment, now.offset + 1})});
    run_together(at, {move_from({now.segment + 1, now.offset})});
    {
        const read_txn tx(at.env);
        const auto row = schema::decode_blob(*tx.get(table::blob, schema::blob_key(blob_id(7))));
        CHECK(row == before);
    }
    run_together(at, {move_from(now)});
    copy.blob = blob_id(8);  // nobody's
    run_together(at, {move_from(now)});
    CHECK(moved == std::vector{false, false, true, false});
    const read_txn tx(at.env);
    const auto old_segment = tx.get(table::segment, schema::segment_key(now.segment));
    REQUIRE(old_segment.has_value());
    CHECK(schema::decode_segment(*old_segment).live == 0);
}

}  // namespace hauspost::storage::test
