#include "protocols/ingest/arriving_message.hpp"

#include "storage/errc.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>

namespace hauspost::ingest {
namespace {

/// Says of which octets a summary is, and on which thread it was made.
class noting_maker final : public storage::summary_maker {
public:
    [[nodiscard]] std::uint32_t version() const override { return 1; }
    [[nodiscard]] storage::message_summary make(std::string_view octets) const override {
        ++calls;
        thread = std::this_thread::get_id();
        return {"of " + std::to_string(octets.size()), 7};
    }

    mutable int calls = 0;
    mutable std::thread::id thread;
};

/// A store, and what reads messages.
struct rig {
    asio::io_context io{1};
    test::tmp_dir folder;
    std::shared_ptr<const storage::ports> store =
        storage::lmdb::open_store({.data_dir = folder.path(), .min_free_octets = 0});
    noting_maker summaries;
    worker_pool workers{"test", 1, 1};
    const ports with{store->blobs, summaries, workers};
};

}  // namespace

TEST_CASE("ingest: a message is read once, by whoever wants to know something of it") {
    rig at;
    auto task = [&]() -> awaitable<void> {
        arriving_message message(at.with);
        CHECK_FALSE(co_await message.write("Subject: a\r\n"));
        CHECK_FALSE(co_await message.write("\r\nbody\r\n"));
        std::string seen;
        const auto see = [&seen](std::string_view octets) { seen = octets; };
        const auto made = co_await message.finish(see);
        REQUIRE(made.has_value());
        CHECK(made->octets == "of 20");
        CHECK(made->thread == 7);
        CHECK(seen == "Subject: a\r\n\r\nbody\r\n");
        CHECK(message.octets() == 20);
        CHECK(message.blob()->view() == seen);
    };
    test::run(at.io, task());
    CHECK(at.summaries.calls == 1);
    CHECK(at.summaries.thread == std::this_thread::get_id());
}

TEST_CASE("ingest: a large message is read on a worker thread") {
    rig at;
    auto task = [&]() -> awaitable<void> {
        arriving_message message(at.with);
        const std::string octets(arriving_message::max_octets_in_place + 1, 'x');
        CHECK_FALSE(co_await message.write(octets));
        CHECK((co_await message.finish()).has_value());
    };
    test::run(at.io, task());
    CHECK(at.summaries.calls == 1);
    CHECK(at.summaries.thread != std::this_thread::get_id());
}

TEST_CASE("ingest: a large message for which no worker has time is refused, and stays so") {
    rig at;
    at.workers.stop();
    auto task = [&]() -> awaitable<void> {
        arriving_message message(at.with);
        const std::string octets(arriving_message::max_octets_in_place + 1, 'x');
        CHECK_FALSE(co_await message.write(octets));
        const auto made = co_await message.finish();
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error() == storage::errc::busy);
        CHECK(co_await message.write("more") == storage::errc::busy);
    };
    test::run(at.io, task());
    CHECK(at.summaries.calls == 0);
}

}  // namespace hauspost::ingest
