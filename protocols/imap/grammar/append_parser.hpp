#pragma once

#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/grammar/refusal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hauspost::imap {

/// A message of an APPEND or REPLACE begins; the one before it (if any) is complete.
struct append_message {
    mail::flag_names flags;
    std::optional<mail::date_time> internal_date;
    friend bool operator==(const append_message&, const append_message&) = default;
};
/// Octets of another message follow here. RFC 4469; imap_url.hpp reads it.
struct append_url {
    std::string url;
    friend bool operator==(const append_url&, const append_url&) = default;
};
using append_event = std::variant<append_message, append_url>;

/// Where the text between two literals of an APPEND stands, and what came before it. Value
/// initialised at the begin of each command.
struct append_progress {
    enum class place : std::uint8_t {
        start,          // at the tag
        message_over,   // after a message's literal, or after ")"
        catenate,       // after a part of CATENATE
        utf8,           // after the literal of UTF8 (...)
        catenate_utf8,  // the same within CATENATE
    };
    place at = place::start;
    bool is_replace = false;
    bool is_utf8 = false;  // of the session: UTF8=ACCEPT or IMAP4rev2 is enabled
    std::uint32_t messages = 0;
    std::uint32_t parts = 0;  // of CATENATE, of all messages
};

/// A step of an APPEND or REPLACE: all that stands before the next streamed literal, or before the
/// end of the command.
struct append_head {
    std::string tag;                   // with the first step
    cmd::append command;               // mailbox and replaces with the first step
    std::vector<append_event> events;  // in order
};
struct no_append {};    // another command, or the literal is a name or a URL: gather it
struct append_over {};  // the command ends here, and nothing is left to do but answer

/// Reads the text of a step.
///
/// text          from the tag, or from the end of the last streamed literal
/// has_literal   a literal is announced at its end
/// progress      moves on when the result is append_head
/// Returns       append_head: with has_literal the literal is a message or a part of one
/// RFC           9051 6.3.12, 3502 6.3.11, 4469 5, 8508 5, 9755 4
[[nodiscard]] std::variant<no_append, append_head, append_over, refusal> parse_append(
    std::string_view text, bool has_literal, append_progress& progress);

}  // namespace hauspost::imap
