#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

constexpr int max_levels = 20;

/// The mailboxes of one user as RFC 9051 6.3.4 to 6.3.8 have them, without those that came with the
/// account.
struct tree {
    std::map<std::string, bool> selectable;  // by name; false: only a name above others
    std::set<std::string> subscribed;
    friend auto operator<=>(const tree&, const tree&) = default;

    [[nodiscard]] bool has_children(const std::string& name) const {
        const auto at = selectable.lower_bound(name + "/");
        return at != selectable.end() && at->first.starts_with(name + "/");
    }
    void add(const std::string& name) {
        for (auto end = name.find('/'); end != std::string::npos; end = name.find('/', end + 1))
            selectable.try_emplace(name.substr(0, end), true);
        selectable[name] = true;
    }
    /// Names that nothing is below any more go.
    void tidy_above(std::string name) {
        for (auto end = name.rfind('/'); end != std::string::npos; end = name.rfind('/')) {
            name.resize(end);
            const auto at = selectable.find(name);
            if (at == selectable.end() || at->second || has_children(name)) return;
            selectable.erase(at);
        }
    }

    /// Does the command. Returns  how its answer begins
    std::string apply(const std::string& command) {
        std::istringstream in(command);
        std::string verb, name, to;
        in >> verb >> name >> to;
        if (verb == "CREATE") return create(name);
        if (verb == "DELETE") return remove(name);
        if (verb == "RENAME") return name == "INBOX" ? create(to) : rename(name, to);
        if (verb == "SUBSCRIBE")
            subscribed.insert(name);
        else
            subscribed.erase(name);
        return "OK";
    }

    /// RENAME of INBOX makes a mailbox just so, and leaves INBOX.
    std::string create(const std::string& name) {
        const auto at = selectable.find(name);
        if (at != selectable.end() && at->second) return "NO [ALREADYEXISTS]";
        add(name);
        return "OK";
    }
    std::string remove(const std::string& name) {
        const auto at = selectable.find(name);
        if (at == selectable.end()) return "NO [NONEXISTENT]";
        if (has_children(name)) {
            if (!at->second) return "NO [CANNOT]";
            at->second = false;
            return "OK";
        }
        selectable.erase(at);
        tidy_above(name);
        return "OK";
    }
    std::string rename(const std::string& from, const std::string& to) {
        if (!selectable.contains(from)) return "NO [NONEXISTENT]";
        if (to.starts_with(from + "/")) return "NO [CANNOT]";
        if (selectable.contains(to)) return "NO [ALREADYEXISTS]";
        std::map<std::string, bool> moved;
        for (const auto& [name, can] : selectable)
            if (name == from || name.starts_with(from + "/"))
                moved[to + name.substr(from.size())] = can;
        for (const auto& [name, can] : moved)
            if (std::count(name.begin(), name.end(), '/') >= max_levels) return "NO [CANNOT]";
        std::erase_if(selectable, [&](const auto& one) {
            return one.first == from || one.first.starts_with(from + "/");
        });
        add(to);
        for (const auto& [name, can] : moved)
            selectable[name] = can;
        tidy_above(from);
        return "OK";
    }
};

/// What a session is told, without INBOX and the mailboxes that came with the account.
tree listed(imap_client& client) {
    tree seen;
    const auto lines = [&client](const std::string& command, auto use) {
        std::istringstream in(client.command(command));
        for (std::string line; std::getline(in, line);) {
            const auto name = line.substr(line.rfind(' ') + 1);
            if (line.starts_with("* ") && name.starts_with("t"))
                use(name.substr(0, name.size() - 1), line);
        }
    };
    lines("LIST \"\" \"*\"", [&](const std::string& name, const std::string& line) {
        seen.selectable[name] = line.find("\\Noselect") == std::string::npos;
    });
    for (const auto& [name, can] : seen.selectable)
        if (const auto at = name.rfind('/'); at != std::string::npos)
            CHECK(seen.selectable.contains(name.substr(0, at)));
    lines("LIST (SUBSCRIBED) \"\" \"*\"",
          [&](const std::string& name, const std::string&) { seen.subscribed.insert(name); });
    return seen;
}

