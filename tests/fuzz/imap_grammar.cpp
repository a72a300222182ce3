// Whole IMAP sessions out of a grammar of all commands (support/imap_rules.cpp), mostly valid ones,
// over the real store. Two clients talk in turn, of one account or of two that share mail. Beside
// crashes it looks at what support/imap_talker.hpp says, and at the amount of output.
//
// First octet: the server; second: the size of the reads; the rest are choices.

#include "tests/fuzz/support/fresh_server.hpp"
#include "tests/fuzz/support/imap_rules.hpp"
#include "tests/fuzz/support/imap_talker.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace hauspost;

const std::string ann = "ann@a.example", bob = "bob@a.example";
constexpr unsigned max_steps = 24;
// Each of them may double what the mailboxes hold.
constexpr unsigned max_growing_commands = 4;

class indexed_server : public test::imap_server {
public:
    indexed_server() { open_index(); }
};

/// Of the choice's bits: 0 to 3 the server with an index, when all are set; 4 and 5 nothing in it,
/// when both are set; 6 the second client is Bob; 7 STARTTLS is offered.
test::imap_server& server_for(unsigned choice) {
    static fuzz::lasting_server<test::imap_server> plain;
    static fuzz::lasting_server<indexed_server> indexed;
    const bool has_index = choice % 16 == 15;
    auto& server = has_index ? indexed.get() : plain.get();
    fuzz::renew_accounts(server.parts, choice / 16 % 4 == 3);
    if (has_index && choice / 64 == 3) server.index_all();  // slow; else it knows nothing yet
    return server;
}

class conversation {
public:
    conversation(test::imap_server& server, unsigned choice, std::size_t split)
        : server_(server), choice_(choice), split_(split) {}

    void run(fuzz::chooser& choices) {
        for (unsigned step = 0; step < max_steps && !choices.at_end(); ++step) {
            const auto how = choices.below(256);
            auto& talker = talkers_[how % 4 == 0 ? 1 : 0];
            if (talker && talker->is_over()) leave(talker);
            if (!talker) {
                arrive(talker, choices);
            } else if (talker->is_busy()) {
                talker->go_on();
            } else {
                talk(*talker, how / 4 % 8 == 0 ? 1 + how / 32 : 1, choices);
            }
            if (how == 255) server_.parts.forget_vanished();
        }
        for (auto& talker : talkers_)
            if (talker) leave(talker);
        fuzz::must(octets_out_ <= most_output(), "too much output");
    }

private:
    void arrive(std::unique_ptr<fuzz::imap_talker>& talker, fuzz::chooser& choices) {
        const bool is_second = &talker == &talkers_[1];
        const bool is_bob = is_second && choice_ / 64 % 2 == 1;
        talker = std::make_unique<fuzz::imap_talker>(server_, is_bob ? bob : ann,
                                                     is_bob ? ann : bob, choice_ / 128 == 1);
        talker->recall(known_[is_second ? 1 : 0]);
        talker->split_every(split_ == 0 ? SIZE_MAX : split_);
        const auto opening = fuzz::imap_grammar().make("opening", choices, talker->known());
        if (!opening.is_framed || opening.parts.size() > 1) return;
        std::string_view commands = opening.parts.front();
        commands.remove_suffix(2);
        while (!commands.empty() && !talker->is_over() && !talker->is_busy()) {
            const auto end = std::min(commands.find(';'), commands.size());
            fuzz::sentence one;
            one.parts.push_back(std::string(commands.substr(0, end)) + "\r\n");
            one.is_framed = !one.parts.front().ends_with("}\r\n");
            commands.remove_prefix(std::min(end + 1, commands.size()));
            say(*talker, std::move(one), false);
        }
    }

    /// Some commands at once.
    void talk(fuzz::imap_talker& talker, std::size_t count, fuzz::chooser& choices) {
        for (; count > 0; --count) {
            auto command = fuzz::imap_grammar().make("command", choices, talker.known());
            const bool more_follows = count > 1 && !fuzz::imap_talker::must_be_last(command);
            say(talker, std::move(command), more_follows);
            if (!more_follows) return;
        }
    }

    void say(fuzz::imap_talker& talker, fuzz::sentence command, bool more_follows) {
        std::string text;
        for (const auto& part : command.parts)
            text += part;
        const bool grows = fuzz::has_word(text, "COPY") || fuzz::has_word(text, "URL");
        if (grows && ++growing_ > max_growing_commands) {
            command = fuzz::sentence();
            command.parts.emplace_back("NOOP\r\n");
        } else {
            items_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
            octets_in_ += text.size();
        }
        ++commands_;
        talker.say(std::move(command), more_follows);
    }

    void leave(std::unique_ptr<fuzz::imap_talker>& talker) {
        if (!talker->is_over()) talker->finish();
        octets_out_ += talker->octets_out();
        known_[&talker == &talkers_[1] ? 1 : 0] = talker->known();
        talker.reset();
    }

    /// Each item of a command may tell all that is kept, and a few words of each message.
    [[nodiscard]] std::size_t most_output() const {
        const auto stored = 2 * fuzz::quota_octets;
        return 16 * 1024 + commands_ * 8 * 1024 + (items_ + commands_) * (stored + 4 * octets_in_);
    }

    test::imap_server& server_;
    unsigned choice_;
    std::size_t split_;
    std::array<std::unique_ptr<fuzz::imap_talker>, 2> talkers_;
    std::array<fuzz::variables, 2> known_;  // of clients that have left
    unsigned growing_ = 0;
    std::size_t commands_ = 0, items_ = 0, octets_in_ = 0, octets_out_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t count) {
    if (count < 4) return 0;
    conversation talk(server_for(octets[0]), octets[0], octets[1]);
    fuzz::chooser choices({octets + 2, count - 2});
    talk.run(choices);
    return 0;
}
