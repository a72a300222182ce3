#pragma once

#include "protocols/imap/grammar/append_parser.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/refusal.hpp"
#include "protocols/wire/input_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// What the assembler has come to.
enum class assembly : std::uint8_t {
    need_more,     // feed it
    complete,      // a whole command: command()
    continuation,  // send "+ " and go on: a synchronising literal was announced
    append,        // a step of an APPEND or REPLACE begins: append(); see below
    append_end,    // the APPEND or REPLACE is over: answer it now
    refused,       // answer refusal(); when must_close() say BYE instead and close
};

/// Gathers commands with their literals out of the octets of one connection.
///
/// Calling sequence: next(); on need_more feed(), or read into room() and call added(), and again.
/// What was fed stays in order: pipelined commands come one by one. It holds at most what one
/// command may have (limits.hpp) and what was fed but not taken yet, so feed only on need_more.
///
/// APPEND and REPLACE (`append`): look at append(), then call either
/// - accept_append(): with a literal send "+ " when append().command.is_synchronising, then
///   take_literal() until literal_left() is 0 (feed() when it gives nothing); then next() until
///   append (the next message, or more of this one), append_end or refused.
///   Store the messages only on append_end: `refused` means that the command's end was wrong;
/// - refuse_append(): nothing is asked for; next() until append_end, then answer NO. Octets of
///   non-synchronising literals are thrown away on the way.
///
/// Errors while literals are to come (RFC 7888 4): a synchronising literal is refused by answering
/// the command, the client then does not send it. After a non-synchronising one its octets and the
/// rest of the command are thrown away, and only then `refused` is reported; when that would be
/// more than limits::swallowed_octets, must_close() is set at once. Octets that follow are never
/// taken for commands.
///
/// Lines end in CRLF alone. A bare LF ends the connection with a clear text: were it a line end, a
/// program in front of us that filters only CRLF out of names or passwords would let its users run
/// commands as others; were it plain text, a person who types to us by a terminal that sends LF
/// would wait for ever. A bare CR is plain text, which no command may contain.
class assembler {
public:
    explicit assembler(const limits& bounds = {}) : limits_(bounds) {}

    /// From here on the limits for users are in force instead of those for strangers.
    void set_logged_in(bool on = true) noexcept { is_logged_in_ = on; }
    /// Mailbox names are UTF-8 from here on (RFC 9755 3, RFC 9051 5.1).
    void set_utf8(bool on) noexcept { is_utf8_ = on; }

    void feed(std::string_view octets) { buffer_.append(octets); }
    /// At least `octets` of room to read into; then call added(): the same as feed(), without a copy.
    [[nodiscard]] std::span<char> room(std::size_t octets) { return buffer_.room(octets); }
    void added(std::size_t octets) noexcept { buffer_.added(octets); }
    [[nodiscard]] assembly next();

    /// One line as it is, without CRLF, for AUTHENTICATE's answers and IDLE's DONE: gives complete,
    /// need_more or refused. Only between commands.
    [[nodiscard]] assembly next_line();

    /// The text or line. The view lives until the next call of next() or next_line().
    [[nodiscard]] std::string_view command() const noexcept { return command_; }
    [[nodiscard]] const append_head& append() const noexcept { return append_; }
    [[nodiscard]] const imap::refusal& refusal() const noexcept { return refusal_; }
    [[nodiscard]] bool must_close() const noexcept { return must_close_; }

    void accept_append() noexcept;
    void refuse_append() noexcept;
    /// Octets of the message that have come in; empty: feed. The view lives until the next call of
    /// anything but literal_left.
    [[nodiscard]] std::string_view take_literal();
    /// Octets of the message that are still to be taken; 0 unless it was accepted.
    [[nodiscard]] std::uint64_t literal_left() const noexcept {
        return state_ == state::append_literal ? literal_left_ : 0;
    }

    /// Octets fed and not taken: not zero means that the client has pipelined.
    [[nodiscard]] std::size_t buffered() const noexcept { return buffer_.size(); }
    /// Takes out what was fed behind the command: it is no text (RFC 4978 3).
    [[nodiscard]] std::string take_rest();
    /// Gives back the memory of what is done with, for a long wait. Ends the views that were given.
    void release_memory();
    /// Throws away what was fed before a TLS handshake (RFC 9051 6.2.1).
    void clear() noexcept;

private:
    enum class state : std::uint8_t {
        line,             // in a line of the command
        literal,          // in a literal of the command
        append_verdict,   // waiting for accept_append or refuse_append
        append_literal,   // the session takes the message
        append_over,      // refused before it was sent, or nothing more is to be sent
        swallow_line,     // in a line of a refused command
        swallow_literal,  // in a literal of a refused command
        closed,
    };
    struct announcement {
        std::size_t at = 0;  // where "{" or "~{" stands in the line
        std::uint64_t octets = 0;
        bool is_synchronising = true;
        bool is_literal8 = false;
        bool is_valid = true;  // false: it looks like one, but has no number that we can read
    };
    enum class found : std::uint8_t { nothing, line, bare_newline, too_long };
    using outcome = std::optional<assembly>;  // nullopt: go on in the new state

    [[nodiscard]] outcome step();
    [[nodiscard]] outcome step_line();
    [[nodiscard]] outcome step_literal();
    [[nodiscard]] outcome step_swallow_line();
    [[nodiscard]] outcome step_swallow_literal();
    [[nodiscard]] outcome on_literal(const announcement& literal);
    [[nodiscard]] outcome on_append(const announcement& literal, append_head head);
    [[nodiscard]] outcome on_last_line();
    void begin_step(append_head head);
    [[nodiscard]] bool is_appending() const noexcept {
        return progress_.at != append_progress::place::start;
    }
    [[nodiscard]] outcome refuse_literal(const announcement& literal, std::uint64_t may_swallow);
    [[nodiscard]] outcome end_refused();
    [[nodiscard]] outcome close(std::string_view code, std::string_view text);
    [[nodiscard]] static std::optional<announcement> announced_by(std::string_view line);
    [[nodiscard]] found find_line(std::uint64_t max_octets, std::size_t& count);
    void refuse(status kind, std::string_view code, std::string_view text);
    void start_command() noexcept;
    void take(std::size_t count) noexcept;
    [[nodiscard]] std::size_t line_octets_left() const noexcept;

    limits limits_;
    bool is_logged_in_ = false;
    bool is_utf8_ = false;
    state state_ = state::line;
    wire::input_buffer buffer_;  // fed and not taken
    std::size_t scanned_ = 0;    // so many of its first octets hold no LF
    std::string command_;
    bool is_done_ = false;         // command_ was handed out
    std::size_t line_octets_ = 0;  // of this command, outside literals
    std::size_t literals_ = 0;
    std::uint64_t literal_left_ = 0;
    std::uint64_t swallow_left_ = 0;
    std::string tail_;  // the end of a line that is swallowed: a literal may be announced there
    bool is_append_refused_ = false;
    bool must_close_ = false;
    append_progress progress_;
    append_head append_;
    imap::refusal refusal_;
};

}  // namespace hauspost::imap