struct dice {
    std::mt19937_64 numbers;
    std::size_t operator()(std::size_t sides) { return numbers() % sides; }
};

std::string some_name(dice& roll) {
    static const std::array<const char*, 12> names{"ta",     "tb",     "tc",       "ta/x",
                                                   "ta/y",   "tb/x",   "ta/x/1",   "ta/x/2",
                                                   "tb/x/1", "tc/y/1", "ta/x/1/p", "tb/q/r/s"};
    return names[roll(names.size())];
}

/// One that is there, more often than not: else the tree would only grow.
std::string some_old_name(dice& roll, const tree& now) {
    if (now.selectable.empty() || roll(3) == 0) return some_name(roll);
    return std::next(now.selectable.begin(), static_cast<int>(roll(now.selectable.size())))->first;
}

std::string some_command(dice& roll, const tree& now) {
    switch (roll(8)) {
    case 0:
    case 1: return "CREATE " + some_name(roll);
    case 2:
    case 3:
    case 4: return "DELETE " + some_old_name(roll, now);
    case 5: return "RENAME " + some_old_name(roll, now) + " " + some_name(roll);
    case 6: return "RENAME " + (roll(3) == 0 ? "INBOX" : some_name(roll)) + " " + some_name(roll);
    default: return (roll(2) == 0 ? "SUBSCRIBE " : "UNSUBSCRIBE ") + some_name(roll);
    }
}

/// The trees that can be there when the commands were done in any order and answered so.
std::set<tree> explain(const tree& before,
                       const std::vector<std::string>& commands,
                       const std::vector<std::string>& answers) {
    std::set<tree> after;
    std::vector<std::size_t> order(commands.size());
    for (std::size_t n = 0; n < order.size(); ++n)
        order[n] = n;
    do {
        auto now = before;
        const bool fits = std::all_of(order.begin(), order.end(), [&](std::size_t n) {
            // The mail of INBOX goes in slices: somebody may take the new mailbox away meanwhile.
            const bool is_broken_off = commands[n].starts_with("RENAME INBOX ") &&
                                       answers[n].starts_with("t NO [NONEXISTENT] ");
            if (is_broken_off) return now.apply(commands[n]) == "OK";
            return answers[n].starts_with("t " + now.apply(commands[n]) + " ");
        });
        if (fits) after.insert(std::move(now));
    } while (std::next_permutation(order.begin(), order.end()));
    return after;
}

std::string words(const tree& one) {
    std::string text;
    for (const auto& [name, can] : one.selectable)
        text += can ? name + " " : "(" + name + ") ";
    text += "| ";
    for (const auto& name : one.subscribed)
        text += name + " ";
    return text;
}

}  // namespace

TEST_CASE(
    "imap session: B16 sessions that change one tree at once leave what some order explains") {
    constexpr int rounds = 1'000;
    constexpr std::size_t sessions = 4;
    const char* given = std::getenv("HAUSPOST_MODEL_SEED");
    const std::uint64_t seed =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    MESSAGE("seed " << seed);
    dice roll{std::mt19937_64(seed)};
    imap_server server;
    server.parts.fill(3);
    std::vector<std::unique_ptr<imap_client>> clients;
    for (std::size_t n = 0; n < sessions; ++n)
        clients.push_back(std::make_unique<imap_client>(server));
    tree now;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::string> commands, answers;
        for (auto& client : clients) {
            commands.push_back(some_command(roll, now));
            client->send("t " + commands.back() + "\r\n");
        }
        for (auto& client : clients)
            answers.push_back(client->wait_for("\r\n"));
        const auto possible = explain(now, commands, answers);
        const auto seen = listed(*clients[roll(sessions)]);
        std::string story;
        for (std::size_t n = 0; n < sessions; ++n)
            story += commands[n] + " -> " + answers[n];
        INFO("seed " << seed << " round " << round << "\n" << story << "listed: " << words(seen));
        REQUIRE(possible.contains(seen));
        now = seen;
    }
    server.parts.store().keeper.tidy();
    CHECK(server.parts.store().keeper.check().findings.empty());
}
