#include "storage/index/index_query.hpp"
#include "storage/index/index_writer.hpp"
#include "tests/faults/faulty_calls.hpp"
#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <vector>

/// Each storage call of each commit of the full-text index fails once, in each way it can, or is
/// the last of its process. What is opened after that is the index before the commit or the one
/// after it, and the commit can be made again.
namespace hauspost::storage::test {
namespace {

using namespace index;

const std::string version = "1";

void add(index_writer& to, std::uint64_t blob) {
    indexed_text text;
    text.body = "NUMBER" + std::to_string(1000 + blob);
    to.add(blob_id(blob), text);
}

/// Three segments, so that the next commit merges them.
void make_old(const std::filesystem::path& folder) {
    index_writer writer(folder, version);
    for (std::uint64_t blob = 1; blob <= 3; ++blob) {
        add(writer, blob);
        writer.covered.below[mailbox_id(1)] = uid(static_cast<std::uint32_t>(blob + 1));
        writer.commit();
    }
}

void commit_more(const std::filesystem::path& folder) {
    index_writer writer(folder, version);
    if (!writer.has(blob_id(4))) add(writer, 4);
    writer.covered.below[mailbox_id(1)] = uid(5);
    writer.commit();
    writer.remove_unused();
}

void take_out(const std::filesystem::path& folder) {
    const std::vector live{blob_id(2)};
    index_writer writer(folder, version);
    while (writer.tidy_one(live))
        writer.remove_unused();
}

/// What it covers, and which messages it knows; each of them is found by its own word.
std::string told(const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder)) return "none";
    const index_snapshot now(folder, version, nullptr);
    auto text = "below " + std::to_string(now.what().covered.of(mailbox_id(1)).value()) + ":";
    for (std::uint64_t blob = 1; blob <= 4; ++blob) {
        const auto word = "NUMBER" + std::to_string(1000 + blob);
        const auto found = find_candidates(now, {text_field::body, word, false}).blobs;
        for (const auto one : found)
            text += " " + std::to_string(one.value());
    }
    return text;
}

struct change {
    const char* name;
    std::function<void(const std::filesystem::path&)> begin, run;
    std::vector<std::string> allowed;  // states, the last one is the end
};

std::vector<change> changes() {
    return {{"commit", make_old, commit_more, {"below 4: 1 2 3", "below 5: 1 2 3 4"}},
            {"take out",
             make_old,
             take_out,
             {"below 4: 1 2 3", "below 4: 2 3", "below 4: 1 2", "below 4: 2"}}};
}

bool is_allowed(const change& one, const std::string& state) {
    return std::find(one.allowed.begin(), one.allowed.end(), state) != one.allowed.end();
}

void run_with_fault(const change& one,
                    const std::filesystem::path& folder,
                    std::uint64_t nth,
                    call_fault how) {
    const faulty_calls calls(folder);
    faulty_calls::fail(nth, how);
    try {
        one.run(folder);
    } catch (const std::exception&) {
        CHECK(how != call_fault::interrupted);
    }
}

/// A process of its own that ends at this call, as by kill -9.
void run_until_killed(const change& one, const std::filesystem::path& folder, std::uint64_t nth) {
    const auto child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const faulty_calls calls(folder);
        faulty_calls::fail(nth, call_fault::killed);
        one.run(folder);
        _exit(1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
}

std::vector<call_kind> calls_of(const change& one) {
    hauspost::test::tmp_dir dir;
    one.begin(dir / "one");
    const faulty_calls calls(dir / "one");
    faulty_calls::record();
    one.run(dir / "one");
    return faulty_calls::recorded();
}

std::vector<call_fault> faults_of_index(call_kind kind) {
    std::vector all{call_fault::io_error, call_fault::no_space, call_fault::killed};
    if (kind == call_kind::write) {
        all.push_back(call_fault::short_write);
        all.push_back(call_fault::interrupted);
    }
    return all;
}

}  // namespace

TEST_CASE("I04 I05 index: each storage call fails once or is the last, and no half of it is seen") {
    for (const auto& one : changes()) {
        const auto calls = calls_of(one);
        REQUIRE(calls.size() >= 8);
        for (std::uint64_t nth = 1; nth <= calls.size(); ++nth)
            for (const auto how : faults_of_index(calls[nth - 1])) {
                INFO(std::string(one.name)
                     << ": call " << nth << ", kind " << static_cast<int>(calls[nth - 1])
                     << ", fault " << static_cast<int>(how));
                hauspost::test::tmp_dir dir;
                const auto folder = dir / "one";
                one.begin(folder);
                if (how == call_fault::killed)
                    run_until_killed(one, folder, nth);
                else
                    run_with_fault(one, folder, nth, how);
                CHECK_MESSAGE(is_allowed(one, told(folder)), told(folder));
                one.run(folder);
                CHECK(told(folder) == one.allowed.back());
                std::size_t files = 0;
                for (const auto& entry : std::filesystem::directory_iterator(folder))
                    files += entry.is_regular_file() ? 1 : 0;
                const index_snapshot now(folder, version, nullptr);
                CHECK(files == 1 + now.segments().size());
            }
    }
}

TEST_CASE("I04 index: files that cannot be read are damage, which is told and never an answer") {
    hauspost::test::tmp_dir dir;
    make_old(dir / "one");
    const index_snapshot open(dir / "one", version, nullptr);
    const faulty_calls calls(dir.path());
    const failing_reads none;
    CHECK_THROWS_AS(told(dir / "one"), damaged_index);
    CHECK_THROWS_AS(find_candidates(open, {text_field::body, "NUMBER1001", false}), damaged_index);
    CHECK_THROWS_AS(index_writer(dir / "one", version), damaged_index);
}

}  // namespace hauspost::storage::test
