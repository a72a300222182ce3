// Submits messages of one size for other servers, after a login, over N connections, and counts what is
// accepted: the first half of relaying (bench/relay).

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <openssl/evp.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

void expect(int code, int wanted, const char* where) {
    if (code != wanted) throw std::runtime_error(std::string(where) + ": " + std::to_string(code));
}

/// RFC 4616
std::string plain_response(const std::string& user, const std::string& password) {
    std::string text(1, '\0');
    text += user + '\0' + password;
    std::string coded(4 * ((text.size() + 2) / 3) + 1, '\0');
    const auto octets = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                                        reinterpret_cast<const unsigned char*>(text.data()),
                                        static_cast<int>(text.size()));
    coded.resize(static_cast<std::size_t>(octets));
    return coded;
}

std::string body_of(std::size_t octets) {
    std::string text;
    for (std::size_t line = 0; text.size() < octets; ++line)
        text += "Line " + std::to_string(line) +
                " of a letter as people write them to one another.\r\n";
    return text;
}

struct sender {
    std::unique_ptr<bench::peer> peer;
    std::string user;
    bench::latencies took;
};

void send_one(sender& one, const std::string& recipient, const std::string& body, std::size_t n) {
    one.peer->write("MAIL FROM:<" + one.user + ">\r\nRCPT TO:<" + recipient + ">\r\nDATA\r\n");
    expect(one.peer->read_reply(), 250, "MAIL");
    expect(one.peer->read_reply(), 250, "RCPT");
    expect(one.peer->read_reply(), 354, "DATA");
    const auto number = std::to_string(n);
    one.peer->write("From: " + one.user + "\r\nTo: " + recipient + "\r\nSubject: letter " + number +
                    "\r\nDate: Sun, 29 Nov 2026 12:00:00 +0000\r\nMessage-ID: <" + number +
                    "@bench.example.test>\r\n\r\n" + body + ".\r\n");
    const auto sent = bench::steady::now();
    expect(one.peer->read_reply(), 250, "end of data");
    one.took.add(bench::steady::now() - sent);
}

}  // namespace

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"smtp", ""},
                                  {"password", ""},
                                  {"connections", "16"},
                                  {"messages", "2000"},
                                  {"octets", "8192"},
                                  {"users", "16"},
                                  {"user", "user%@example.test"},
                                  {"domains", "1"},
                                  {"recipient", "somebody@sink%.example"}});
    const auto to = bench::parse_endpoint(given.text("smtp"));
    const auto messages = given.number("messages");
    const auto body = body_of(given.number("octets"));
    std::vector<sender> senders(given.number("connections"));
    std::atomic<std::size_t> next{0};

    const auto took = bench::run_together(
        senders.size(),
        [&](std::size_t n) {
            auto& one = senders[n];
            one.user = bench::nth_user(given.text("user"), n % given.number("users"));
            one.peer = std::make_unique<bench::peer>(to, false);
            expect(one.peer->read_reply(), 220, "greeting");
            one.peer->write("EHLO bench.example.test\r\n");
            expect(one.peer->read_reply(), 250, "EHLO");
            one.peer->write("AUTH PLAIN " + plain_response(one.user, given.text("password")) +
                            "\r\n");
            expect(one.peer->read_reply(), 235, "AUTH");
        },
        [&](std::size_t n) {
            for (auto number = next++; number < messages; number = next++)
                send_one(senders[n],
                         bench::nth_user(given.text("recipient"), number % given.number("domains")),
                         body, number);
        });

    bench::latencies all;
    for (const auto& one : senders)
        all.merge(one.took);
    bench::report()
        .add("messages", static_cast<double>(messages))
        .add("seconds", took)
        .add("messages_per_second", static_cast<double>(messages) / took)
        .add("p50_ms", all.percentile_ms(0.5))
        .add("p99_ms", all.percentile_ms(0.99))
        .print();
}
