#include "tests/storage/index/index_fixture.hpp"
#include "tests/support/unsteady_feed.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

void fill(index_fixture& at, int from, int to) {
    for (int n = from; n <= to; ++n)
        at.put("number" + std::to_string(1000 + n));
}

/// Each second file goes, each other one loses its second half.
void damage(const std::filesystem::path& folder) {
    bool goes = true;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (goes)
            std::filesystem::remove(entry.path());
        else
            std::filesystem::resize_file(entry.path(), entry.file_size() / 2);
        goes = !goes;
    }
}

}  // namespace

TEST_CASE("index: is there after a restart without reading the messages again") {
    index_fixture at;
    fill(at, 1, 20);
    at.settle();
    at.close();
    at.put("came while it was off");
    at.open();
    at.settle();
    CHECK(at.may_hold("number1007") == uid_set{7});
    CHECK(at.may_hold("while") == uid_set{21});
    CHECK(at.index->indexed() == 1);
}

TEST_CASE("index: looks at all accounts when news may have been lost") {
    index_fixture at;
    hauspost::test::unsteady_feed feed(at.at->changes);
    feed.loses = true;
    at.changes = &feed;
    at.settings.enough_messages = 1;
    at.open();
    at.settle();
    at.put("nobody heard of it");
    feed.tell_unknown();
    at.wait_until_indexed(1);
    at.settle();  // it is counted before it is committed
    CHECK(at.may_hold("heard") == uid_set{1});
    at.close();
}

TEST_CASE("index: half of its files lost at a crash, it is built anew") {
    index_fixture at;
    fill(at, 1, 20);
    at.settle();
    at.close();
    damage(at.folder_of(at.at.ann));
    at.open();
    at.settle();
    CHECK(at.may_hold("number1007") == uid_set{7});
    CHECK(at.index->indexed() == 20);
}

TEST_CASE("index: each file of it lost or cut alone, a search finds no less") {
    index_fixture at;
    fill(at, 1, 20);
    at.settle();
    at.close();
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(at.folder_of(at.at.ann)))
        files.push_back(entry.path());
    REQUIRE(files.size() >= 2);
    for (const auto& file : files) {
        for (const bool cut : {false, true}) {
            CAPTURE(file.string());
            CAPTURE(cut);
            if (!std::filesystem::exists(file)) continue;
            if (cut)
                std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
            else
                std::filesystem::remove(file);
            at.open();
            at.settle();
            // The first look may be the one that finds the damage.
            static_cast<void>(at.may_hold("number1007"));
            at.settle();
            CHECK(at.may_hold("number1007") == uid_set{7});
            at.close();
        }
    }
}

TEST_CASE("index: damaged while it is used, it gives no answer and then is built anew") {
    index_fixture at;
    fill(at, 1, 300);
    at.settle();
    for (const auto& entry : std::filesystem::directory_iterator(at.folder_of(at.at.ann)))
        if (entry.path().filename().string().starts_with("seg-"))
            std::ofstream(entry.path()) << std::string(entry.file_size(), '\xee');
    CHECK_FALSE(at.may_hold("number1007").has_value());
    at.settle();
    CHECK(at.may_hold("number1007") == uid_set{7});
}

TEST_CASE("index: one that another version made is built anew") {
    index_fixture at;
    fill(at, 1, 5);
    at.settle();
    at.close();
    at.text.number = "2";
    at.open();
    at.settle();
    CHECK(at.index->indexed() == 5);
    CHECK(at.may_hold("number1003") == uid_set{3});
}

TEST_CASE("index: one of a store that was put back since is built anew") {
    index_fixture at;
    fill(at, 1, 5);
    at.settle();
    at.close();
    at.settings.store_generation = 1;
    at.open();
    at.settle();
    CHECK(at.index->indexed() == 5);
    CHECK(at.may_hold("number1003") == uid_set{3});
}

TEST_CASE("index: one that knows more than the store is of another time, and is built anew") {
    index_fixture later;
    fill(later, 1, 5);
    later.settle();
    later.close();
    index_fixture earlier;
    earlier.close();
    earlier.put("other words");
    earlier.put("than those");
    std::filesystem::remove_all(earlier.folder_of(earlier.at.ann));
    std::filesystem::copy(later.folder_of(later.at.ann), earlier.folder_of(earlier.at.ann));
    earlier.open();
    earlier.settle();
    CHECK(earlier.may_hold("words") == uid_set{1});
    CHECK(earlier.may_hold("those") == uid_set{2});
}

