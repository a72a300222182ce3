#include "tests/faults/faulty_calls.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

/// A store that cannot keep its promise any more says so, once, and keeps to it.
namespace hauspost::storage::test {
namespace {

constexpr std::size_t own_file = (8u << 20) + 1;

void break_sync(store_fixture& at, const char* file, std::size_t octets) {
    const faulty_calls calls(at.options.data_dir / "blobs");
    const auto body = body_text(1, octets);
    const auto blob = at.staged(body);
    faulty_calls::only(file);
    std::uint64_t nth = 1;
    // The sync is the last call that an append makes on the file.
    for (bool is_broken = false; !is_broken && nth < 20; ++nth) {
        const auto copy = at.staged(body);
        faulty_calls::fail(nth, call_fault::io_error);
        append_request request;
        request.mailbox = at.inbox();
        request.blob = copy;
        try {
            (void)at.get(at->mailboxes.append(std::move(request)));
        } catch (const fault&) {
        }
        is_broken = at->keeper.figures().is_broken;
    }
    CHECK(nth < 20);
}

}  // namespace

TEST_CASE("I05 store: a sync that failed breaks the store: told once, nothing more is written") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "before").has_value());
    int told = 0;
    at->keeper.on_broken([&](const std::string& what) {
        ++told;
        CHECK_FALSE(what.empty());
    });
    SUBCASE("of a segment") {
        break_sync(at, "seg-", 1000);
    }
    SUBCASE("of a file of its own") {
        break_sync(at, "", own_file);
    }
    CHECK(told == 1);
    CHECK(at->keeper.figures().is_broken);
    const auto messages = at.snapshot(at.inbox()).info.counters.messages;
    CHECK_THROWS_AS((void)at.append(at.inbox(), "after"), fault);
    CHECK_THROWS_AS((void)at.append(at.inbox(), body_text(2, 100'000)), fault);
    CHECK_THROWS_AS(
        (void)at.change(at.inbox(), everything(), mail::change::add, {mail::flags::seen, {}}),
        fault);
    CHECK_THROWS_AS((void)at.get(at->mailboxes.create(at.ann, "x", mail::special_use::none)),
                    fault);
    // What was stored can be read until the process ends.
    CHECK(at.text_of(at.inbox(), 1) == "before");
    CHECK(at.snapshot(at.inbox()).info.counters.messages == messages);
    CHECK(told == 1);
    at.reopen();
    CHECK(at.text_of(at.inbox(), 1) == "before");
    CHECK(at.append(at.inbox(), "after").has_value());
}

TEST_CASE("store: a number of a segment whose making failed is no hindrance to the next one") {
    store_fixture at;
    {
        const faulty_calls calls(at.options.data_dir / "blobs");
        faulty_calls::only("seg-");
        faulty_calls::fail(1, call_fault::no_space);
        CHECK(at.append(at.inbox(), "text").error() == errc::disk_full);
    }
    CHECK(at.append(at.inbox(), "text").has_value());
}

}  // namespace hauspost::storage::test
