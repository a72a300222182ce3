// Fills a mailbox by APPEND over N connections (LITERAL+, a few commands in flight each), or with
// --window 1 measures durable appends one at a time.

#include "bench/support/figures.hpp"
#include "bench/support/mail_mix.hpp"
#include "bench/support/peer.hpp"

#include <atomic>
#include <deque>
#include <memory>

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"imap", ""},
                                  {"tls", "0"},
                                  {"connections", "8"},
                                  {"messages", "1000"},
                                  {"window", "8"},
                                  {"user", "user0@example.test"},
                                  {"password", "plum-Kettle-42-orbit"},
                                  {"mailbox", "INBOX"},
                                  {"lite", "1"}});
    const auto to = bench::parse_endpoint(given.text("imap"));
    const auto messages = given.number("messages");
    const auto window = given.number("window");
    const auto mix = bench::make_mix(512, given.flag("lite") ? bench::lite() : bench::mix_shape{});
    std::vector<std::unique_ptr<bench::peer>> peers(given.number("connections"));
    std::vector<bench::latencies> latencies(peers.size());
    std::atomic<std::size_t> next{0};

    const auto took = bench::run_together(
        peers.size(),
        [&](std::size_t n) {
            peers[n] = std::make_unique<bench::peer>(to, given.flag("tls"));
            peers[n]->login(bench::nth_user(given.text("user"), n), given.text("password"));
        },
        [&](std::size_t n) {
            std::deque<bench::steady::time_point> in_flight;  // since when
            const auto take = [&] {
                peers[n]->read_tagged("a");
                latencies[n].add(bench::steady::now() - in_flight.front());
                in_flight.pop_front();
            };
            for (auto number = next++; number < messages; number = next++) {
                const auto octets = bench::first_lines(number) + mix[number % mix.size()];
                in_flight.push_back(bench::steady::now());
                peers[n]->write("a APPEND " + given.text("mailbox") + " {" +
                                std::to_string(octets.size()) + "+}\r\n" + octets + "\r\n");
                if (in_flight.size() == window) take();
            }
            while (!in_flight.empty())
                take();
        });

    bench::latencies all;
    for (const auto& one : latencies)
        all.merge(one);
    bench::report()
        .add("messages", static_cast<double>(messages))
        .add("seconds", took)
        .add("messages_per_second", static_cast<double>(messages) / took)
        .add("p99_ms", all.percentile_ms(0.99))
        .print();
}
