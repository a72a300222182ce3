// Clients that keep a cache by the rules of RFC 7162 6 and come back with QRESYNC must always end
// with what is there.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <sstream>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

/// What a disconnected client keeps of a mailbox.
struct cache {
    std::map<std::uint32_t, std::string> flags;  // by UID; "?" when it has to be asked for
    std::uint64_t modseq = 0;
    std::uint64_t validity = 0;
};

std::vector<std::uint32_t> expand(const std::string& set) {
    std::vector<std::uint32_t> ids;
    std::stringstream in(set);
    for (std::string piece; std::getline(in, piece, ',');) {
        const auto colon = piece.find(':');
        const auto first = std::stoul(piece);
        const auto last = colon == std::string::npos ? first : std::stoul(piece.substr(colon + 1));
        for (auto id = first; id <= last; ++id)
            ids.push_back(static_cast<std::uint32_t>(id));
    }
    return ids;
}

/// A client that reads every answer into its cache. It knows sequence numbers as it must.
class caching_client {
public:
    caching_client(imap_server& server, cache& known) : server_(server), known_(known) {}

    void connect(std::mt19937& random) {
        client_ = std::make_unique<imap_client>(server_);
        read(client_->command("ENABLE QRESYNC"));
        std::string select = "SELECT INBOX";
        if (known_.validity != 0) {
            select += " (QRESYNC (" + std::to_string(known_.validity) + " " +
                      std::to_string(known_.modseq);
            const bool has_uids = random() % 2 == 0 && !known_.flags.empty();
            if (has_uids) select += " " + known_uids(random);
            if (random() % 2 == 0) select += sample();
            select += "))";
        }
        numbers_.clear();
        is_resyncing_ = true;
        read(client_->command(select));
        is_resyncing_ = false;
        // RFC 7162 6: what is not in the cache is asked for.
        read(client_->command("UID FETCH 1:* (UID)"));
        fetch_unknown();
    }

    void disconnect() { client_.reset(); }
    [[nodiscard]] bool is_connected() const { return client_ != nullptr; }

    void act(std::mt19937& random) {
        read(client_->command(next_command(random)));
        fetch_unknown();
    }

    /// Lets everything be told.
    void settle() {
        read(client_->command("NOOP"));
        fetch_unknown();
    }

private:
    std::string known_uids(std::mt19937& random) const {
        // All UIDs up to the largest known one, or exactly those known.
        if (random() % 2 == 0) return "1:" + std::to_string(known_.flags.rbegin()->first);
        std::string set;
        for (const auto& [id, flags] : known_.flags)
            set += (set.empty() ? "" : ",") + std::to_string(id);
        return set;
    }

    std::string sample() const {
        if (known_.flags.empty()) return "";
        std::string numbers, ids;
        std::uint32_t n = 0;
        for (const auto& [id, flags] : known_.flags) {
            if (++n % 3 != 1) continue;
            numbers += (numbers.empty() ? "" : ",") + std::to_string(n);
            ids += (ids.empty() ? "" : ",") + std::to_string(id);
        }
        return " (" + numbers + " " + ids + ")";
    }

    std::string next_command(std::mt19937& random) const {
        const auto count = numbers_.size();
        const auto one = count == 0 ? 1 : 1 + random() % count;
        const auto other = count == 0 ? 1 : 1 + random() % count;
        const auto set = std::to_string(one) + ":" + std::to_string(other);
        const auto id = std::to_string(1 + random() % 60);
        static const std::vector<std::string> flags{"\\Seen", "\\Flagged", "\\Draft", "$a", "$b"};
        const auto& flag = flags[random() % flags.size()];
        const auto* sign = random() % 2 == 0 ? "+" : "-";
        if (count == 0) return "NOOP";
        switch (random() % 12) {
        case 0: return "NOOP";
        case 1: return "STORE " + set + " " + sign + "FLAGS (" + flag + ")";
        case 2: return "UID STORE " + id + ":* " + sign + "FLAGS (" + flag + ")";
        case 3: return "FETCH " + set + " (FLAGS)";
        case 4: return "STORE " + std::to_string(one) + " +FLAGS (\\Deleted)";
        case 5: return "EXPUNGE";
        case 6: return "UID EXPUNGE 1:" + id;
        case 7: return "MOVE " + std::to_string(one) + " Trash";
        case 8:
            return "STORE " + set + " (UNCHANGEDSINCE " + std::to_string(known_.modseq) + ") " +
                   sign + "FLAGS (" + flag + ")";
        case 9: return "SEARCH UNSEEN";
        case 10: return "FETCH " + std::to_string(one) + " BODY[TEXT]";
        default: return "COPY " + std::to_string(one) + " INBOX";
        }
    }

    void fetch_unknown() {
        for (int round = 0; round < 3; ++round) {
            const bool has_unknown =
                std::find(numbers_.begin(), numbers_.end(), 0u) != numbers_.end();
            std::string set;
            for (const auto& [id, flags] : known_.flags)
                if (flags == "?") set += (set.empty() ? "" : ",") + std::to_string(id);
            if (has_unknown) set = "1:*";
            if (set.empty()) return;
            read(client_->command("UID FETCH " + set + " (UID FLAGS)"));
        }
    }

