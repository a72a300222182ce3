// Sends the realistic mix over N connections and counts what is accepted. The time from the last
// octet of the data to its reply is the latency.

#include "bench/support/figures.hpp"
#include "bench/support/mail_mix.hpp"
#include "bench/support/peer.hpp"

#include <atomic>
#include <memory>
#include <stdexcept>

namespace {

void expect(int code, int wanted, const char* where) {
    if (code != wanted) throw std::runtime_error(std::string(where) + ": " + std::to_string(code));
}

struct sender {
    std::unique_ptr<bench::peer> peer;
    bench::latencies took;
    std::uint64_t octets = 0;
};

void send_one(sender& one,
              const std::string& recipient,
              const std::string& mail,
              std::size_t number) {
    // One segment where the peer allows it: both servers announce PIPELINING.
    one.peer->write("MAIL FROM:<bench@elsewhere.test>\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\n");
    expect(one.peer->read_reply(), 250, "MAIL");
    expect(one.peer->read_reply(), 250, "RCPT");
    expect(one.peer->read_reply(), 354, "DATA");
    const auto octets = bench::first_lines(number) + mail + ".\r\n";
    one.peer->write(octets);
    const auto sent = bench::steady::now();
    expect(one.peer->read_reply(), 250, "end of data");
    one.took.add(bench::steady::now() - sent);
    one.octets += octets.size() - 3;
}

}  // namespace

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"smtp", ""},
                                  {"connections", "8"},
                                  {"messages", "2000"},
                                  {"users", "8"},
                                  {"user", "user%@example.test"},
                                  {"lite", "0"}});
    const auto to = bench::parse_endpoint(given.text("smtp"));
    const auto messages = given.number("messages");
    const auto mix = bench::make_mix(512, given.flag("lite") ? bench::lite() : bench::mix_shape{});
    std::vector<sender> senders(given.number("connections"));
    std::atomic<std::size_t> next{0};

    const auto took = bench::run_together(
        senders.size(),
        [&](std::size_t n) {
            senders[n].peer = std::make_unique<bench::peer>(to, false);
            expect(senders[n].peer->read_reply(), 220, "greeting");
            senders[n].peer->write("EHLO bench.elsewhere.test\r\n");
            expect(senders[n].peer->read_reply(), 250, "EHLO");
        },
        [&](std::size_t n) {
            for (auto number = next++; number < messages; number = next++)
                send_one(senders[n],
                         bench::nth_user(given.text("user"), number % given.number("users")),
                         mix[number % mix.size()], number);
        });

    bench::latencies all;
    std::uint64_t octets = 0;
    for (const auto& one : senders) {
        all.merge(one.took);
        octets += one.octets;
    }
    bench::report()
        .add("messages", static_cast<double>(messages))
        .add("seconds", took)
        .add("messages_per_second", static_cast<double>(messages) / took)
        .add("p50_ms", all.percentile_ms(0.5))
        .add("p99_ms", all.percentile_ms(0.99))
        .add("mean_octets", static_cast<double>(octets) / static_cast<double>(messages))
        .print();
}
