// Asks one question of a mailbox again and again: a search by flags, a sort, threads, or a text in
// the bodies that a single message has, or none. Prints the first and the median of the rest.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace {

// No word of the mix (mail_mix.cpp).
constexpr const char* rare_word = "quokkaphone";

const char* command_of(const std::string& what) {
    if (what == "flags") return "UID SEARCH UNSEEN UNFLAGGED";
    if (what == "sort_date") return "UID SORT (DATE) UTF-8 ALL";
    if (what == "sort_subject") return "UID SORT (SUBJECT) UTF-8 ALL";
    if (what == "thread") return "UID THREAD REFERENCES UTF-8 ALL";
    if (what == "body_rare") return "UID SEARCH BODY quokkaphone";
    if (what == "body_none") return "UID SEARCH BODY zzyzxquux";
    throw std::runtime_error(
        "--what flags, sort_date, sort_subject, thread, body_rare or body_none");
}

// What the untagged line of an answer tells: how many messages, or numbers of threads.
std::size_t count_found(bench::peer& peer, const std::string& command) {
    peer.write("q " + command + "\r\n");
    std::size_t found = 0;
    bool is_told = false;
    for (;;) {
        const auto line = peer.read_line();
        if (line.starts_with("* SEARCH") || line.starts_with("* SORT") ||
            line.starts_with("* THREAD")) {
            is_told = true;
            const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
            for (std::size_t n = 1; n < line.size(); ++n)
                if (is_digit(line[n]) && !is_digit(line[n - 1])) ++found;
        }
        if (!line.starts_with("q ")) continue;
        if (!line.starts_with("q OK")) throw std::runtime_error(std::string(line));
        if (!is_told) throw std::runtime_error("no answer");
        return found;
    }
}

// A sort or threads tell all messages; a word is in some, or in none.
bool is_right(const std::string& what, std::size_t found, std::size_t messages) {
    if (what == "body_none") return found == 0;
    if (what == "body_rare") return found > 0 && found < messages / 10 + 20;
    if (what == "flags") return found > 0 && found <= messages;
    return found == messages;
}

}  // namespace

int main(int argc, char** argv) try {
    const bench::arguments given(argc, argv,
                                 {{"imap", ""},
                                  {"tls", "0"},
                                  {"what", "flags"},
                                  {"times", "5"},
                                  {"mailbox", "INBOX"},
                                  {"user", "user0@example.test"},
                                  {"password", "plum-Kettle-42-orbit"}});
    const auto* command = command_of(given.text("what"));
    bench::peer peer(bench::parse_endpoint(given.text("imap")), given.flag("tls"), 512 * 1024);
    peer.login(given.text("user"), given.text("password"));
    const auto mailbox = given.text("mailbox");
    if (given.text("what") == "body_rare") {
        const auto mail = "Subject: rare\r\n\r\nThe " + std::string(rare_word) + " rang.\r\n";
        peer.write("a APPEND " + mailbox + " {" + std::to_string(mail.size()) + "+}\r\n" + mail +
                   "\r\n");
        peer.read_tagged("a");
    }
    const auto messages = peer.select(mailbox);
    double first = 0;
    std::vector<double> rest;
    const auto times = given.number("times");
    for (std::size_t n = 0; n < times; ++n) {
        const auto begun = bench::steady::now();
        const auto found = count_found(peer, command);
        const auto took = bench::seconds(bench::steady::now() - begun);
        if (!is_right(given.text("what"), found, messages))
            throw std::runtime_error("not what is there was found: " + std::to_string(found));
        (n == 0 ? first : rest.emplace_back()) = took;
    }
    if (rest.empty()) rest.push_back(first);
    std::nth_element(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(rest.size() / 2),
                     rest.end());
    bench::report()
        .add("searches", static_cast<double>(times))
        .add("first_ms", first * 1000)
        .add("p50_ms", rest[rest.size() / 2] * 1000)
        .print();
} catch (const std::exception& fault) {
    std::fprintf(stderr, "%s\n", fault.what());
    return 1;
}
