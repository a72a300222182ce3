#include "base/log.hpp"

#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace hauspost;

namespace {

struct restored_log {
    ~restored_log() { set_up_log({}); }
};

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("log: H05 a peer's text cannot end a line, a quoted text, or reach a terminal") {
    CHECK(log_safe("EHLO mail.example") == "\"EHLO mail.example\"");
    CHECK(log_safe("a\r\nb\x1b[2J") == "\"a\\x0d\\x0ab\\x1b[2J\"");
    CHECK(log_safe("\"\\") == "\"\\x22\\x5c\"");
    CHECK(log_safe("\xc3\xbc\x7f") == "\"\\xc3\\xbc\\x7f\"");
    CHECK(log_safe(std::string_view("\0", 1)) == "\"\\x00\"");
    CHECK(log_safe("") == "\"\"");
}

TEST_CASE("log: a peer's text is cut past its limit") {
    CHECK(log_safe("abcd", 4) == "\"abcd\"");
    CHECK(log_safe("abcde", 4) == "\"abcd...\"");
    CHECK(log_safe(std::string(1'000'000, '\x01')).size() < 500);
}

TEST_CASE("log: lines go to the file, below the level none does") {
    const test::tmp_dir dir;
    const restored_log restored;
    log_settings settings;
    settings.target = (dir / "log").string();
    settings.level = "warn";
    set_up_log(settings);
    spdlog::info("start cid={}", 1);
    spdlog::warn("refuse cid={} code=550", 2);
    spdlog::default_logger()->flush();
    const auto text = contents(dir / "log");
    CHECK(text.find("start") == std::string::npos);
    CHECK(text.find("refuse cid=2 code=550\n") != std::string::npos);
}

TEST_CASE("log: a reload swaps the file below threads that log and loses no line") {
    const test::tmp_dir dir;
    const restored_log restored;
    log_settings settings;
    settings.target = (dir / "log").string();
    set_up_log(settings);
    const auto* logger = spdlog::default_logger_raw();
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([] {
            for (int i = 0; i < 1000; ++i)
                spdlog::info("line");
        });
    for (int i = 0; i < 50; ++i) {
        settings.target = (dir / (i % 2 == 0 ? "other" : "log")).string();
        set_up_log(settings);
        CHECK(spdlog::default_logger_raw() == logger);  // the old one would be freed at once
    }
    for (auto& thread : threads)
        thread.join();
    const auto text = contents(dir / "log") + contents(dir / "other");
    CHECK(std::count(text.begin(), text.end(), '\n') == 4000);
}

TEST_CASE("log: words that are no settings are refused by name") {
    const restored_log restored;
    log_settings settings;
    settings.level = "loud";
    CHECK_THROWS_AS(set_up_log(settings), std::runtime_error);
    settings.level = "info";
    settings.format = "xml";
    CHECK_THROWS_AS(set_up_log(settings), std::runtime_error);
    settings.format = "text";
    const test::tmp_dir dir;
    std::ofstream(dir / "file") << "not a folder";
    settings.target = (dir / "file/log").string();
    CHECK_THROWS(set_up_log(settings));
}

TEST_CASE("log: connection ids are unique over all threads") {
    std::vector<std::thread> threads;
    std::vector<std::vector<connection_id>> taken(4);
    for (auto& mine : taken)
        threads.emplace_back([&mine] {
            for (int i = 0; i < 1000; ++i)
                mine.push_back(next_connection_id());
        });
    for (auto& thread : threads)
        thread.join();
    std::set<connection_id> all;
    for (const auto& mine : taken)
        all.insert(mine.begin(), mine.end());
    CHECK(all.size() == 4000);
    CHECK_FALSE(all.contains(connection_id()));
}
