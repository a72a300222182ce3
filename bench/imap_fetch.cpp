// Reads a whole mailbox again and again: the header list of a mail program, or all bodies; or
// selects it. Prints the first and the median of the rest.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <algorithm>
#include <stdexcept>

namespace {

const char* command_of(const std::string& what) {
    if (what == "headers")
        return "UID FETCH 1:* (UID FLAGS ENVELOPE INTERNALDATE RFC822.SIZE BODYSTRUCTURE)";
    if (what == "bodies") return "UID FETCH 1:* (BODY.PEEK[])";
    if (what == "flags") return "UID FETCH 1:* (FLAGS)";
    throw std::runtime_error("--what headers, bodies, flags or select");
}

void measure_select(bench::peer& peer, const std::string& mailbox, std::size_t times) {
    bench::latencies took;
    std::size_t messages = 0;
    for (std::size_t n = 0; n < times; ++n) {
        const auto begun = bench::steady::now();
        messages = peer.select(mailbox);
        took.add(bench::steady::now() - begun);
    }
    bench::report()
        .add("messages", static_cast<double>(messages))
        .add("p50_ms", took.percentile_ms(0.5))
        .add("p99_ms", took.percentile_ms(0.99))
        .print();
}

}  // namespace

int main(int argc, char** argv) try {
    const bench::arguments given(argc, argv,
                                 {{"imap", ""},
                                  {"tls", "0"},
                                  {"what", "headers"},
                                  {"times", "3"},
                                  {"mailbox", "INBOX"},
                                  {"user", "user0@example.test"},
                                  {"password", "plum-Kettle-42-orbit"}});
    bench::peer peer(bench::parse_endpoint(given.text("imap")), given.flag("tls"), 512 * 1024);
    peer.login(given.text("user"), given.text("password"));
    const auto times = given.number("times");
    if (given.text("what") == "select") {
        measure_select(peer, given.text("mailbox"), times);
        return 0;
    }
    const auto messages = static_cast<double>(peer.select(given.text("mailbox")));
    double first = 0;
    double octets = 0;
    std::vector<double> rest;
    for (std::size_t n = 0; n < times; ++n) {
        const auto begun = bench::steady::now();
        const auto came = peer.command("f", command_of(given.text("what")));
        const auto took = bench::seconds(bench::steady::now() - begun);
        if (static_cast<double>(came.untagged) < messages) throw std::runtime_error("some missing");
        octets = static_cast<double>(came.octets);
        (n == 0 ? first : rest.emplace_back()) = took;
    }
    if (rest.empty()) rest.push_back(first);
    std::nth_element(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(rest.size() / 2),
                     rest.end());
    const auto median = rest[rest.size() / 2];
    bench::report()
        .add("messages", messages)
        .add("fetched", messages * static_cast<double>(times))
        .add("first_messages_per_second", messages / first)
        .add("messages_per_second", messages / median)
        .add("megabytes_per_second", octets / median / 1e6)
        .print();
} catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
}
