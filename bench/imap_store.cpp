// Changes one flag of one message at a time, each waiting for its answer, on N connections: each
// an account of its own, or with --user without % all on one mailbox.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace {

// Messages that one connection changes in turn; on a mailbox that all share, each has its own.
constexpr std::size_t messages_each = 50;

std::size_t count_flagged(bench::peer& peer, const std::string& messages) {
    peer.write("q SEARCH FLAGGED " + messages + "\r\n");
    std::size_t found = 0;
    for (;;) {
        const auto line = peer.read_line();
        if (line.starts_with("* SEARCH"))
            found = static_cast<std::size_t>(std::count(line.begin() + 2, line.end(), ' '));
        if (line.starts_with("q OK")) return found;
        if (line.starts_with("q ")) throw std::runtime_error(std::string(line));
    }
}

/// Every change has changed something: so many of the messages bear the flag in the end.
std::size_t flagged_after(std::size_t changes) {
    const auto rest = changes % messages_each;
    return changes / messages_each % 2 == 0 ? rest : messages_each - rest;
}

}  // namespace

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"imap", ""},
                                  {"tls", "0"},
                                  {"connections", "8"},
                                  {"changes", "1000"},
                                  {"mailbox", "INBOX"},
                                  {"user", "user%@example.test"},
                                  {"password", "plum-Kettle-42-orbit"}});
    const auto to = bench::parse_endpoint(given.text("imap"));
    const auto changes = given.number("changes");
    const bool is_shared = given.text("user").find('%') == std::string::npos;
    const auto first_of = [&](std::size_t n) { return 1 + (is_shared ? n * messages_each : 0); };
    const auto all_of = [&](std::size_t n) {
        return std::to_string(first_of(n)) + ":" + std::to_string(first_of(n) + messages_each - 1);
    };
    std::vector<std::unique_ptr<bench::peer>> peers(given.number("connections"));
    std::vector<bench::latencies> latencies(peers.size());

    const auto took = bench::run_together(
        peers.size(),
        [&](std::size_t n) {
            peers[n] = std::make_unique<bench::peer>(to, given.flag("tls"));
            peers[n]->login(bench::nth_user(given.text("user"), n), given.text("password"));
            if (peers[n]->select(given.text("mailbox")) < first_of(n) + messages_each - 1)
                throw std::runtime_error("the mailbox has too few messages");
            peers[n]->command("c", "STORE " + all_of(n) + " -FLAGS.SILENT (\\Flagged)");
        },
        [&](std::size_t n) {
            for (std::size_t change = 0; change < changes; ++change) {
                const auto message = std::to_string(first_of(n) + change * 7 % messages_each);
                const auto* how = change / messages_each % 2 == 0 ? " +FLAGS" : " -FLAGS";
                const auto begun = bench::steady::now();
                peers[n]->command("f", "STORE " + message + how + ".SILENT (\\Flagged)");
                latencies[n].add(bench::steady::now() - begun);
            }
        });

    for (std::size_t n = 0; n < peers.size(); ++n)
        if (count_flagged(*peers[n], all_of(n)) != flagged_after(changes))
            throw std::runtime_error("some changes have changed nothing");
    bench::latencies all;
    for (const auto& one : latencies)
        all.merge(one);
    const auto done = static_cast<double>(changes * peers.size());
    bench::report()
        .add("changes", done)
        .add("seconds", took)
        .add("changes_per_second", done / took)
        .add("p50_ms", all.percentile_ms(0.5))
        .add("p99_ms", all.percentile_ms(0.99))
        .print();
}
