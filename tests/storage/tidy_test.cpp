#include "storage/lmdb/staged.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::lmdb;
using namespace hauspost::storage::test;

namespace {

constexpr std::size_t mib = 1024 * 1024;

std::vector<std::string> files_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.is_regular_file()) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

std::filesystem::path blobs(const store_fixture& at) {
    return at.options.data_dir / "blobs";
}

std::uint64_t disk_octets(const std::filesystem::path& file) {
    struct stat info {};
    REQUIRE(stat(file.c_str(), &info) == 0);
    return static_cast<std::uint64_t>(info.st_blocks) * 512;
}

void expunge(store_fixture& at, mailbox_key box, const mail::uid_ranges& uids) {
    REQUIRE(at.change(box, uids, mail::change::add, {mail::flags::deleted, {}}).has_value());
    REQUIRE(at.get(at->mailboxes.expunge(box, uids)).has_value());
}

/// A store that keeps nothing that was expunged.
struct forgetful : store_fixture {
    forgetful() {
        options.retention = std::chrono::seconds(0);
        options.segment_octets = mib;
        reopen();
    }
};

}  // namespace

TEST_CASE("store tidy: expunged mail stays for the retention time, to the second") {
    store_fixture at;
    at.options.retention = std::chrono::seconds(100);
    at.reopen();
    for (std::uint64_t n = 1; n <= 3; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 100), {}, "", body_text(n, 5000)).has_value());
    expunge(at, at.inbox(), only(1));
    at.time.seconds += 50;
    expunge(at, at.inbox(), only(2));
    at.time.seconds += 49;
    CHECK(at->keeper.tidy() == 0);
    at.time.seconds += 1;
    CHECK(at->keeper.tidy() == 1);
    CHECK(at->keeper.check().blobs == 2);
    at.time.seconds += 50;
    CHECK(at->keeper.tidy() == 1);
    CHECK(at->keeper.check().blobs == 1);
    CHECK(at.text_of(at.inbox(), 3) == body_text(3, 100));
}

TEST_CASE("store tidy: a clock that stands at 1970 purges nothing (I09)") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "text").has_value());
    expunge(at, at.inbox(), only(1));
    at.time.seconds = 5;
    CHECK(at->keeper.tidy() == 0);
    CHECK(at->keeper.check().blobs == 1);
}

TEST_CASE("store tidy: a blob goes with its last reference only") {
    forgetful at;
    const auto bob = at.add_account("b@example.test");
    queue_item item;
    item.recipients = {{"x@elsewhere.test", "", "", 0}};
    CHECK_FALSE(at.deliver(body_text(1, 500), {{at.ann, ""}, {bob, ""}}, {item}));
    REQUIRE(at.get(at->mailboxes.copy(at.inbox(), everything(), mailbox_id(2), false)).has_value());
    expunge(at, at.inbox(), everything());
    expunge(at, {at.ann, mailbox_id(2)}, everything());
    CHECK(at->keeper.tidy() == 2);
    CHECK(at.text_of({bob, mailbox_id(1)}, 1) == body_text(1, 500));
    expunge(at, {bob, mailbox_id(1)}, everything());
    CHECK(at->keeper.tidy() == 1);
    CHECK(at->keeper.check().blobs == 1);
    CHECK_FALSE(at.get(at.store->queue.remove(queue_id(1))));
    CHECK(at->keeper.check().blobs == 0);
}

TEST_CASE("store tidy: files of their own are removed, open ones are read to the end") {
    forgetful at;
    const auto body = body_text(1, 8 * mib + 5);
    REQUIRE(at.append(at.inbox(), body).has_value());
    const auto blob = at.walk(at.inbox()).at(0).blob;
    CHECK(files_in(blobs(at) / "big").size() == 1);
    expunge(at, at.inbox(), everything());
    CHECK(at.read_blob(blob, 8 * mib) == body.substr(8 * mib));
    CHECK(at->keeper.tidy() == 1);
    CHECK(files_in(blobs(at) / "big").empty());
    std::string into(10, ' ');
    CHECK(at.get(at->blobs.read(blob, 0, into)).error() == errc::no_such_message);
}

TEST_CASE("store tidy: large dead bodies become holes, their neighbours stay") {
    forgetful at;
    at.options.segment_octets = 128 * mib;
    at.reopen();
    for (std::uint64_t n = 1; n <= 3; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 500'000)).has_value());
    const auto file = blobs(at) / "seg-00000001";
    const auto before = disk_octets(file);
    expunge(at, at.inbox(), only(2));
    CHECK(at->keeper.tidy() == 1);
    CHECK(before - disk_octets(file) >= 490'000);
    CHECK(at.text_of(at.inbox(), 1) == body_text(1, 500'000));
    CHECK(at.text_of(at.inbox(), 3) == body_text(3, 500'000));
}

TEST_CASE("store tidy: sparse segments are copied and removed, what is live stays readable") {
    forgetful at;
    constexpr std::uint32_t count = 60;  // 100 KB each: some six segments
    for (std::uint64_t n = 1; n <= count; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 100'000)).has_value());
    const auto segments = files_in(blobs(at));
    CHECK(segments.size() >= 6);
    mail::uid_ranges most;
    for (std::uint32_t n = 1; n <= count; ++n)
        if (n % 5 != 0) most.push_back({uid(n), uid(n)});
    expunge(at, at.inbox(), most);
    CHECK(at->keeper.tidy() == most.size());
    const auto left = files_in(blobs(at));
    CHECK(left.size() <= 3);
    CHECK(left.front() != segments.front());
    const auto figures = at->keeper.figures();
    CHECK(figures.live_octets >= 12 * 100'000);
    CHECK(figures.segment_octets < 3 * mib);
    for (std::uint32_t n = 5; n <= count; n += 5)
        CHECK(at.text_of(at.inbox(), n) == body_text(n, 100'000));
    at.reopen();
    for (std::uint32_t n = 5; n <= count; n += 5)
        CHECK(at.text_of(at.inbox(), n) == body_text(n, 100'000));
}

TEST_CASE("store tidy: a segment that a staged body waits in is not removed") {
    forgetful at;
    const auto body = body_text(1, 200'000);
    const auto waiting = at.staged(body);
    REQUIRE_FALSE(at.get(waiting->lay_down()));  // into segment 1
    for (std::uint64_t n = 2; n <= 8; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 200'000)).has_value());
    expunge(at, at.inbox(), everything());
    at->keeper.tidy();
    at->keeper.tidy();
    CHECK(files_in(blobs(at)).size() == 2);  // this one and the current one
    append_request request;
    request.mailbox = at.inbox();
    request.blob = waiting;
    REQUIRE(at.get(at->mailboxes.append(std::move(request))).has_value());
    CHECK(at.text_of(at.inbox(), 8) == body);
}

TEST_CASE("store tidy: a damaged body is left where it is, the others move") {
    forgetful at;
    at.is_sound_at_end = false;
    for (std::uint64_t n = 1; n <= 12; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 100'000)).has_value());
    {
        std::fstream file(blobs(at) / "seg-00000001", std::ios::in | std::ios::out);
        file.seekp(50'000);  // in the first message
        file.put('!');
    }
    expunge(at, at.inbox(), {{uid(3), uid(9)}});
    at->keeper.tidy();
    CHECK(files_in(blobs(at)).size() == 2);
    CHECK(at.text_of(at.inbox(), 2) == body_text(2, 100'000));
    const auto findings = at.findings();
    REQUIRE(findings.size() == 2);
    CHECK(findings[1].find("message 1/1/1 of a@example.test in \"INBOX\"") != std::string::npos);
}
