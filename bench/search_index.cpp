// The full-text index on the realistic mix: how long a message takes, how large it gets, and what a
// SEARCH costs with and without it, in one process without a network.
//
//   bench_search_index [--messages N] [--rounds N]

#include "bench/support/figures.hpp"
#include "bench/support/mail_mix.hpp"
#include "tests/support/test_imap.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace hauspost;

struct measured {
    double ms = 0;  // of the fastest round
    std::size_t found = 0;
};

measured search(test::imap_client& client, const std::string& keys, std::size_t rounds) {
    measured best;
    for (std::size_t n = 0; n < rounds; ++n) {
        const auto start = bench::steady::now();
        const auto said = client.command("UID SEARCH " + keys);
        const auto ms = bench::seconds(bench::steady::now() - start) * 1000;
        if (n == 0 || ms < best.ms) best.ms = ms;
        const auto line = said.substr(0, said.find("\r\n"));
        best.found = static_cast<std::size_t>(std::count(line.begin(), line.end(), ' ')) - 1;
    }
    return best;
}

std::uintmax_t octets_below(const std::filesystem::path& folder) {
    std::uintmax_t octets = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) octets += entry.file_size();
    return octets;
}

void run(const bench::arguments& wanted) {
    const auto messages = wanted.number("messages");
    test::imap_server at;
    at.config.search_timeout = std::chrono::minutes(10);
    const auto mix = bench::make_mix(512, {});
    std::uintmax_t octets = 0;
    for (std::size_t n = 0; n < messages; ++n) {
        auto message = bench::first_lines(n) + mix[n % mix.size()];
        if (n % 1000 == 500) message += "\r\nOnly quixotically few mails have this.\r\n";
        octets += message.size();
        at.parts.put(message);
    }
    at.open_index();
    const auto start = bench::steady::now();
    at.index_all();
    const auto took = bench::seconds(bench::steady::now() - start);
    const auto count = static_cast<double>(messages);
    const auto size = octets_below(at.index_folder());
    std::printf(
        "messages %zu, %.0f MB; indexed in %.1f s, %.2f ms each; index %.1f MB, %.1f KB each\n",
        messages, static_cast<double>(octets) / 1e6, took, took / count * 1000,
        static_cast<double>(size) / 1e6, static_cast<double>(size) / count / 1000);
    for (const std::string keys :
         {"BODY quixotically", "BODY \"zzyzx nowhere\"", "TEXT quixotically", "SUBJECT nowhere",
          "FROM nobody", "BODY the", "BODY \"with the\""}) {
        at.uses_index = true;
        test::imap_client with(at);
        with.command("SELECT INBOX");
        const auto indexed = search(with, keys, wanted.number("rounds"));
        at.uses_index = false;
        test::imap_client without(at);
        without.command("SELECT INBOX");
        const auto scanned = search(without, keys, 1);
        std::printf("%-24s with %9.2f ms (%zu found)   without %9.2f ms (%zu found)\n",
                    keys.c_str(), indexed.ms, indexed.found, scanned.ms, scanned.found);
    }
}

}  // namespace

int main(int argc, char** argv) {
    run(bench::arguments(argc, argv, {{"messages", "10000"}, {"rounds", "5"}}));
}
