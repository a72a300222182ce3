#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <numeric>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

constexpr std::size_t kib = 1024;

std::uintmax_t own_files(const store_fixture& at) {
    std::uintmax_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(at.options.data_dir / "blobs" / "big"))
        ++count;
    return count;
}

/// Segment files that this process has open.
std::size_t open_segments(const store_fixture& at) {
    const auto folder = std::filesystem::canonical(at.options.data_dir / "blobs");
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;  // the descriptor of the directory itself
        if (std::filesystem::read_symlink(entry.path(), gone).parent_path() == folder) ++count;
    }
    return count;
}

/// Delivers to INBOX from several coroutines at once; keeps each outcome.
awaitable<void> deliver_one(const ports& store,
                            std::shared_ptr<staged_blob> blob,
                            account_id to,
                            std::vector<error_code>& outcomes) {
    delivery_request request;
    request.blob = std::move(blob);
    request.summary = "sum";
    request.local.push_back({to, ""});
    const auto done = co_await store.delivery.deliver(std::move(request));
    outcomes.push_back(done);
}

}  // namespace

TEST_CASE("store append: a message is there with all that was given") {
    store_fixture at;
    const auto box = at.make_box("x");
    const auto done =
        at.append(box, "body\r\n", {mail::flags::seen | mail::flags::draft, {"$Work"}}, "P: q\r\n",
                  "summary");
    REQUIRE(done.has_value());
    CHECK(done->uid == uid(1));
    CHECK(done->uid_validity == at.snapshot(box).info.counters.uid_validity);
    const auto all = at.walk(box);
    REQUIRE(all.size() == 1);
    CHECK(all[0].flags ==
          (mail::flags::seen | mail::flags::draft | 1u << mail::flags::first_keyword));
    CHECK(all[0].modseq == done->modseq.value());
    CHECK(all[0].octets == 12);
    CHECK(all[0].internal_date == mail::date_time{1'600'000'000, 60});
    CHECK(all[0].save_date == at.time.seconds);
    CHECK(all[0].prefix == "P: q\r\n");
    CHECK(all[0].summary == "summary");
    CHECK(at.text_of(box, 1) == "P: q\r\nbody\r\n");
    const auto now = at.snapshot(box);
    CHECK(now.keywords == std::vector<std::string>{"$Work"});
    CHECK(now.info.counters.messages == 1);
    CHECK(now.info.counters.unseen == 0);
    CHECK(now.info.counters.octets == 12);
    CHECK(now.info.counters.uid_next == uid(2));
    CHECK(now.info.counters.highest_modseq == done->modseq);
    CHECK_FALSE(now.first_unseen);
}

TEST_CASE("store append: refusals store nothing") {
    store_fixture at;
    CHECK(at.append({at.ann, mailbox_id(99)}, "x").error() == errc::no_such_mailbox);
    CHECK(at.append({at.ann, mailbox_id(0)}, "x").error() == errc::no_such_mailbox);
    CHECK(at.append({account_id(99), mailbox_id(1)}, "x").error() == errc::no_such_mailbox);
    CHECK(at->keeper.check().blobs == 0);
}

TEST_CASE("store blobs: bodies on both sides of every size boundary come back octet by octet") {
    store_fixture at;
    const std::size_t sizes[] = {0,
                                 1,
                                 64 * kib - 1,   // the writer lays it down with its batch
                                 64 * kib,       // placed by the receiver, from memory
                                 256 * kib,      // the last that stands in memory
                                 256 * kib + 1,  // through a temporary file
                                 300 * kib,
                                 8 * kib * kib - 1,  // the last in a segment
                                 8 * kib * kib,      // a file of its own
                                 8 * kib * kib + 1};
    std::vector<std::string> bodies;
    for (const auto size : sizes) {
        bodies.push_back(body_text(size, size));
        REQUIRE(at.append(at.inbox(), bodies.back()).has_value());
    }
    CHECK(own_files(at) == 2);
    for (std::uint32_t n = 0; n < bodies.size(); ++n)
        CHECK(at.text_of(at.inbox(), n + 1) == bodies[n]);
    at.reopen();
    for (std::uint32_t n = 0; n < bodies.size(); ++n)
        CHECK(at.text_of(at.inbox(), n + 1) == bodies[n]);
}

TEST_CASE("store blobs: read gives any part, less only at the end, nothing behind it") {
    store_fixture at;
    for (const std::size_t size : {std::size_t{300}, 70 * kib}) {
        const auto body = body_text(size, size);
        const auto done = at.append(at.inbox(), body);
        REQUIRE(done.has_value());
        const auto blob = at.walk(at.inbox(), only(done->uid.value())).at(0).blob;
        const std::size_t step = size / 100;
        for (std::size_t from = 0; from <= size; from += step)
            CHECK(at.read_blob(blob, from, step + 1) == body.substr(from, step + 1));
        CHECK(at.read_blob(blob, size - 1, 10) == body.substr(size - 1));
        CHECK(at.read_blob(blob, size, 10).empty());
        CHECK(at.read_blob(blob, size + 1, 10).empty());
        CHECK(at.read_blob(blob, UINT64_MAX, 10).empty());
        CHECK(at.read_blob(blob, 5, 0).empty());
    }
    std::string into(10, ' ');
    CHECK(at.get(at->blobs.read(blob_id(999), 0, into)).error() == errc::no_such_message);
}

TEST_CASE("store blobs: 128 segment files stay open, one more closes those that nobody reads") {
    store_fixture at;
    at.options.segment_octets = 4 * kib;
    at.reopen();
    for (std::uint64_t n = 1; n <= 129; ++n)  // each begins a segment
        REQUIRE(at.append(at.inbox(), body_text(n, 5000)).has_value());
    at.reopen();
    for (std::uint32_t n = 1; n <= 128; ++n)
        REQUIRE(at.text_of(at.inbox(), n) == body_text(n, 5000));
    CHECK(open_segments(at) == 128);
    CHECK(at.text_of(at.inbox(), 129) == body_text(129, 5000));
    CHECK(open_segments(at) == 1);
    CHECK(at.text_of(at.inbox(), 1) == body_text(1, 5000));
    CHECK(open_segments(at) == 2);
}

TEST_CASE("store blobs: a staged body shows its octets and leaves nothing when it is dropped") {
    store_fixture at;
    for (const std::size_t size : {std::size_t{100}, 64 * kib, 300 * kib, 9 * kib * kib}) {
        const auto body = body_text(size, size);
        const auto blob = at.staged(body);
        CHECK(blob->octets() == size);
        CHECK(blob->view() == body);
    }
    CHECK(own_files(at) == 0);
    CHECK(at->keeper.check().blobs == 0);
}

TEST_CASE("store deliver: one blob serves all recipients, each with its own prefix (H09)") {
    store_fixture at;
    std::vector<local_copy> to;
    for (int n = 0; n < 100; ++n) {
        const auto name = "u" + std::to_string(n) + "@example.test";
        to.push_back({at.add_account(name), "Delivered-To: " + name + "\r\n"});
    }
    const auto body = body_text(7, 100 * kib);
    CHECK_FALSE(at.deliver(body, to));
    CHECK(at->keeper.check().blobs == 1);
    CHECK(at->keeper.check().octets == body.size());
    CHECK(at->keeper.check().messages == 100);
    for (const auto& copy : to)
        CHECK(at.text_of({copy.account, mailbox_id(1)}, 1) == copy.prefix + body);
    at.is_sound_at_end = true;
}

TEST_CASE("store deliver: all recipients or none") {
    store_fixture at;
    const auto full = at.add_account("full@example.test", 50);
    REQUIRE_FALSE(at.deliver(body_text(1, 50), {{full, ""}}));
    CHECK(at.deliver("x", {{at.ann, ""}, {full, ""}}) == errc::over_quota);
    CHECK(at.deliver("x", {{at.ann, ""}, {account_id(77), ""}}) == errc::no_such_account);
    CHECK(at->keeper.check().messages == 1);
    CHECK(at->keeper.check().blobs == 1);
    CHECK_FALSE(at.deliver("nobody", {}));
    CHECK(at->keeper.check().blobs == 1);
}

TEST_CASE("store quota: room for exactly the limit, not for one octet more (H10)") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 1000);
    const mailbox_key box{bob, mailbox_id(1)};
    CHECK(at.append(box, body_text(1, 1000), {}, "p").error() == errc::over_quota);
    CHECK(at.append(box, body_text(1, 1001)).error() == errc::over_quota);
    CHECK(at.append(box, body_text(1, 990), {}, "0123456789").has_value());
    CHECK(at.append(box, "x").error() == errc::over_quota);
    CHECK(at.deliver("x", {{bob, ""}}) == errc::over_quota);
    CHECK(at.get(at->mailboxes.copy(box, everything(), mailbox_id(2), false)).error() ==
          errc::over_quota);
    CHECK(at.get(at->mailboxes.copy(box, everything(), mailbox_id(2), true))
              .has_value());  // a move fits
    CHECK(at.usage(bob).octets == 1000);
}