    void read(const std::string& said) {
        std::uint64_t seen = 0;
        std::optional<std::uint64_t> told;
        std::stringstream lines(said);
        for (std::string line; std::getline(lines, line);) {
            if (!line.empty() && line.back() == '\r') line.pop_back();
            read_line(line, seen, told);
        }
        // RFC 7162 6.
        if (told)
            known_.modseq = *told;
        else
            known_.modseq = std::max(known_.modseq, seen);
    }

    void read_line(const std::string& line,
                   std::uint64_t& seen,
                   std::optional<std::uint64_t>& told) {
        static const std::regex fetch(R"(\* (\d+) FETCH \((.*)\)?)"),
            number(R"(\* (\d+) (EXISTS))"), vanished(R"(\* VANISHED (\(EARLIER\) )?(.*))"),
            highest(R"(.*\[HIGHESTMODSEQ (\d+)\].*)");
        std::smatch m;
        if (std::regex_match(line, m, number)) {
            REQUIRE(std::stoul(m[1]) >= numbers_.size());
            numbers_.resize(std::stoul(m[1]));
        } else if (std::regex_match(line, m, vanished)) {
            for (const auto id : expand(m[2])) {
                known_.flags.erase(id);
                if (m[1].matched) continue;
                const auto at = std::find(numbers_.begin(), numbers_.end(), id);
                const auto unknown = std::find(numbers_.begin(), numbers_.end(), 0u);
                REQUIRE((at != numbers_.end() || unknown != numbers_.end()));
                numbers_.erase(at != numbers_.end() ? at : unknown);
            }
        } else if (std::regex_match(line, m, fetch)) {
            read_fetch(static_cast<std::uint32_t>(std::stoul(m[1])), m[2], seen);
        } else if (std::regex_match(line, m, highest)) {
            told = std::stoull(m[1]);
        }
        REQUIRE(line.find(" EXPUNGE") == std::string::npos);
    }

    void read_fetch(std::uint32_t sequence, const std::string& items, std::uint64_t& seen) {
        static const std::regex uid_item(R"((?:^|.* )UID (\d+).*)"),
            modseq_item(R"(.*MODSEQ \((\d+)\).*)"), flags_item(R"(.*FLAGS \(([^)]*)\).*)");
        REQUIRE(sequence >= 1);
        REQUIRE(sequence <= numbers_.size());
        auto& id = numbers_[sequence - 1];
        std::smatch m;
        if (std::regex_match(items, m, uid_item)) {
            const auto told = static_cast<std::uint32_t>(std::stoul(m[1]));
            REQUIRE((id == 0 || id == told));
            id = told;
        }
        if (std::regex_match(items, m, modseq_item))
            seen = std::max<std::uint64_t>(seen, std::stoull(m[1]));
        if (id == 0) return;
        if (!known_.flags.contains(id)) known_.flags[id] = "?";
        if (!std::regex_match(items, m, flags_item)) return;
        std::stringstream words(m[1]);
        std::set<std::string> sorted;
        for (std::string word; words >> word;)
            if (word != "\\Recent") sorted.insert(word);  // of one session alone
        std::string flags;
        for (const auto& word : sorted)
            flags += word + " ";
        known_.flags[id] = flags;
    }

    imap_server& server_;
    cache& known_;
    std::unique_ptr<imap_client> client_;
    std::vector<std::uint32_t> numbers_;  // UID of each sequence number; 0: not told yet
    bool is_resyncing_ = false;
};

void run(unsigned seed) {
    INFO("seed ", seed);
    std::mt19937 random(seed);
    imap_server server;
    server.parts.fill(12);
    const auto validity =
        server.parts.wait(server.parts.store().mailboxes.open({server.parts.ann, mailbox_id(1)}))
            ->info.counters.uid_validity.value();
    cache cached[2];
    caching_client client[2] = {{server, cached[0]}, {server, cached[1]}};
    for (int step = 0; step < 120; ++step) {
        const auto who = random() % 2;
        if (!client[who].is_connected()) {
            if (random() % 3 == 0) continue;
            client[who].connect(random);
            cached[who].validity = validity;
        } else if (random() % 12 == 0) {
            client[who].disconnect();
        } else {
            client[who].act(random);
        }
        if (random() % 8 == 0) server.parts.fill(1);
        if (random() % 30 == 0) server.parts.forget_vanished();
    }
    cache fresh;
    for (auto& one : client) {
        if (!one.is_connected()) one.connect(random);
        one.settle();
    }
    // What the first settled may have told only the second now.
    client[0].settle();
    caching_client(server, fresh).connect(random);
    CHECK(cached[0].flags == fresh.flags);
    CHECK(cached[1].flags == fresh.flags);
}

}  // namespace

TEST_CASE("imap qresync: clients that come back at any time end with what is there") {
    const char* given = std::getenv("HAUSPOST_SEED");
    if (given != nullptr) return run(static_cast<unsigned>(std::strtoul(given, nullptr, 10)));
    for (unsigned seed = 1; seed <= 40; ++seed)
        run(seed);
}
