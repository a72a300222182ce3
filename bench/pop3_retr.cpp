// Logs in and retrieves the whole maildrop by POP3, again and again; prints the median. --window n:
// so many RETR are sent before the first is answered.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <algorithm>
#include <stdexcept>

namespace {

// "+OK 5000 300000000" in the answer to STAT.
std::size_t count_of(std::string_view line) {
    if (!line.starts_with("+OK ")) throw std::runtime_error(std::string(line));
    return std::stoul(std::string(line.substr(4)));
}

struct outcome {
    std::size_t messages = 0;
    std::uint64_t octets = 0;
    double seconds = 0;
};

outcome retrieve_all(bench::peer& peer, std::size_t window) {
    outcome all;
    peer.write("STAT\r\n");
    all.messages = count_of(peer.read_line());
    const auto begun = bench::steady::now();
    std::size_t asked = 0;
    for (std::size_t number = 0; number < all.messages; ++number) {
        std::string commands;
        while (asked < std::min(all.messages, number + window))
            commands += "RETR " + std::to_string(++asked) + "\r\n";
        if (!commands.empty()) peer.write(commands);
        peer.read_ok();
        all.octets += peer.read_lines();
    }
    all.seconds = bench::seconds(bench::steady::now() - begun);
    return all;
}

}  // namespace

int main(int argc, char** argv) try {
    const bench::arguments given(argc, argv,
                                 {{"pop3", ""},
                                  {"tls", "0"},
                                  {"window", "1"},
                                  {"times", "3"},
                                  {"user", "user0@example.test"},
                                  {"password", "plum-Kettle-42-orbit"}});
    std::vector<outcome> runs;
    for (std::size_t n = 0; n < given.number("times"); ++n) {
        bench::peer peer(bench::parse_endpoint(given.text("pop3")), given.flag("tls"), 512 * 1024);
        peer.pop3_login(given.text("user"), given.text("password"));
        runs.push_back(retrieve_all(peer, given.number("window")));
        peer.pop3("QUIT");
    }
    const auto messages = static_cast<double>(runs.front().messages);
    const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
    std::nth_element(runs.begin(), middle, runs.end(),
                     [](const outcome& a, const outcome& b) { return a.seconds < b.seconds; });
    bench::report()
        .add("messages", messages)
        .add("retrieved", messages * static_cast<double>(runs.size()))
        .add("messages_per_second", messages / middle->seconds)
        .add("megabytes_per_second", static_cast<double>(middle->octets) / middle->seconds / 1e6)
        .print();
} catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
}
