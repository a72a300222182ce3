// Whole POP3 sessions out of a grammar of all commands, mostly valid ones, over the real store. Two
// clients talk in turn, of one maildrop. Beside crashes it looks at this: each command has one
// answer, lists and messages end, messages have the size that was told, ids are unique, and no
// session ends by itself without -ERR.
//
// First octet: the server; second: the size of the reads; the rest are choices.

#include "base/ascii.hpp"
#include "tests/fuzz/support/fresh_server.hpp"
#include "tests/fuzz/support/grammar.hpp"
#include "tests/support/test_pop3.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace hauspost;
using fuzz::must;

constexpr unsigned max_steps = 24;

constexpr std::string_view rules = R"(
opening
    USER ann@a.example;PASS pw
    AUTH PLAIN AGFubkBhLmV4YW1wbGUAcHc=
    USER bob@a.example;PASS pw
    CAPA
command
    STAT
    LIST
    LIST <number>
    UIDL
    UIDL <number>
    RETR <number>
    RETR <number>
    TOP <number> <number>
    TOP <number> <number>
    DELE <number>
    DELE <number>
    NOOP
    RSET
    CAPA
    LANG
    LANG <language>
    UTF8
    STLS
    USER <user>
    PASS <password>
    <auth>
    QUIT
number
    1
    2
    3
    4
    5
    0
    001
    18446744073709551616
language
    *
    en
    de
    i-default
user
    ann@a.example
    bob@a.example
    busy@a.example
    nobody
password
    pw
    wrong
    pw <>
auth
    AUTH
    AUTH PLAIN AGFubkBhLmV4YW1wbGUAcHc=
    AUTH PLAIN<crlf><wait>AGFubkBhLmV4YW1wbGUAcHc=
    AUTH LOGIN<crlf><wait>YW5uQGEuZXhhbXBsZQ==<crlf><wait>cHc=
    AUTH PLAIN<crlf><wait>*
    AUTH PLAIN =
    AUTH CRAM-MD5
)";

const fuzz::grammar& pop3_grammar() {
    static const fuzz::grammar all(rules);
    return all;
}

std::string_view word_of(std::string_view line) {
    return line.substr(0, line.find_first_of(" \r"));
}

/// The answer to this command, when it is +OK, ends with a "." line.
bool has_lines(std::string_view command) {
    const auto word = word_of(command);
    for (const std::string_view one : {"RETR", "TOP", "CAPA"})
        if (ascii::equal_nocase(word, one)) return true;
    const bool has_argument =
        command.find_first_not_of(" \t\r\n", word.size()) != std::string_view::npos;
    for (const std::string_view one : {"LIST", "UIDL", "AUTH", "LANG"})
        if (ascii::equal_nocase(word, one)) return !has_argument;
    return false;
}

/// A client of one session.
class talker {
public:
    talker(test::pop3_server& server, bool has_tls, std::size_t split)
        : server_(server),
          session_(
              peer_, server.ports(), std::make_shared<const pop3::session_config>(server.config)) {
        peer_.allow_tls(has_tls);
        peer_.split_every(split == 0 ? SIZE_MAX : split);
        asio::co_spawn(server.parts.io, session_.run(), [this](std::exception_ptr fault) {
            must(!fault, "the session threw");
            is_over_ = true;
        });
        pending_.emplace_back("greeting");
        settle();
    }
    ~talker() {
        peer_.finish();
        peer_.wake();
        test::run_until(server_.parts.io, [this] { return is_over_; });
        must(peer_.is_closed(), "the session left the stream open");
    }
    talker(const talker&) = delete;
    talker& operator=(const talker&) = delete;

    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    [[nodiscard]] bool is_busy() const noexcept { return !parts_.empty(); }

    void say(const fuzz::sentence& command, bool more_follows) {
        if (!command.is_framed) is_followed_ = false;
        pending_.push_back(command.parts.front());
        to_send_ += command.parts.front();
        parts_.assign(command.parts.begin() + 1, command.parts.end());
        if (!more_follows) transmit();
    }
    void go_on() {
        to_send_ = std::move(parts_.front());
        parts_.pop_front();
        transmit();
    }

private:
    void transmit() {
        has_leave_ = false;
        fuzz::show(this, '>', to_send_);
        peer_.send(std::exchange(to_send_, {}));
        settle();
        if (!is_followed_) return;
        if (is_over_) return must(may_end_, "the session ended without a word");
        if (pending_.empty()) return parts_.clear();
        must(pending_.size() == 1 && has_leave_, "a command has no answer");
        if (parts_.empty()) parts_.emplace_back("*\r\n");
    }

    void settle() {
        test::run_until(server_.parts.io, [this] {
            return is_over_ || (peer_.is_waiting() && peer_.unread_input().empty());
        });
        buffer_ += peer_.take_output();
        while (const auto line = next_line())
            hear(*line);
        if (is_followed_) must(!lines_, "a list or message does not end");
        must(buffer_.empty(), "the output ends within a line");
    }

