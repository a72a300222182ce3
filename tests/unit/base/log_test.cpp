#include "base/log.hpp"

#include "tests/support/fifo.hpp"
#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace hauspost;
using test::fifo;

namespace {

struct restored_log {
    ~restored_log() { set_up_log({}); }
};

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::ptrdiff_t lines_in(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

int count_of(const std::string& text, const std::string& wanted) {
    int count = 0;
    for (auto at = text.find(wanted); at != text.npos; at = text.find(wanted, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("log: H05 a peer's text cannot end a line, a quoted text, or reach a terminal") {
    CHECK(log_safe("EHLO mail.example") == "\"EHLO mail.example\"");
    CHECK(log_safe("a\r\nb\x1b[2J") == "\"a\\x0d\\x0ab\\x1b[2J\"");
    CHECK(log_safe("\"\\") == "\"\\x22\\x5c\"");
    CHECK(log_safe("\xc3\xbc\x7f") == "\"\xc3\xbc\\x7f\"");
    CHECK(log_safe(std::string_view("\0", 1)) == "\"\\x00\"");
    CHECK(log_safe("") == "\"\"");
}

TEST_CASE(
    "log: names are readable in all scripts, what can forge or hide a part of a line is not") {
    for (const std::string name :
         {"j\xc3\xbcrgen@m\xc3\xbcller.example", "\xe5\xb1\xb1\xe7\x94\xb0", "\xf0\x9f\x98\x80"})
        CHECK(log_safe(name) == '"' + name + '"');
    CHECK(log_safe("a\xc2\x85z") == "\"a\\xc2\\x85z\"");              // C1: next line
    CHECK(log_safe("a\xe2\x80\xa8z") == "\"a\\xe2\\x80\\xa8z\"");     // line separator
    CHECK(log_safe("a\xe2\x80\xaez") == "\"a\\xe2\\x80\\xaez\"");     // right to left
    CHECK(log_safe("\xc3\xbc\xff\xc3") == "\"\xc3\xbc\\xff\\xc3\"");  // no UTF-8 behind it
    CHECK(log_safe("\xc0\x8a") == "\"\\xc0\\x8a\"");                  // an overlong LF
}

TEST_CASE("log: a cut never splits a letter, and hides nothing of what is no UTF-8") {
    CHECK(log_safe("a\xc3\xbc", 2) == "\"a...\"");
    CHECK(log_safe(std::string(9, '\x80'), 5) == "\"\\x80\\x80\\x80\\x80\\x80...\"");
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
    log::info("start cid={}", 1);
    log::warn("refuse cid={} code=550", 2);
    flush_log();
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
                log::info("line");
        });
    for (int i = 0; i < 50; ++i) {
        settings.target = (dir / (i % 2 == 0 ? "other" : "log")).string();
        set_up_log(settings);
        CHECK(spdlog::default_logger_raw() == logger);  // the old one would be freed at once
    }
    for (auto& thread : threads)
        thread.join();
    flush_log();
    const auto text = contents(dir / "log") + contents(dir / "other");
    CHECK(std::count(text.begin(), text.end(), '\n') == 4000);
}

TEST_CASE("log: a file that was moved away is opened anew, and nothing goes to the old one") {
    const test::tmp_dir dir;
    const restored_log restored;
    log_settings settings;
    settings.target = (dir / "log").string();
    set_up_log(settings);
    log::info("before");
    std::filesystem::rename(dir / "log", dir / "log.1");
    set_up_log(settings);
    log::info("after");
    flush_log();
    CHECK(contents(dir / "log.1").ends_with(" info before\n"));
    CHECK(contents(dir / "log").ends_with(" info after\n"));
}

TEST_CASE("log: lines of one format do not end up in a file of the other") {
    const test::tmp_dir dir;
    const restored_log restored;
    const fifo pipe(dir / "pipe");  // nobody reads: the lines wait
    log_settings settings;
    settings.target = (dir / "pipe").string();
    set_up_log(settings);
    for (int i = 0; i < 3000; ++i)
        log::info("line number={}", i);
    settings.target = (dir / "log").string();
    settings.format = "json";
    set_up_log(settings);
    log::info("line number={}", 3000);
    CHECK(lines_in(pipe.read_lines(3000)) == 3000);
    flush_log();
    const auto text = contents(dir / "log");
    CHECK(lines_in(text) == 1);
    CHECK(text.ends_with(R"("level":"info","event":"line","number":3000})"
                         "\n"));
}

TEST_CASE("log: whoever logs never waits for a reader that has stopped, and the loss is told") {
    const test::tmp_dir dir;
    const restored_log restored;
    const fifo pipe(dir / "pipe");
    log_settings settings;
    settings.target = (dir / "pipe").string();
    set_up_log(settings);
    constexpr int more_than_fits = 100'000;  // 10 MB
    const std::string filling(70, 'x');
    for (int i = 0; i < more_than_fits; ++i)
        log::info("line {}", filling);
    const auto waiting = [&] {
        // Each read makes room; the news comes with the first line for which there is some.
        std::string text;
        while (text.find("log_dropped lines=") == text.npos || !text.ends_with('\n')) {
            text += pipe.read_some();
            log::info("more");
        }
        return text;
    }();
    const auto at = waiting.find("log_dropped lines=");
    REQUIRE(at != waiting.npos);
    const auto dropped = std::stoi(waiting.substr(at + 18));
    CHECK(dropped > 10'000);
    const auto before = waiting.substr(0, at);
    const auto written = count_of(before, " line ");
    const auto late = dropped + written - more_than_fits;  // "more" that were dropped as well
    CHECK(late >= 0);
    CHECK(late < 10'000);
    CHECK(waiting.substr(at - 9, 9) == " warning ");
}

TEST_CASE("log: one connection that is refused without end is written a few times and counted") {
    const test::tmp_dir dir;
    const restored_log restored;
    log_settings settings;
    settings.target = (dir / "log").string();
    set_up_log(settings);
    for (int i = 0; i < 5000; ++i)
        log::info("refuse cid=7 proto=imap verb=SELECT");
    log::info("refuse cid=8 proto=imap verb=SELECT");
    log::info("end cid=7 proto=imap");
    flush_log();
    const auto text = contents(dir / "log");
    CHECK(count_of(text, "refuse cid=7") < 200);
    CHECK(count_of(text, "refuse cid=8") == 1);
    CHECK(count_of(text, "end cid=7") == 1);
    CHECK(count_of(text, "left_out cid=7 lines=") >= 1);
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
