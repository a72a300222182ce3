// Connects, logs in, logs out, again and again on N threads.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <atomic>

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"imap", ""},
                                  {"tls", "0"},
                                  {"connections", "8"},
                                  {"logins", "2000"},
                                  {"users", "8"},
                                  {"user", "user%@example.test"},
                                  {"password", "plum-Kettle-42-orbit"}});
    const auto to = bench::parse_endpoint(given.text("imap"));
    const auto logins = given.number("logins");
    std::vector<bench::latencies> latencies(given.number("connections"));
    std::atomic<std::size_t> next{0};

    const auto took = bench::run_together(
        latencies.size(), [](std::size_t) {},
        [&](std::size_t n) {
            for (auto number = next++; number < logins; number = next++) {
                const auto begun = bench::steady::now();
                bench::peer peer(to, given.flag("tls"), 4096);
                peer.login(bench::nth_user(given.text("user"), number % given.number("users")),
                           given.text("password"));
                latencies[n].add(bench::steady::now() - begun);
                peer.command("x", "LOGOUT");
            }
        });

    bench::latencies all;
    for (const auto& one : latencies)
        all.merge(one);
    bench::report()
        .add("logins", static_cast<double>(logins))
        .add("seconds", took)
        .add("logins_per_second", static_cast<double>(logins) / took)
        .add("p99_ms", all.percentile_ms(0.99))
        .print();
}
