// The full-text index: how much processor time a message takes, how large it gets, and what a
// SEARCH costs with and without it, in one process without a network. Each search is made both
// ways, and both must find the same.
//
//   bench_search_index [--messages N] [--shape mix|short] [--large N] [--rounds N]
//
// --shape short: texts of some 4 KB. --large: so many of the messages have a text of 1.8 MB, of
// 50,000 different words.

#include "bench/support/figures.hpp"
#include "bench/support/mail_mix.hpp"
#include "tests/support/test_imap.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace hauspost;

// One message in a thousand has it, and no word of the mix is like it.
constexpr const char* rare_word = "quixotically";
// Made of the syllables of the large texts' words, but none of them.
constexpr const char* word_of_none = "lomaritebunosavi";

/// Of the process: of the other threads none has anything to do while one searches.
double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto sum = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return sum(usage.ru_utime) + sum(usage.ru_stime);
}

struct measured {
    double ms = 0;  // of the fastest round
    double cpu_ms = 0;
    std::string line;
    [[nodiscard]] std::size_t found() const {
        return static_cast<std::size_t>(std::count(line.begin(), line.end(), ' ')) - 1;
    }
};

measured search(test::imap_client& client, const std::string& keys, std::size_t rounds) {
    measured best;
    for (std::size_t n = 0; n < rounds; ++n) {
        const auto start = bench::steady::now();
        const auto cpu = cpu_seconds();
        const auto said = client.command("UID SEARCH " + keys);
        const auto ms = bench::seconds(bench::steady::now() - start) * 1000;
        const auto cpu_ms = (cpu_seconds() - cpu) * 1000;
        if (said.find("\r\nt OK ") == std::string::npos) throw std::runtime_error(said);
        if (n == 0 || ms < best.ms) best.ms = ms;
        if (n == 0 || cpu_ms < best.cpu_ms) best.cpu_ms = cpu_ms;
        best.line = said.substr(0, said.find("\r\n"));
    }
    return best;
}

std::uintmax_t octets_below(const std::filesystem::path& folder) {
    std::uintmax_t octets = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) octets += entry.file_size();
    return octets;
}

/// Words of two to four syllables, 1.8 MB of them.
std::string large_text(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    static const auto words = [] {
        std::mt19937_64 own(3);
        std::vector<std::string> made(50'000);
        for (auto& word : made)
            for (auto n = 2 + own() % 3; n > 0; --n) {
                word += "bdfglmnprstv"[own() % 12];
                word += "aeiou"[own() % 5];
            }
        return made;
    }();
    std::string text;
    while (text.size() < 1'800'000) {
        for (int n = 0; n < 9; ++n)
            text += words[random() % words.size()] + " ";
        text += "\r\n";
    }
    return text;
}

std::string large_message(std::uint64_t number) {
    return "From: large@elsewhere.test\r\nSubject: large\r\nContent-Type: text/plain\r\n\r\n" +
           large_text(number);
}

std::uintmax_t fill(test::imap_server& at, const bench::arguments& wanted) {
    const auto messages = wanted.number("messages");
    const auto large = wanted.number("large");
    const auto shape = wanted.text("shape");
    if (shape != "mix" && shape != "short") throw std::runtime_error("--shape mix or short");
    const auto mix = bench::make_mix(512, shape == "mix" ? bench::mix_shape{} : bench::lite());
    std::uintmax_t octets = 0;
    for (std::size_t n = 0; n < messages; ++n) {
        const bool is_large = n < large;
        auto message = bench::first_lines(n) + (is_large ? large_message(n) : mix[n % mix.size()]);
        if (n % 1000 == 500) message += "\r\nOnly " + std::string(rare_word) + " few have it.\r\n";
        octets += message.size();
        at.parts.put(message);
    }
    return octets;
}

void run(const bench::arguments& wanted) {
    test::imap_server at;
    at.config.search_timeout = std::chrono::minutes(10);
    const auto octets = fill(at, wanted);
    at.open_index();
    const auto start = bench::steady::now();
    const auto cpu = cpu_seconds();
    at.index_all();
    const auto took = bench::seconds(bench::steady::now() - start);
    const auto count = static_cast<double>(wanted.number("messages"));
    if (static_cast<double>(at.index->indexed()) != count)
        throw std::runtime_error("not all messages were indexed");
    const auto size = static_cast<double>(octets_below(at.index_folder()));
    std::printf(
        "messages %.0f, %.0f MB; indexed in %.1f s, CPU %.3f ms each; index %.1f MB, %.2f KB each, "
        "%.1f %% of the mail\n",
        count, static_cast<double>(octets) / 1e6, took, (cpu_seconds() - cpu) / count * 1000,
        size / 1e6, size / count / 1000, 100 * size / static_cast<double>(octets));
    const auto body = [](const char* word) { return "BODY " + std::string(word); };
    for (const std::string& keys :
         {body(rare_word), body("\"zzyzx nowhere\""), body(word_of_none),
          "TEXT " + std::string(rare_word), std::string("SUBJECT nowhere"),
          std::string("FROM nobody"), body("the"), body("\"with the\"")}) {
        at.uses_index = true;
        test::imap_client with(at);
        with.command("SELECT INBOX");
        const auto indexed = search(with, keys, wanted.number("rounds"));
        at.uses_index = false;
        test::imap_client without(at);
        without.command("SELECT INBOX");
        const auto scanned = search(without, keys, 1);
        std::printf("%-24s with %9.2f ms, CPU %8.2f   without %9.2f ms, CPU %8.2f (%zu found)\n",
                    keys.c_str(), indexed.ms, indexed.cpu_ms, scanned.ms, scanned.cpu_ms,
                    scanned.found());
        if (indexed.line != scanned.line)
            throw std::runtime_error("with the index something else is found");
    }
}

}  // namespace

int main(int argc, char** argv) try {
    run(bench::arguments(
        argc, argv, {{"messages", "10000"}, {"shape", "mix"}, {"large", "0"}, {"rounds", "5"}}));
} catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
}
