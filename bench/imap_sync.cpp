// What a client with one large mailbox does: SELECT, all flags, one flag of all messages, coming
// back after a few changes, EXPUNGE of half; and how long another client waits meanwhile. Makes the
// mailbox itself, by copying it into itself until it is large enough.

#include "bench/support/figures.hpp"
#include "bench/support/peer.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using bench::peer;
using bench::steady;

double milliseconds(const std::function<void()>& work) {
    const auto begun = steady::now();
    work();
    return bench::seconds(steady::now() - begun) * 1000;
}

/// What the server's threads have been running, in milliseconds: tells more than the clock on a
/// machine with other work. 0 without --pid.
double server_cpu_ms(std::size_t pid) {
    if (pid == 0) return 0;
    double sum = 0;
    for (const auto& task :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
        std::ifstream in(task.path() / "schedstat");
        double nanoseconds = 0;
        if (in >> nanoseconds) sum += nanoseconds / 1e6;
    }
    return sum;
}

/// Does it several times: the median of the clock and the server's CPU time of each.
class measured {
public:
    measured(bench::report& report, std::size_t pid) : report_(report), pid_(pid) {}
    /// once() returns milliseconds.
    double add(const std::string& name, std::size_t times, const std::function<double()>& once) {
        std::vector<double> all;
        const auto before = server_cpu_ms(pid_);
        for (std::size_t n = 0; n < times; ++n)
            all.push_back(once());
        const auto cpu = server_cpu_ms(pid_) - before;
        std::sort(all.begin(), all.end());
        report_.add(name + "_ms", all[all.size() / 2]);
        if (pid_ != 0) report_.add(name + "_cpu_ms", cpu / static_cast<double>(times));
        return all[all.size() / 2];
    }

private:
    bench::report& report_;
    std::size_t pid_;
};

/// Answers that matter: a number after a word in any line of them.
std::string number_after(peer& to, const std::string& tag, const std::string& word) {
    std::string found;
    for (;;) {
        const std::string line(to.read_line());
        const auto at = line.find(word);
        if (at != std::string::npos) {
            const auto start = at + word.size();
            found = line.substr(start, line.find_first_not_of("0123456789", start) - start);
        }
        if (line.starts_with(tag + " ")) return found;
    }
}

void fill(peer& to, const std::string& mailbox, std::size_t messages) {
    to.command("c", "CREATE " + mailbox);
    const std::size_t first = std::min<std::size_t>(messages, 1000);
    std::string all;
    for (std::size_t n = 0; n < first; ++n) {
        const std::string text =
            "Subject: message " + std::to_string(n) + "\r\nFrom: ann@example.test\r\n\r\nbody\r\n";
        all +=
            "a APPEND " + mailbox + " {" + std::to_string(text.size()) + "+}\r\n" + text + "\r\n";
    }
    to.write(all);
    for (std::size_t n = 0; n < first; ++n)
        to.read_tagged("a");
    to.command("s", "SELECT " + mailbox);
    for (auto there = first; there < messages;) {
        const auto more = std::min(there, messages - there);
        to.command("d", "COPY 1:" + std::to_string(more) + " " + mailbox);
        there += more;
    }
    to.command("u", "UNSELECT");
}

/// Changes flags on another mailbox until it is stopped: what others feel.
class other_writer {
public:
    other_writer(const bench::endpoint& to, const std::string& user, const std::string& password)
        : peer_(to, false) {
        peer_.login(user, password);
        peer_.write("a APPEND INBOX {6+}\r\nx: y\r\n\r\n");
        peer_.read_tagged("a");
        peer_.command("s", "SELECT INBOX");
        thread_ = std::thread([this] { loop(); });
    }
    ~other_writer() {
        if (thread_.joinable()) stop();
    }
    bench::latencies& stop() {
        ending_ = true;
        thread_.join();
        return all_;
    }

private:
    void loop() {
        for (bool add = true; !ending_; add = !add) {
            const auto begun = steady::now();
            peer_.command("f",
                          std::string("STORE 1 ") + (add ? '+' : '-') + "FLAGS.SILENT (\\Flagged)");
            all_.add(steady::now() - begun);
        }
    }
    peer peer_;
    bench::latencies all_;
    std::atomic<bool> ending_ = false;
    std::thread thread_;
};

void require_told(std::uint64_t told, std::size_t least, const char* what) {
    if (told < least) throw std::runtime_error(std::string("too little was told: ") + what);
}

/// 1 % of the messages, in as many places: half get a flag, half go. Returns how many get one.
std::size_t change_some(peer& to, std::size_t messages, std::size_t round) {
    const auto count = std::max<std::size_t>(2, messages / 100);
    std::size_t flags = 0;
    for (std::size_t n = 0; n < count;) {
        std::string flagged, gone;
        for (std::size_t in_line = 0; in_line < 500 && n < count; ++in_line, ++n) {
            const auto id = std::to_string(1 + n * 100 + round);
            (n % 2 == 0 ? flagged : gone).append(id).push_back(',');
            flags += n % 2 == 0 ? 1 : 0;
        }
        flagged.pop_back();
        to.command("m", "UID STORE " + flagged + " +FLAGS.SILENT (\\Flagged)");
        if (gone.empty()) continue;
        gone.pop_back();
        to.command("m", "UID STORE " + gone + " +FLAGS.SILENT (\\Deleted)");
    }
    require_told(to.command("e", "EXPUNGE").untagged, count - flags, "expunged");
    return flags;
}

