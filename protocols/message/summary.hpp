#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::message {

/// One part of a message's MIME tree. Offsets count from the first octet of the message's blob.
struct part {
    enum class kind : std::uint8_t {
        leaf,
        multipart,
        message,  // message/rfc822, message/global
    };

    kind type = kind::leaf;
    std::uint16_t depth = 0;   // 0: the message itself; the tree stands in pre-order
    std::uint16_t number = 1;  // position among its siblings, from 1
    std::uint64_t header = 0;  // first octet of the MIME (or message) header
    std::uint64_t body = 0;    // first octet after the header's empty line
    std::uint64_t end = 0;     // one past the last octet of the body
    std::uint32_t lines = 0;   // of the body, RFC 9051 "body-fld-lines"
    std::string encoding;      // Content-Transfer-Encoding, lower case; "" is 7bit
    std::string type_name;     // "text/plain", lower case
    std::string charset;       // of text parts, lower case; "" when none is given
    friend bool operator==(const part&, const part&) = default;
};

/// What lists of messages want to know, made once when a message arrives, so that lists and
/// fetches of parts never parse again.
struct summary {
    // Ready made texts, ASCII, "(...)"; kept here because a list of many messages is as quick as
    // they are copied. imap::summarize() makes them, "" without it.
    std::string envelope;        // RFC 9051 7.5.2 ENVELOPE; 8-bit headers are encoded (RFC 2047)
    std::string body_structure;  // RFC 9051 7.5.2 BODYSTRUCTURE with extension data
    std::vector<part> parts;     // pre-order; parts[0] is the whole message
    std::string preview;         // RFC 8970: up to 200 characters of text, UTF-8
    // Sort keys, RFC 5256 2.1 and 3, RFC 5957: decoded, UTF-8, upper-cased as i;unicode-casemap.
    std::string base_subject;
    std::string from_mailbox, to_mailbox, cc_mailbox;  // local part of the first address
    std::string from_display, to_display;              // display name, else "local@domain"
    std::optional<std::int64_t> sent_at;  // Date: as Unix seconds in UTC, if it has one
    std::int32_t sent_zone_minutes = 0;
    std::string message_id;  // "<...>" normalised, "" when it has none
    // RFC 5256 3: References, else In-Reply-To; at most 100, newest last
    std::vector<std::string> references;
    std::uint64_t octets = 0;  // of the blob
    std::uint64_t growth = 0;  // octets more when POP3 sends it: text_growth()
    friend bool operator==(const summary&, const summary&) = default;
};

struct parsed_message;  // parsed_message.hpp

/// Takes a whole message apart. Never fails: what is not understood is an opaque part. Linear in
/// the message's size; nesting deeper than 64 and more than 1000 parts stay opaque.
///
/// octets  the blob: CRLF line ends expected, others are taken as they are
/// Thread  any; about 1 ms per megabyte, with summarize()
/// RFC     5322, 2045, 2046, 2047, 2231
[[nodiscard]] parsed_message parse(std::string_view octets);
/// All of a summary but the ready made texts.
[[nodiscard]] summary summarize(std::string_view octets, parsed_message parsed);
[[nodiscard]] summary summarize(std::string_view octets);

/// Names the conversation that a message belongs to, for RFC 8474 THREADID: XXH3 of the root of its
/// references, else of its own Message-ID; 0 when it has neither.
[[nodiscard]] std::uint64_t thread_of(const summary& value) noexcept;

/// As it is kept in the store (docs/storage_format.md, "Summary"). decode is its exact inverse;
/// nullopt when the octets are damaged.
[[nodiscard]] std::string encode(const summary& value);
[[nodiscard]] std::optional<summary> decode(std::string_view octets);

/// Single fields straight out of the encoded form, without decoding the rest: for lists of many
/// messages. Each is "" or nullopt when the octets are damaged. The views live as long as `octets`.
[[nodiscard]] std::string_view envelope_of(std::string_view octets) noexcept;
[[nodiscard]] std::string_view body_structure_of(std::string_view octets) noexcept;
[[nodiscard]] std::string_view preview_of(std::string_view octets) noexcept;
[[nodiscard]] std::optional<std::int64_t> sent_at_of(std::string_view octets) noexcept;
[[nodiscard]] std::uint64_t growth_of(std::string_view octets) noexcept;  // the head is enough

/// The texts of a summary that messages are sorted and threaded by; as in `summary`.
struct sort_fields {
    std::string_view base_subject, from_mailbox, to_mailbox, cc_mailbox, from_display, to_display;
    std::string_view message_id;
};
/// The same for the sort keys, all at once. About 50 ns.
[[nodiscard]] sort_fields sort_fields_of(std::string_view octets) noexcept;
/// References, oldest first, at most 100, put into `into` in place of what was there.
/// Returns  message_id
std::string_view read_references(std::string_view octets, std::vector<std::string_view>& into);

}  // namespace hauspost::message
