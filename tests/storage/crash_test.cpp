#include "tests/storage/crash_image.hpp"
#include "tests/storage/crash_verify.hpp"
#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

using namespace hauspost::storage::test;
using hauspost::test::crash_event;
using hauspost::test::tmp_dir;

namespace {

/// Runs crash_workload under the recorder. Throws when it does not end well.
void record(const tmp_dir& dir,
            std::uint64_t seed,
            unsigned operations,
            const std::string& mutant) {
    std::filesystem::create_directory(dir / "data");
    std::vector<std::string> environment = {
        "LD_PRELOAD=" HAUSPOST_CRASH_RECORDER,
        "HAUSPOST_RECORD_DIR=" + (dir / "data").string(),
        "HAUSPOST_RECORD_LOG=" + (dir / "log").string(),
        "HAUSPOST_CRASH_MUTANT=" + mutant,
        "ASAN_OPTIONS=verify_asan_link_order=0",
    };
    std::vector<std::string> arguments = {HAUSPOST_CRASH_WORKLOAD, (dir / "data").string(),
                                          std::to_string(seed), std::to_string(operations)};
    const auto pointers = [](std::vector<std::string>& texts) {
        std::vector<char*> all;
        for (auto& text : texts)
            all.push_back(text.data());
        all.push_back(nullptr);
        return all;
    };
    pid_t child = 0;
    int status = 0;
    if (posix_spawn(&child, HAUSPOST_CRASH_WORKLOAD, nullptr, nullptr, pointers(arguments).data(),
                    pointers(environment).data()) != 0 ||
        waitpid(child, &status, 0) != child || status != 0)
        throw std::runtime_error("crash_workload failed, status " + std::to_string(status));
}

struct outcome {
    std::size_t images = 0;
    std::size_t bad = 0;
    std::string first;  // what was wrong with the first bad image
};

/// Rebuilds and verifies images at random moments. Stops after `enough` bad ones.
outcome try_images(const tmp_dir& dir, std::uint64_t seed, std::size_t images, std::size_t enough) {
    std::mt19937_64 dice(seed);
    const crash_log log(dir / "log");
    std::vector<std::size_t> moments;
    for (std::size_t n = 0; n < images; ++n)
        moments.push_back(dice() % (log.calls().size() + 1));
    std::sort(moments.begin(), moments.end());
    std::filesystem::create_directory(dir / "cache");
    crash_disk disk(log, dir / "cache");
    crash_expectation expected;
    outcome result;
    for (const auto moment : moments) {
        for (auto n = disk.position(); n < moment; ++n)
            if (log.calls()[n].head.event == crash_event::note)
                expected.take(log.calls()[n].octets);
        disk.advance_to(moment);
        const auto folder = dir / "image";
        std::filesystem::create_directory(folder);
        disk.write(folder, dice);
        const auto problems = expected.verify(folder);
        std::filesystem::remove_all(folder);
        ++result.images;
        if (problems.empty()) continue;
        if (result.bad++ == 0)
            result.first = "at call " + std::to_string(moment) + ": " + problems.front();
        if (result.bad >= enough) break;
    }
    return result;
}

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Warnings of what a crash left are expected a thousand times.
struct quiet_log {
    quiet_log() { spdlog::set_level(spdlog::level::critical); }
    ~quiet_log() { spdlog::set_level(before); }
    spdlog::level::level_enum before = spdlog::get_level();
};

}  // namespace

TEST_CASE("store crash: no image of a power cut loses or damages what was acknowledged (I02 I03)") {
    const quiet_log quiet;
    const auto seed = number_from("HAUSPOST_CRASH_SEED", std::random_device{}());
    const auto images = number_from("HAUSPOST_CRASH_IMAGES", 2000);
    MESSAGE("seed " << seed << ", images " << images);
    constexpr std::size_t runs = 4;
    for (std::size_t n = 0; n < runs; ++n) {
        const tmp_dir dir;
        record(dir, seed + n, 240, "");
        const auto result = try_images(dir, seed + n, images / runs, 3);
        INFO("HAUSPOST_CRASH_SEED=" << seed);
        CHECK_MESSAGE(result.bad == 0, result.first);
        CHECK(result.images == images / runs);
    }
}

TEST_CASE("store crash: the verifier notices each lie that a store could tell (R4)") {
    const quiet_log quiet;
    std::string mutant;
    SUBCASE("message octets are never synced") {
        mutant = "no_segment_sync";
    }
    SUBCASE("message octets are synced after the commit") {
        mutant = "late_segment_sync";
    }
    SUBCASE("the reply goes out before the commit") {
        mutant = "early_ack";
    }
    SUBCASE("the names of new files are not synced") {
        mutant = "no_folder_sync";
    }
    SUBCASE("the commit does not wait for LMDB's meta page") {
        mutant = "no_meta_sync";
    }
    const auto seed = number_from("HAUSPOST_CRASH_SEED", std::random_device{}());
    const tmp_dir dir;
    record(dir, seed, 240, mutant);
    const auto result = try_images(dir, seed, 1000, 1);
    INFO("seed " << seed);
    CHECK_MESSAGE(result.bad == 1, mutant << " was not noticed in " << result.images << " images");
}
