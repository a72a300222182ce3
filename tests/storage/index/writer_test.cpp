#include "storage/fault.hpp"
#include "storage/index/index_query.hpp"
#include "storage/index/index_writer.hpp"
#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::index;

namespace {

const std::string version = "1";

/// An index in a folder of its own, and what it should know.
struct index_at {
    hauspost::test::tmp_dir dir;
    std::filesystem::path folder = dir / "one";

    [[nodiscard]] std::vector<blob_id> find(const std::string& text) const {
        const index_snapshot now(folder, version, nullptr);
        return find_candidates(now, {text_field::body, text, false}).blobs;
    }
    [[nodiscard]] std::size_t segments() const {
        return index_snapshot(folder, version, nullptr).segments().size();
    }
    [[nodiscard]] std::vector<std::filesystem::path> files() const {
        const std::filesystem::directory_iterator all(folder);
        std::vector<std::filesystem::path> found;
        for (const auto& entry : all)
            found.push_back(entry.path());
        std::sort(found.begin(), found.end());
        return found;
    }
};

void add(index_writer& to, std::uint64_t blob, const std::string& body) {
    indexed_text text;
    text.body = body;
    to.add(blob_id(blob), text);
}

/// Eight letters: words of different numbers have hardly a trigram in common.
std::string word_of(std::uint64_t n) {
    std::mt19937_64 letters(n);
    std::string word;
    while (word.size() < 8)
        word += static_cast<char>('A' + letters() % 26);
    return word;
}

std::vector<blob_id> only(std::uint64_t blob) {
    return {blob_id(blob)};
}

std::string octets_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("index writer: what was committed is there, what was not is not") {
    index_at at;
    {
        index_writer writer(at.folder, version);
        add(writer, 7, "FIRST WORDS");
        writer.covered.below[mailbox_id(1)] = uid(8);
        writer.commit();
        add(writer, 9, "SECOND WORDS");
        writer.covered.below[mailbox_id(1)] = uid(10);
        CHECK(writer.has(blob_id(9)));
        CHECK(writer.documents() == 2);
    }
    CHECK(at.find("WORDS") == only(7));
    index_writer writer(at.folder, version);
    CHECK(writer.has(blob_id(7)));
    CHECK_FALSE(writer.has(blob_id(9)));
    CHECK(writer.covered.of(mailbox_id(1)) == uid(8));
    CHECK(writer.covered.of(mailbox_id(2)) == uid());
    writer.covered.below[mailbox_id(1)] = uid(20);  // nothing new, but more is covered
    writer.commit();
    CHECK(index_writer(at.folder, version).covered.of(mailbox_id(1)) == uid(20));
    CHECK_THROWS_AS(index_writer(at.folder, "2"), damaged_index);
}

TEST_CASE("index writer: many small commits are few segments, and nothing is lost in merging") {
    index_at at;
    index_writer writer(at.folder, version);
    std::mt19937 random(5);
    std::uint64_t blob = 1;
    std::size_t most = 0;
    for (int round = 0; round < 120; ++round) {
        for (auto n = 1 + random() % 40; n > 0; --n) {
            ++blob;
            std::string text = word_of(blob);
            for (auto more = random() % 300; more > 0; --more)
                text += " " + std::to_string(random());
            // Blobs do not come in their order.
            add(writer, blob ^ 1, text);
        }
        writer.commit();
        writer.remove_unused();
        most = std::max(most, at.segments());
    }
    CHECK(most <= 16);
    CHECK(at.files().size() == at.segments() + 1);
    CHECK(writer.documents() == blob - 1);
    for (std::uint64_t n = 2; n < blob; n += 13) {
        const auto found = at.find(word_of(n));
        CHECK(std::binary_search(found.begin(), found.end(), blob_id(n ^ 1)));
        CHECK(found.size() < 20);
        CHECK(std::is_sorted(found.begin(), found.end()));
        CHECK(writer.has(blob_id(n ^ 1)));
    }
    CHECK(at.find("NOWHERE TO BE FOUND").empty());
}

TEST_CASE("index writer: more messages than a block may have, and texts of all lengths") {
    index_at at;
    index_writer writer(at.folder, version);
    for (std::uint64_t n = 1; n <= 9'000; ++n)
        add(writer, n, word_of(n));
    std::string large;
    for (int n = 0; n < 40'000; ++n)
        large += " " + std::to_string(n * 7919);
    for (std::uint64_t n = 9'001; n <= 9'030; ++n)
        add(writer, n, large + " " + word_of(n));
    writer.commit();
    CHECK(at.segments() == 1);
    for (const std::uint64_t n : {1, 4'095, 4'096, 4'097, 8'192, 8'193, 9'000, 9'001, 9'030}) {
        const auto found = at.find(word_of(n));
        CHECK(std::binary_search(found.begin(), found.end(), blob_id(n)));
        CHECK(found.size() <= 3);
    }
}

TEST_CASE("index writer: messages that are gone are taken out, as far as that is worth it") {
    index_at at;
    index_writer writer(at.folder, version);
    for (std::uint64_t n = 1; n <= 5'000; ++n)
        add(writer, n, word_of(n));
    writer.commit();
    for (std::uint64_t n = 5'001; n <= 5'100; ++n)
        add(writer, n, word_of(n));
    writer.commit();
    std::vector<blob_id> live;
    for (std::uint64_t n = 1; n <= 5'100; ++n)
        if (n > 5'000 || n % 3 == 0) live.emplace_back(n);
    int rounds = 0;
    while (writer.tidy_one(live))
        ++rounds;
    CHECK(rounds == 1);  // of the second segment all are there
    CHECK(writer.documents() == live.size());
    CHECK_FALSE(writer.has(blob_id(1)));
    CHECK(writer.has(blob_id(3)));
    CHECK(at.find(word_of(3)) == only(3));
    CHECK(at.find(word_of(5'100)) == only(5'100));
    CHECK_FALSE(writer.tidy_one(live));
    CHECK(writer.tidy_one({}));
    CHECK(writer.tidy_one({}));
    CHECK(writer.documents() == 0);
    CHECK(at.segments() == 0);
}

TEST_CASE("index writer: what a crash left and what others put there goes") {
    index_at at;
    {
        index_writer writer(at.folder, version);
        add(writer, 1, "WORDS");
        writer.commit();
    }
    std::ofstream(at.folder / "seg-00000099") << "left";
    std::ofstream(at.folder / "catalogue.new") << "left";
    std::filesystem::create_directories(at.folder / "iamglass" / "below");
    index_writer writer(at.folder, version);
    CHECK(at.files().size() == 2);
    CHECK(at.find("WORDS") == only(1));
}

TEST_CASE("index: an octet of any file changed is either seen or changes no answer") {
    index_at at;
    {
        index_writer writer(at.folder, version);
        for (std::uint64_t n = 1; n <= 30; ++n)
            add(writer, n, word_of(n));
        writer.commit();
    }
    for (const auto& file : at.files()) {
        const auto right = octets_of(file);
        for (std::size_t n = 0; n < right.size(); n += 1 + right.size() / 300) {
            auto wrong = right;
            wrong[n] = static_cast<char>(wrong[n] ^ 0x10);
            std::ofstream(file, std::ios::binary) << wrong;
            try {
                for (const std::uint64_t blob : {1, 17, 30}) {
                    const auto found = at.find(word_of(blob));
                    CHECK(found == only(blob));
                }
            } catch (const damaged_index&) {
                continue;
            }
            CHECK(file.filename() != "catalogue");
        }
        std::ofstream(file, std::ios::binary) << right;
    }
    // Where all rows are read no change passes.
    const auto segment_file = at.files().back();
    const auto right = octets_of(segment_file);
    const index_snapshot now(at.folder, version, nullptr);
    for (std::size_t n = 0; n < right.size(); n += 1 + right.size() / 300) {
        auto wrong = right;
        wrong[n] = static_cast<char>(wrong[n] ^ 0x10);
        std::ofstream(segment_file, std::ios::binary) << wrong;
        const auto read_all = [&] {
            const index_snapshot then(at.folder, version, nullptr);
            for (const auto& block : then.segments().front()->blocks())
                static_cast<void>(then.segments().front()->read_table(block));
        };
        CHECK_THROWS_AS(read_all(), damaged_index);
    }
}

TEST_CASE("index: that no more files can be open is no damage") {
    index_at at;
    {
        index_writer writer(at.folder, version);
        add(writer, 1, "WORDS");
        writer.commit();
    }
    // Ends before the fault does: what looks at that may need a descriptor itself.
    struct no_descriptors {
        no_descriptors() {
            REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
            auto none = before;
            none.rlim_cur = 0;
            REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
        }
        ~no_descriptors() { CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0); }
        rlimit before{};
    };
    bool is_passing = false;
    try {
        const no_descriptors limit;
        const index_snapshot now(at.folder, version, nullptr);
    } catch (const fault&) {
        is_passing = true;
    }
    CHECK(is_passing);
    CHECK(at.find("WORDS") == only(1));
}

TEST_CASE("index: a segment of another index in the place of its own is seen") {
    index_at at, other;
    for (auto* one : {&at, &other}) {
        index_writer writer(one->folder, version);
        add(writer, 1, one == &at ? "WORDS" : "OTHER");
        writer.commit();
    }
    std::filesystem::copy(other.files().back(), at.files().back(),
                          std::filesystem::copy_options::overwrite_existing);
    CHECK_THROWS_AS(at.find("WORDS"), damaged_index);
}
