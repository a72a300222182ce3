#include "storage/lmdb/segment_files.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

/// Room on the disk: what is not committed takes none, and the reserve is for what makes room.
namespace hauspost::storage::test {

using namespace lmdb;
namespace {

constexpr std::size_t mib = 1024 * 1024;

std::filesystem::path blobs(const store_fixture& at) {
    return at.options.data_dir / "blobs";
}

std::uint64_t disk_octets(const std::filesystem::path& folder) {
    std::uint64_t octets = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        struct stat info {};
        if (stat(entry.path().c_str(), &info) == 0 && entry.is_regular_file())
            octets += static_cast<std::uint64_t>(info.st_blocks) * 512;
    }
    return octets;
}

/// A store whose disk always has less than the reserve.
void take_the_room_away(store_fixture& at) {
    at.options.min_free_octets = UINT64_MAX;
    at.reopen();
}

}  // namespace

TEST_CASE("store room: a message that is refused at its commit leaves no octet behind (B14)") {
    store_fixture at;
    at.options.tidy_interval = std::chrono::seconds(0);
    REQUIRE(at.append(at.inbox(), "first").has_value());
    const auto full = at.add_account("full@example.test", 1000);
    const auto before = disk_octets(blobs(at));
    for (const std::size_t octets : {std::size_t{2'000}, std::size_t{700'000}, 9 * mib}) {
        CHECK(at.append({full, mailbox_id(1)}, body_text(1, octets)).error() == errc::over_quota);
        CHECK(at.append({at.ann, mailbox_id(99)}, body_text(2, octets)).error() ==
              errc::no_such_mailbox);
        CHECK(at.deliver(body_text(3, octets), {{account_id(77), ""}}) == errc::no_such_account);
    }
    CHECK(disk_octets(blobs(at)) == before);
    CHECK(at.append(at.inbox(), "next").has_value());
}

