// Opens N connections that log in, SELECT and IDLE; then waits for a line on standard input, so
// that bench/compare can read the server's memory; then sends messages by SMTP, one at a time, and
// measures from the 250 until each session of that account has heard "EXISTS".

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <sys/epoll.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace {

constexpr std::size_t openers = 8;
constexpr int patience_ms = 20'000;

struct crowd {
    std::vector<std::unique_ptr<bench::peer>> peers;
    std::size_t users;
    int epoll = epoll_create1(0);
};

void open_one(crowd& all, std::size_t n, const bench::arguments& given) {
    auto peer = std::make_unique<bench::peer>(bench::parse_endpoint(given.text("imap")),
                                              given.flag("tls"), 4096);
    peer->login(bench::nth_user(given.text("user"), n % all.users), given.text("password"));
    peer->command("s", "SELECT INBOX");
    peer->write("i IDLE\r\n");
    while (!peer->read_line().starts_with('+')) {
    }
    peer->release_buffer();
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = n;
    epoll_ctl(all.epoll, EPOLL_CTL_ADD, peer->descriptor(), &event);
    all.peers[n] = std::move(peer);
}

// Reads what has come on one connection; was "EXISTS" among it?
bool heard_exists(bench::peer& peer) {
    bool heard = false;
    do
        heard = peer.read_line().ends_with(" EXISTS") || heard;
    while (peer.has_buffered());
    peer.release_buffer();
    return heard;
}

void wait_for_all(crowd& all,
                  std::size_t listeners,
                  bench::steady::time_point since,
                  bench::latencies& took) {
    while (listeners > 0) {
        epoll_event events[64];
        const auto ready = epoll_wait(all.epoll, events, 64, patience_ms);
        if (ready <= 0) throw std::runtime_error("no push within 20 s");
        for (int n = 0; n < ready; ++n)
            if (heard_exists(*all.peers[events[n].data.u64])) {
                took.add(bench::steady::now() - since);
                --listeners;
            }
    }
}

void push(crowd& all, const bench::arguments& given, bench::latencies& took) {
    bench::peer smtp(bench::parse_endpoint(given.text("smtp")), false);
    smtp.read_reply();
    smtp.write("EHLO bench.elsewhere.test\r\n");
    smtp.read_reply();
    for (std::size_t n = 0; n < given.number("pushes"); ++n) {
        const auto user = n % std::min(all.users, all.peers.size());
        smtp.write("MAIL FROM:<bench@elsewhere.test>\r\nRCPT TO:<" +
                   bench::nth_user(given.text("user"), user) + ">\r\nDATA\r\n");
        for (int reply = 0; reply < 3; ++reply)
            smtp.read_reply();
        smtp.write("Subject: push\r\n\r\nhello\r\n.\r\n");
        if (smtp.read_reply() != 250) throw std::runtime_error("message refused");
        const auto accepted = bench::steady::now();
        const auto listeners = (all.peers.size() - user + all.users - 1) / all.users;
        wait_for_all(all, listeners, accepted, took);
    }
}

}  // namespace

int main(int argc, char** argv) try {
    const bench::arguments given(argc, argv,
                                 {{"imap", ""},
                                  {"smtp", ""},
                                  {"tls", "1"},
                                  {"connections", "1000"},
                                  {"users", "100"},
                                  {"pushes", "200"},
                                  {"user", "user%@example.test"},
                                  {"password", "plum-Kettle-42-orbit"}});
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    crowd all{std::vector<std::unique_ptr<bench::peer>>(given.number("connections")),
              given.number("users")};
    std::atomic<std::size_t> next{0};
    const auto took = bench::run_together(
        openers, [](std::size_t) {},
        [&](std::size_t) {
            for (auto n = next++; n < all.peers.size(); n = next++)
                open_one(all, n, given);
        });
    std::puts("idle");
    std::fflush(stdout);
    std::getchar();

    bench::latencies pushes;
    if (given.number("pushes") > 0) push(all, given, pushes);
    bench::report()
        .add("connections", static_cast<double>(all.peers.size()))
        .add("open_seconds", took)
        .add("push_p50_ms", pushes.percentile_ms(0.5))
        .add("push_p99_ms", pushes.percentile_ms(0.99))
        .print();
} catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
}