TEST_CASE("store quota: two copies for one account in one delivery count both (H10)") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 150);
    CHECK(at.deliver(body_text(1, 150), {{bob, ""}, {bob, ""}}) == errc::over_quota);
    CHECK(at.deliver(body_text(1, 75), {{bob, ""}, {bob, ""}}) == error_code());
    CHECK(at.usage(bob).octets == 150);
}

TEST_CASE("store quota: a nearly full mailbox takes one message more and delays nobody (H10)") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 100);
    REQUIRE_FALSE(at.deliver(body_text(1, 99), {{bob, ""}}));
    CHECK_FALSE(at.deliver(body_text(1, 500), {{at.ann, ""}, {bob, ""}}));
    CHECK(at.usage(bob).octets == 599);
    CHECK(at.deliver("x", {{at.ann, ""}, {bob, ""}}) == errc::over_quota);
    CHECK(at.usage(bob).octets == 599);
}

TEST_CASE("store quota: 50 deliveries at once never pass the limit (H10)") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 2000);
    std::vector<std::shared_ptr<staged_blob>> blobs;
    for (std::uint64_t n = 0; n < 50; ++n)
        blobs.push_back(at.staged(body_text(n, 100)));
    std::vector<error_code> outcomes;
    for (const auto& blob : blobs)
        asio::co_spawn(at.io, deliver_one(*at, blob, bob, outcomes), [](std::exception_ptr) {});
    run_until(at.io, [&] { return outcomes.size() == 50; });
    CHECK(std::count(outcomes.begin(), outcomes.end(), error_code()) == 20);
    CHECK(std::count(outcomes.begin(), outcomes.end(), errc::over_quota) == 30);
    CHECK(at.usage(bob).octets == 2000);
}

TEST_CASE("store: after stop writes are refused as busy and the tables can still be read") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "before").has_value());
    const auto blob = at.staged("late");
    at->keeper.stop();
    at->keeper.stop();
    append_request request;
    request.mailbox = at.inbox();
    request.blob = blob;
    CHECK(at.get(at->mailboxes.append(std::move(request))).error() == errc::busy);
    CHECK(at.walk(at.inbox()).size() == 1);
    CHECK(at->keeper.tidy() == 0);
}