TEST_CASE("store room: octets that were laid down and then given up go back, the last and others") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), body_text(1, 100'000)).has_value());
    const auto before = disk_octets(blobs(at));
    const auto lay_down = [&at](std::uint64_t seed, std::size_t octets) {
        auto blob = at.staged(body_text(seed, octets));
        REQUIRE_FALSE(at.get(blob->lay_down()));
        return blob;
    };
    auto first = lay_down(2, 900'000);
    auto second = lay_down(3, 900'000);
    auto own = lay_down(4, 9 * mib);
    CHECK(disk_octets(blobs(at)) >= before + 10 * mib);
    first.reset();
    own.reset();
    at->keeper.tidy();
    CHECK(disk_octets(blobs(at)) < before + mib);
    append_request request;
    request.mailbox = at.inbox();
    request.blob = std::move(second);
    REQUIRE(at.get(at->mailboxes.append(std::move(request))).has_value());
    CHECK(at.text_of(at.inbox(), 2) == body_text(3, 900'000));
    CHECK(disk_octets(blobs(at)) < before + mib);
}

TEST_CASE("store room: given up in turn, no segment grows") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "first").has_value());
    const auto size = std::filesystem::file_size(blobs(at) / "seg-00000001");
    for (std::uint64_t n = 1; n <= 40; ++n) {
        auto blob = at.staged(body_text(n, mib));
        REQUIRE_FALSE(at.get(blob->lay_down()));
        blob.reset();
        at->keeper.tidy();
    }
    CHECK(std::filesystem::file_size(blobs(at) / "seg-00000001") < size + 2 * mib);
    CHECK(disk_octets(blobs(at)) < mib);
}

TEST_CASE("store room: memory and files of messages on their way have one budget, and come back") {
    store_fixture at;
    at.options.staged_memory_octets = 200'000;
    at.options.staged_files = 2;
    at.reopen();
    const std::string piece(60'000, 'x');
    std::vector<std::unique_ptr<staged_blob>> all;
    for (int n = 0; n < 3; ++n) {
        all.push_back(at->blobs.stage());
        CHECK_FALSE(at.get(all.back()->write(piece)));
    }
    SUBCASE("memory") {
        auto late = at->blobs.stage();
        CHECK(at.get(late->write(piece)) == errc::busy);
        all.pop_back();
        auto next = at->blobs.stage();
        CHECK_FALSE(at.get(next->write(piece)));
    }
    SUBCASE("files") {
        CHECK_FALSE(at.get(all[0]->write(piece)));
        CHECK_FALSE(at.get(all[1]->write(piece)));
        CHECK(at->keeper.figures().staged_files == 2);
        CHECK(at.get(all[2]->write(piece)) == errc::busy);
        REQUIRE_FALSE(at.get(all[0]->finish()));
        REQUIRE_FALSE(at.get(all[0]->lay_down()));
        CHECK(at->keeper.figures().staged_files == 1);
        auto next = at->blobs.stage();
        for (int n = 0; n < 3; ++n)
            CHECK_FALSE(at.get(next->write(piece)));
    }
    all.clear();
    CHECK(at->keeper.figures().staged_files == 0);
    CHECK(at->keeper.figures().staged_memory_octets == 0);
}

TEST_CASE("store room: a message of few needs no file up to 256 KiB, one of many has 64 KiB") {
    store_fixture at;
    at.options.staged_memory_octets = 4 * mib;
    at.reopen();
    const std::string piece(60'000, 'x');
    const auto send = [&](staged_blob& body, int pieces) {
        for (int n = 0; n < pieces; ++n)
            REQUIRE_FALSE(at.get(body.write(piece)));
    };
    auto first = at->blobs.stage();
    send(*first, 4);
    CHECK(at->keeper.figures().staged_files == 0);
    CHECK(at->keeper.figures().staged_memory_octets == 4 * piece.size());
    SUBCASE("beyond") {
        send(*first, 1);
        CHECK(at->keeper.figures().staged_files == 1);
    }
    SUBCASE("of many") {
        auto second = at->blobs.stage();
        send(*second, 2);
        CHECK(at->keeper.figures().staged_files == 1);
        send(*first, 1);
        CHECK(at->keeper.figures().staged_files == 2);
    }
    REQUIRE_FALSE(at.get(first->finish()));
    CHECK(first->view().size() == first->octets());
    CHECK(first->view().find_first_not_of('x') == std::string_view::npos);
}

TEST_CASE("store room: bodies that wait for one commit hold neither memory nor files") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), "first").has_value());
    const auto before = disk_octets(blobs(at));
    constexpr std::uint64_t edges = 8 * 4'096;  // of holes, if the janitor takes some before others
    const std::vector<std::size_t> sizes{10, 5'000, 64 * 1024, 300'000, 9 * mib, 1};
    const auto wait_for_one_commit = [&] {
        std::vector<append_request> requests;
        for (const auto size : sizes) {
            append_request request;
            request.mailbox = at.inbox();
            request.blob = at.staged(body_text(size, size));
            request.summary = "sum";
            REQUIRE_FALSE(at.get(request.blob->lay_down()));
            CHECK_FALSE(at.get(request.blob->lay_down()));  // no harm in asking twice
            requests.push_back(std::move(request));
            CHECK(at->keeper.figures().staged_memory_octets == 0);
            CHECK(at->keeper.figures().staged_files == 0);
        }
        return requests;
    };
    SUBCASE("given up") {
        {
            const auto requests = wait_for_one_commit();
            CHECK(disk_octets(blobs(at)) > before + 9 * mib);
        }
        at->keeper.tidy();
        CHECK(disk_octets(blobs(at)) <= before + edges);
        CHECK(at.findings().empty());
    }
    SUBCASE("refused") {
        auto requests = wait_for_one_commit();
        for (auto& request : requests)
            request.mailbox.mailbox = mailbox_id(99);
        CHECK(at.get(at->mailboxes.append_all(std::move(requests), std::nullopt)).error() ==
              errc::no_such_mailbox);
        at->keeper.tidy();
        CHECK(disk_octets(blobs(at)) <= before + edges);
    }
    SUBCASE("committed") {
        auto requests = wait_for_one_commit();
        REQUIRE(at.append(at.inbox(), "meanwhile").has_value());
        REQUIRE(at.get(at->mailboxes.append_all(std::move(requests), std::nullopt)).has_value());
        at->keeper.tidy();
        at.reopen();
        for (std::uint32_t n = 0; n < sizes.size(); ++n)
            CHECK(at.text_of(at.inbox(), 3 + n) == body_text(sizes[n], sizes[n]));
    }
}