void measure_resync(peer& one, const bench::arguments& given, measured& measure) {
    const auto& mailbox = given.text("mailbox");
    peer back(bench::parse_endpoint(given.text("imap")), false, 1024 * 1024);
    back.login(given.text("user"), given.text("password"));
    back.command("q", "ENABLE QRESYNC");
    back.write("s SELECT " + mailbox + "\r\n");
    const auto validity = number_after(back, "s", "[UIDVALIDITY ");
    back.write("s SELECT " + mailbox + "\r\n");
    const auto modseq = number_after(back, "s", "[HIGHESTMODSEQ ");
    one.command("s", "SELECT " + mailbox);
    const auto flags = change_some(one, given.number("messages"), 7);
    back.command("u", "UNSELECT");
    const auto resync = "SELECT " + mailbox + " (QRESYNC (" + validity + " " + modseq + "))";
    measure.add("resync", 9, [&] {
        std::uint64_t told = 0;
        const auto took = milliseconds([&] { told = back.command("s", resync).untagged; });
        require_told(told, flags + 1, "changed while away");  // and what went, in one line
        back.command("u", "UNSELECT");
        return took;
    });
    one.command("u", "UNSELECT");
}

void measure_store(peer& one,
                   const bench::arguments& given,
                   measured& measure,
                   bench::report& report) {
    bool adds = false;
    const auto store_ms = measure.add("store", 5, [&] {
        adds = !adds;
        const auto* sign = adds ? "+" : "-";
        return milliseconds(
            [&] { one.command("f", std::string("STORE 1:* ") + sign + "FLAGS.SILENT (\\Seen)"); });
    });
    report.add("store_messages_per_second",
               static_cast<double>(given.number("messages")) / store_ms * 1000);
    other_writer other(bench::parse_endpoint(given.text("imap")), given.text("other"),
                       given.text("password"));
    for (int n = 0; n < 20; ++n) {
        adds = !adds;
        one.command("f", std::string("STORE 1:* ") + (adds ? '+' : '-') + "FLAGS.SILENT (\\Seen)");
    }
    auto& waits = other.stop();
    report.add("others_p50_ms", waits.percentile_ms(0.5));
    report.add("others_p99_ms", waits.percentile_ms(0.99));
    report.add("others_max_ms", waits.percentile_ms(1.0));
}

}  // namespace

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"imap", ""},
                                  {"messages", "100000"},
                                  {"mailbox", "Sync"},
                                  {"user", "big@example.test"},
                                  {"other", "user0@example.test"},
                                  {"password", "plum-Kettle-42-orbit"},
                                  {"pid", "0"},
                                  {"store", "1"},
                                  {"resync", "1"},
                                  {"expunge", "1"}});
    const auto to = bench::parse_endpoint(given.text("imap"));
    const auto messages = given.number("messages");
    const auto& mailbox = given.text("mailbox");
    bench::report report;
    measured measure(report, given.number("pid"));
    peer one(to, false, 1024 * 1024);
    one.login(given.text("user"), given.text("password"));
    report.add("fill_seconds", milliseconds([&] { fill(one, mailbox, messages); }) / 1000);

    measure.add("select", 9, [&] {
        const auto took = milliseconds([&] { one.command("s", "SELECT " + mailbox); });
        one.command("u", "UNSELECT");
        return took;
    });
    one.command("s", "SELECT " + mailbox);
    measure.add("fetch_flags", 5, [&] {
        std::uint64_t told = 0;
        const auto took =
            milliseconds([&] { told = one.command("f", "UID FETCH 1:* (FLAGS)").untagged; });
        require_told(told, messages, "flags");
        return took;
    });

    if (given.flag("store")) measure_store(one, given, measure, report);
    one.command("u", "UNSELECT");

    if (given.flag("resync")) measure_resync(one, given, measure);
    one.command("s", "SELECT " + mailbox);
    if (given.flag("expunge")) {
        one.command("m", "STORE 1:" + std::to_string(messages / 2) + " +FLAGS.SILENT (\\Deleted)");
        other_writer other(to, given.text("other"), given.text("password"));
        const auto took = measure.add("expunge_half", 1, [&] {
            return milliseconds([&] {
                require_told(one.command("e", "EXPUNGE").untagged, messages / 2, "expunged");
            });
        });
        report.add("expunge_half_seconds", took / 1000);
        auto& waits = other.stop();
        report.add("others_expunge_p99_ms", waits.percentile_ms(0.99));
        report.add("others_expunge_max_ms", waits.percentile_ms(1.0));
    }
    one.command("u", "UNSELECT");
    one.command("d", "DELETE " + mailbox);
    report.print();
}