TEST_CASE("index: built anew when somebody wants it, for one account or for all") {
    index_fixture at;
    const auto bob = at.at.add_account("b@example.test");
    fill(at, 1, 5);
    at.put("for bob", "none", {bob, mailbox_id(1)});
    at.settle();
    const auto state = at.at.get(at.index->look_at_all());
    REQUIRE(state.has_value());
    CHECK(state->accounts_ready == 2);
    CHECK(state->accounts_waiting == 0);
    CHECK(state->messages == 6);
    CHECK(state->octets > 6 * 32);
    at.index->rebuild(at.at.ann);
    CHECK_FALSE(at.may_hold("number1003").has_value());
    at.settle();
    CHECK(at.may_hold("number1003") == uid_set{3});
    CHECK(at.index->indexed() == 6 + 5);
    at.index->rebuild(std::nullopt);
    at.settle();
    CHECK(at.index->indexed() == 6 + 5 + 6);
    CHECK(at.may_hold("number1003") == uid_set{3});
    CHECK(at.at.get(at.index->look_at_all())->messages == 6);
}

TEST_CASE("index: a folder of another program's making is built anew") {
    index_fixture at;
    fill(at, 1, 5);
    at.settle();
    at.close();
    const auto folder = at.folder_of(at.at.ann);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "below");
    std::ofstream(folder / "iamglass") << "IAmGlass";  // as it was before
    std::ofstream(folder / "postlist.glass") << std::string(8192, '\0');
    at.open();
    at.settle();
    CHECK(at.index->indexed() == 5);
    CHECK(at.may_hold("number1003") == uid_set{3});
    CHECK_FALSE(std::filesystem::exists(folder / "iamglass"));
    CHECK_FALSE(std::filesystem::exists(folder / "below"));
}

TEST_CASE("index: goes with its account, and so do folders that are nobody's") {
    index_fixture at;
    const auto bob = at.at.add_account("b@example.test");
    at.put("for bob", "none", {bob, mailbox_id(1)});
    at.settle();
    CHECK(std::filesystem::exists(at.folder_of(bob)));
    std::filesystem::create_directory(at.settings.folder / "00000099");
    CHECK_FALSE(at.at.get(at.at->directory.remove_account(bob)));
    at.settle();
    CHECK_FALSE(std::filesystem::exists(at.folder_of(bob)));
    CHECK_FALSE(std::filesystem::exists(at.settings.folder / "00000099"));
}

TEST_CASE("index: a store that cannot be read is tried again") {
    index_fixture at;
    fill(at, 1, 5);
    at.blobs->faults = 3;
    at.settle();
    for (int n = 0; n < 100 && at.index->indexed() < 5; ++n)
        at.settle();
    CHECK(at.may_hold("number1003") == uid_set{3});
    CHECK(at.blobs->faults == 0);
}

TEST_CASE("index: nothing is written while the disk has too little room") {
    index_fixture at;
    at.close();
    at.settings.min_free_octets = UINT64_MAX;
    at.open();
    fill(at, 1, 5);
    at.settle();
    CHECK(at.index->indexed() == 0);
    CHECK_FALSE(at.may_hold("number1003").has_value());
    CHECK_FALSE(std::filesystem::exists(at.folder_of(at.at.ann)));
}

TEST_CASE("index: stopped at any moment, it covers no more than it holds") {
    index_fixture at;
    at.close();
    at.settings.max_waiting_octets = 1;  // many small commits
    at.settings.enough_messages = 1;
    fill(at, 1, 150);
    for (int round = 0; round < 12; ++round) {
        at.open();
        for (int n = 0; n < round * round * 4; ++n)
            std::this_thread::yield();
        at.close();
    }
    at.open();
    at.settle();
    for (const int n : {1, 2, 63, 64, 65, 100, 149, 150})
        CHECK(at.may_hold("number" + std::to_string(1000 + n)) ==
              uid_set{static_cast<std::uint32_t>(n)});
}

TEST_CASE("index: asked while it is written, it never misses a message") {
    index_fixture at;
    at.close();
    at.settings.max_waiting_octets = 1;
    at.settings.enough_messages = 1;
    at.open();
    for (int n = 1; n <= 200; ++n) {
        at.put("number" + std::to_string(1000 + n));
        const auto wanted = static_cast<std::uint32_t>(1 + n * 7 % n);
        const auto found = at.may_hold("number" + std::to_string(1000 + wanted));
        if (found) CHECK(found->contains(wanted));
    }
    at.settle();
    CHECK(at.may_hold("number1150") == uid_set{150});
}
