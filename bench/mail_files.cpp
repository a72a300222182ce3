// Fills a Maildir with the messages that bench_imap_append would append, for a peer whose APPEND
// takes longer with every message that is there.
//
//   bench_mail_files --folder MAILDIR/cur [--messages N] [--lite 1]

#include "bench/support/figures.hpp"
#include "bench/support/mail_mix.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

int main(int argc, char** argv) try {
    const bench::arguments given(argc, argv, {{"folder", ""}, {"messages", "1000"}, {"lite", "1"}});
    const auto folder = given.text("folder");
    const auto messages = given.number("messages");
    const auto mix = bench::make_mix(512, given.flag("lite") ? bench::lite() : bench::mix_shape{});
    const auto begun = bench::steady::now();
    for (std::size_t n = 0; n < messages; ++n) {
        const auto octets = bench::first_lines(n) + mix[n % mix.size()];
        std::ofstream file(folder + "/1700000000.M" + std::to_string(n) +
                               "P1.bench,S=" + std::to_string(octets.size()) + ":2,",
                           std::ios::binary);
        if (!file.write(octets.data(), static_cast<std::streamsize>(octets.size())).flush())
            throw std::runtime_error("cannot write into " + folder);
    }
    bench::report()
        .add("messages", static_cast<double>(messages))
        .add("seconds", bench::seconds(bench::steady::now() - begun))
        .print();
} catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
}