    std::optional<std::string> next_line() {
        using namespace std::string_view_literals;
        const auto end = buffer_.find("\r\n");
        if (end == std::string::npos) return std::nullopt;
        auto line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        must(line.find_first_of("\r\n\0"sv) == std::string::npos, "a line has a CR, LF or NUL");
        return line;
    }

    void hear(std::string_view line) {
        fuzz::show(this, '<', line);
        if (!is_followed_) return;
        if (lines_) return hear_inner(line);
        if (line.starts_with("+ ")) {
            has_leave_ = true;
            return;
        }
        const bool is_ok = line == "+OK" || line.starts_with("+OK ");
        must(is_ok || line.starts_with("-ERR "), "a line is no answer");
        must(!pending_.empty(), "an answer to nothing");
        const auto command = std::move(pending_.front());
        pending_.pop_front();
        may_end_ = !is_ok || ascii::equal_nocase(word_of(command), "QUIT");
        if (is_ok && has_lines(command)) lines_.emplace(command);
    }

    void hear_inner(std::string_view line) {
        if (line == ".") return end_lines();
        if (line.starts_with('.')) line.remove_prefix(1);
        lines_->octets += line.size() + 2;
        const auto word = word_of(lines_->command);
        const auto space = line.find(' ');
        const auto value = std::string(line.substr(space == line.npos ? line.size() : space + 1));
        if (ascii::equal_nocase(word, "LIST")) sizes_[std::string(line.substr(0, space))] = value;
        if (ascii::equal_nocase(word, "UIDL"))
            must(!value.empty() && value.size() <= 70 && lines_->ids.insert(value).second,
                 "an id is not unique");
    }

    void end_lines() {
        const auto done = std::exchange(lines_, std::nullopt);
        if (!ascii::equal_nocase(word_of(done->command), "RETR")) return;
        auto number = done->command.substr(done->command.find_first_not_of(' ', 4));
        number.resize(number.find_last_not_of(" \t\r\n") + 1);
        const auto told = sizes_.find(number);
        if (told != sizes_.end())
            must(told->second == std::to_string(done->octets), "a message has another size");
    }

    /// An answer of several lines while it comes.
    struct inner_lines {
        explicit inner_lines(std::string to) : command(std::move(to)) {}
        std::string command;
        std::set<std::string> ids;
        std::size_t octets = 0;
    };

    test::pop3_server& server_;
    test::memory_stream peer_{"", test::when_dry::wait};
    pop3::session session_;
    bool is_over_ = false;
    std::string to_send_, buffer_;
    std::deque<std::string> parts_;    // of the last command, to be said yet
    std::deque<std::string> pending_;  // commands without an answer
    bool has_leave_ = false;           // a challenge came since the last part was said
    bool is_followed_ = true;          // false: a command was spoilt, nobody knows where it ends
    bool may_end_ = false;
    std::optional<inner_lines> lines_;
    std::map<std::string, std::string> sizes_;
};

void say_opening(talker& to, fuzz::chooser& choices) {
    const auto opening = pop3_grammar().make("opening", choices, {});
    if (!opening.is_framed || opening.parts.size() > 1) return;
    std::string_view commands = opening.parts.front();
    commands.remove_suffix(2);
    while (!commands.empty() && !to.is_over() && !to.is_busy()) {
        const auto end = std::min(commands.find(';'), commands.size());
        fuzz::sentence one;
        one.parts.push_back(std::string(commands.substr(0, end)) + "\r\n");
        commands.remove_prefix(std::min(end + 1, commands.size()));
        to.say(one, false);
    }
}

/// Some commands at once, up to one that what follows could be taken for a part of.
void say_some(talker& to, std::size_t count, fuzz::chooser& choices) {
    for (; count > 0; --count) {
        const auto command = pop3_grammar().make("command", choices, {});
        const auto word = ascii::uppered(word_of(command.parts.front()));
        const bool more_follows = count > 1 && command.parts.size() == 1 && command.is_framed &&
                                  word != "AUTH" && word != "STLS";
        to.say(command, more_follows);
        if (!more_follows) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t count) {
    static fuzz::lasting_server<test::pop3_server> servers;
    if (count < 4) return 0;
    auto& server = servers.get();
    fuzz::renew_accounts(server.parts, octets[0] % 8 == 7);
    fuzz::chooser choices({octets + 2, count - 2});
    std::array<std::unique_ptr<talker>, 2> talkers;
    for (unsigned step = 0; step < max_steps && !choices.at_end(); ++step) {
        const auto how = choices.below(256);
        auto& one = talkers[how % 4 == 0 ? 1 : 0];
        if (one && one->is_over()) one.reset();
        if (!one) {
            one = std::make_unique<talker>(server, octets[0] / 128 == 1, octets[1]);
            say_opening(*one, choices);
        } else if (one->is_busy()) {
            one->go_on();
        } else {
            say_some(*one, how / 4 % 8 == 0 ? 1 + how / 32 : 1, choices);
        }
    }
    return 0;
}
