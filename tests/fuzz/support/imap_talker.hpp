#pragma once

#include "tests/fuzz/support/imap_answers.hpp"
#include "tests/support/deflate_text.hpp"
#include "tests/support/test_imap.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::fuzz {

/// A client that says what a grammar makes, waits for leave where a part of it needs that, and
/// watches what comes back. It ends the process when
/// - a command that was said to its end has not exactly one tagged answer, in order,
/// - output is not well-formed, or speaks of a fault of the server's,
/// - the session ends without BYE, or a sequence number is none of the selected mailbox,
/// - a message goes while numbers of messages are on their way, or in words not enabled.
/// Once a command was spoilt so that nobody can tell where it ends, tags and numbers are no longer
/// looked at.
class imap_talker {
public:
    imap_talker(test::imap_server& server, std::string user, std::string other, bool has_tls);
    ~imap_talker();
    imap_talker(const imap_talker&) = delete;
    imap_talker& operator=(const imap_talker&) = delete;

    /// One command; with more to come behind it nothing is sent yet. Only when not is_busy().
    void say(sentence command, bool more_follows = false);
    /// Must the command be the last of those that are sent at once? What follows it on the wire
    /// would be part of it, or speaks another language.
    [[nodiscard]] static bool must_be_last(const sentence& command);
    /// In a command of several parts: the next one.
    void go_on();
    [[nodiscard]] bool is_busy() const noexcept { return !parts_.empty(); }
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    /// The client goes, and the session has to end.
    void finish();

    [[nodiscard]] const variables& known() const noexcept { return known_; }
    /// What a session of the same user has come to know before.
    void recall(const variables& known) {
        for (const auto& [name, value] : known)
            known_[name] = value;
    }
    void split_every(std::size_t octets) { peer_.split_every(octets); }
    [[nodiscard]] std::size_t octets_out() const noexcept { return octets_out_; }

private:
    struct pending {
        std::string tag;
        std::string text;
    };

    void transmit();
    void settle();
    void listen();
    void hear(const std::string& response);
    void hear_untagged(const std::string& response);
    void hear_tagged(const std::string& response);
    void check_expunge(std::string_view response) const;
    void check_settled();

    test::imap_server& server_;
    test::memory_stream peer_{"", test::when_dry::wait};
    imap::session session_;
    bool is_over_ = false;
    std::string to_send_;
    std::deque<std::string> parts_;  // of the last command, to be said yet
    std::deque<pending> pending_;    // commands without an answer
    unsigned tag_ = 0;
    bool has_leave_ = false;   // a continuation came since the last part was said
    bool is_followed_ = true;  // false: a command was spoilt; see above
    bool said_bye_ = false;
    bool has_qresync_ = false, is_uid_only_ = false;  // enabled
    bool has_notify_ = false;                         // NOTIFY was said: news at any time
    imap_answers answers_;
    imap_numbers numbers_;
    variables known_;
    std::unique_ptr<test::deflate_peer> deflate_;
    std::size_t octets_out_ = 0;
};

}  // namespace hauspost::fuzz
