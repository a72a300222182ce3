// Connects, logs in, asks for the maildrop's size, quits, again and again on N threads, each with
// an account of its own: a maildrop has one session at a time.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"pop3", ""},
                                  {"tls", "0"},
                                  {"connections", "8"},
                                  {"logins", "2000"},
                                  {"user", "user%@example.test"},
                                  {"password", "plum-Kettle-42-orbit"}});
    const auto to = bench::parse_endpoint(given.text("pop3"));
    const auto connections = given.number("connections");
    const auto each = given.number("logins") / connections;
    std::vector<bench::latencies> latencies(connections);

    const auto took = bench::run_together(
        connections, [](std::size_t) {},
        [&](std::size_t n) {
            for (std::size_t number = 0; number < each; ++number) {
                const auto begun = bench::steady::now();
                bench::peer peer(to, given.flag("tls"), 4096);
                peer.pop3_login(bench::nth_user(given.text("user"), n), given.text("password"));
                latencies[n].add(bench::steady::now() - begun);
                peer.pop3("STAT");
                peer.pop3("QUIT");
            }
        });

    bench::latencies all;
    for (const auto& one : latencies)
        all.merge(one);
    const auto logins = static_cast<double>(each * connections);
    bench::report()
        .add("logins", logins)
        .add("seconds", took)
        .add("logins_per_second", logins / took)
        .add("p99_ms", all.percentile_ms(0.99))
        .print();
}