TEST_CASE("store room: of neighbours that are given up together no page stays but at the edges") {
    tmp_dir dir;
    store_health health;
    segment_files files(dir / "blobs", {}, 64 * mib, health);
    std::vector<segment_files::reservation> all;
    for (std::uint64_t n = 1; n <= 42; ++n) {
        all.push_back(files.reserve(5'000));
        const auto body = body_text(n, 5'000);
        const segment_files::record one{blob_id(n), body, all.back().place(), 0};
        files.write({&one, 1});
    }
    all.front().keep();
    all.back().keep();
    all.clear();
    files.give_back();
    CHECK(disk_octets(dir / "blobs") <= std::uint64_t{2 * 8'192 + 2 * 4'096});
}

TEST_CASE("store room: one message holds 64 KiB of memory, however it comes, 256 KiB of few") {
    store_fixture at;
    std::uint64_t allowed = 256 * 1024;
    SUBCASE("few are on their way") {}
    SUBCASE("many are on their way") {
        at.options.staged_memory_octets = 16 * 64 * 1024;
        at.reopen();
        allowed = 64 * 1024;
    }
    auto blob = at->blobs.stage();
    std::uint64_t most = 0;
    for (int n = 0; n < 3'000; ++n) {
        REQUIRE_FALSE(at.get(blob->write(std::string(static_cast<std::size_t>(n) % 999, 'x'))));
        most = std::max(most, at->keeper.figures().staged_memory_octets);
    }
    CHECK(most == allowed);
    CHECK(at->keeper.figures().staged_memory_octets <= 64 * 1024);  // the rest stands in its file
    REQUIRE_FALSE(at.get(blob->finish()));
    REQUIRE_FALSE(at.get(blob->lay_down()));
    CHECK(at->keeper.figures().staged_memory_octets == 0);
}

TEST_CASE("store room: below the reserve nothing that grows is taken, what makes room goes on") {
    store_fixture at;
    for (int n = 0; n < 4; ++n)
        REQUIRE(at.append(at.inbox(), "text").has_value());
    REQUIRE_FALSE(at.get(at->mailboxes.set_subscribed(at.ann, "News", true)));
    REQUIRE_FALSE(at.get(at->annotations.annotate(at.inbox(), {{"/private/comment", "text"}})));
    const auto work = at.make_box("Work");
    const auto trash = at.get(at->mailboxes.find(at.ann, "Trash"));
    REQUIRE(trash.has_value());
    take_the_room_away(at);
    auto blob = at->blobs.stage();
    CHECK(at.get(blob->write("x")) == errc::disk_full);
    CHECK(at.get(at->mailboxes.copy(at.inbox(), everything(), work.mailbox, false)).error() ==
          errc::disk_full);
    CHECK(at.get(at->mailboxes.copy(at.inbox(), everything(), work.mailbox, true)).error() ==
          errc::disk_full);
    CHECK(at.get(at->mailboxes.create(at.ann, "New", mail::special_use::none)).error() ==
          errc::disk_full);
    CHECK(at.get(at.store->mailboxes.rename(at.ann, "Work", "Else/Where")) == errc::disk_full);
    CHECK(at.get(at.store->mailboxes.rename(at.ann, "INBOX", "Old")) == errc::disk_full);
    CHECK(at.get(at->mailboxes.set_subscribed(at.ann, "More", true)) == errc::disk_full);
    CHECK(at.get(at->annotations.annotate(at.inbox(), {{"/private/other", "text"}})) ==
          errc::disk_full);
    CHECK(at.change(at.inbox(), everything(), mail::change::add, {0, {"$New"}}).error() ==
          errc::disk_full);
    const auto bob = at.add_account("b@example.test");
    CHECK(bob);
    CHECK(at.get(at->sharing.change_rights(at.inbox(), "b@example.test", mail::change::set, 3)) ==
          errc::disk_full);

    CHECK(at.change(at.inbox(), only(1), mail::change::add, {mail::flags::seen, {}}).has_value());
    CHECK(at.get(at->mailboxes.copy(at.inbox(), only(1), trash->id, true)).has_value());
    CHECK(at.get(at->mailboxes.remove_messages(at.inbox(), only(2))).has_value());
    CHECK_FALSE(at.get(at->mailboxes.set_subscribed(at.ann, "News", false)));
    CHECK_FALSE(at.get(at->annotations.annotate(at.inbox(), {{"/private/comment", std::nullopt}})));
    CHECK_FALSE(at.get(at.store->mailboxes.remove(at.ann, "Work")));
    CHECK(at.snapshot(at.inbox()).info.counters.messages == 2);
    CHECK(at.text_of(at.inbox(), 3) == "text");
}

TEST_CASE("store room: a refused COPY leaves nothing, not even what waits for its end") {
    store_fixture at;
    constexpr std::uint32_t many = 1'500;  // more than a slice
    const auto small = at.add_account("small@example.test", 10 * (many + 1'200));
    const mailbox_key inbox{small, mailbox_id(1)};
    for (std::uint32_t n = 0; n < many; ++n)
        REQUIRE(at.append(inbox, "0123456789").has_value());
    at.options.retention = std::chrono::hours(1);
    CHECK(at.get(at->mailboxes.copy(inbox, everything(), mailbox_id(2), false)).error() ==
          errc::over_quota);
    CHECK(at.snapshot({small, mailbox_id(2)}).info.counters.messages == 0);
    at.time.seconds += 365 * 86'400;
    CHECK(at->keeper.tidy() == 0);  // nothing was expunged
}

TEST_CASE("store tidy: no hole is made and no file removed before reuse_delay has passed") {
    store_fixture at;
    at.options.retention = std::chrono::seconds(0);
    at.options.reuse_delay = std::chrono::hours(1);
    at.options.segment_octets = mib;
    at.reopen();
    for (std::uint64_t n = 1; n <= 8; ++n)
        REQUIRE(at.append(at.inbox(), body_text(n, 400'000)).has_value());
    REQUIRE(at.append(at.inbox(), body_text(9, 9 * mib)).has_value());
    std::ofstream(blobs(at) / "big" / "00000000000000aa") << "nobody's";
    const auto before = disk_octets(blobs(at));
    REQUIRE(at.get(at->mailboxes.remove_messages(at.inbox(), everything())).has_value());
    for (int n = 0; n < 3; ++n)
        at->keeper.tidy();
    CHECK(at->keeper.check().blobs == 0);
    CHECK(disk_octets(blobs(at)) >= before);
    at.is_sound_at_end = false;  // the stray file
    at.options.reuse_delay = std::chrono::seconds(0);
    at.reopen();
    at->keeper.tidy();
    at->keeper.tidy();
    CHECK(disk_octets(blobs(at)) < mib);
    CHECK(at.findings().empty());
}

TEST_CASE("store check: files that belong to no message are told, and a round removes them") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), body_text(1, 9 * mib)).has_value());
    REQUIRE(at.append(at.inbox(), "text").has_value());
    std::ofstream(blobs(at) / "big" / "00000000000000aa") << "nobody's";
    std::ofstream(blobs(at) / "seg-000000aa") << "nobody's";
    auto waiting = at.staged(body_text(2, 9 * mib));
    REQUIRE_FALSE(at.get(waiting->lay_down()));  // somebody's, who has not committed yet
    const auto findings = at.findings();
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].find("seg-000000aa") != std::string::npos);
    CHECK(findings[1].find("big/00000000000000aa") != std::string::npos);
    at->keeper.tidy();
    CHECK(at.findings().empty());
    append_request request;
    request.mailbox = at.inbox();
    request.blob = std::move(waiting);
    REQUIRE(at.get(at->mailboxes.append(std::move(request))).has_value());
    CHECK(at.text_of(at.inbox(), 3) == body_text(2, 9 * mib));
}

TEST_CASE("store tidy: what a crash left between octets that count becomes a hole") {
    store_fixture at;
    REQUIRE(at.append(at.inbox(), body_text(1, 1'000)).has_value());
    auto lost = at.staged(body_text(2, 2 * mib));
    REQUIRE_FALSE(at.get(lost->lay_down()));
    REQUIRE(at.append(at.inbox(), body_text(3, 100'000)).has_value());
    // As after a power cut: the octets are there, and nobody knows of them.
    const auto copy = at.dir / "copy";
    std::filesystem::copy(at.options.data_dir, copy, std::filesystem::copy_options::recursive);
    lost.reset();
    at.close();
    std::filesystem::remove_all(at.options.data_dir);
    std::filesystem::rename(copy, at.options.data_dir);
    at.reopen();
    CHECK(disk_octets(blobs(at)) > 2 * mib);
    at->keeper.tidy();
    CHECK(disk_octets(blobs(at)) < mib);
    CHECK(at.text_of(at.inbox(), 1) == body_text(1, 1'000));
    CHECK(at.text_of(at.inbox(), 2) == body_text(3, 100'000));
}

}  // namespace hauspost::storage::test
