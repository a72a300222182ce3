// Changes one flag of one message at a time, each waiting for its answer, on N connections: each
// an account of its own, or with --user without % all on one mailbox.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <memory>

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
    std::vector<std::unique_ptr<bench::peer>> peers(given.number("connections"));
    std::vector<bench::latencies> latencies(peers.size());

    const auto took = bench::run_together(
        peers.size(),
        [&](std::size_t n) {
            peers[n] = std::make_unique<bench::peer>(to, given.flag("tls"));
            peers[n]->login(bench::nth_user(given.text("user"), n), given.text("password"));
            peers[n]->command("s", "SELECT " + given.text("mailbox"));
        },
        [&](std::size_t n) {
            for (std::size_t change = 0; change < changes; ++change) {
                const auto message = std::to_string(1 + (change * 7 + n) % 50);
                const auto* how = change / 50 % 2 == 0 ? " +FLAGS" : " -FLAGS";
                const auto begun = bench::steady::now();
                peers[n]->command("f", "STORE " + message + how + ".SILENT (\\Flagged)");
                latencies[n].add(bench::steady::now() - begun);
            }
        });

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
