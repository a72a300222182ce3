#pragma once

#include "tests/fuzz/support/grammar.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::fuzz {

/// Takes the output of an IMAP session apart. What is not well-formed ends the process: a bare CR,
/// LF or NUL outside a literal, a NUL in one that is no literal8, 8-bit octets that nobody asked
/// for.
class imap_answers {
public:
    void feed(std::string_view octets) { buffer_ += octets; }
    /// The next response without its CRLF and its literals' octets; nullopt: there is no whole one.
    [[nodiscard]] std::optional<std::string> next();
    /// What was fed and not taken.
    [[nodiscard]] std::string take_rest();
    void allow_8bit() noexcept { may_be_8bit_ = true; }

private:
    void check_line(std::string_view line) const;

    std::string buffer_;
    bool may_be_8bit_ = false;
};

/// What a client knows of the selected mailbox's sequence numbers, as RFC 9051 7.4.1 and 7.5.1 let
/// it count: a number that it cannot have ends the process.
class imap_numbers {
public:
    /// Of an untagged response. selects  the command in progress opens a mailbox
    void hear(std::string_view response, bool selects);
    /// From here on nothing is known.
    void forget() noexcept { messages_.reset(); }

private:
    std::optional<std::uint64_t> messages_;
};

/// Does the text, whatever its case, hold this word, given in upper case?
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);

}  // namespace hauspost::fuzz
