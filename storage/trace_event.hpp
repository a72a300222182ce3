#pragma once

#include "base/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Values of the message trace: what has happened to each message.
namespace hauspost::storage {

/// By which people ask for a message: random, in its Received field, the reply to its sender, the log.
using trace_id = strong_id<struct trace_id_tag, std::uint64_t>;

/// What happened. The numbers stand on disk.
enum class trace_step : std::uint8_t {
    none = 0,
    // On the way in. All steps of one message stand one behind the other and name it (id, blob).
    received = 1,
    refused = 2,
    more_refused = 3,  // of one network, which are not told one by one
    stored = 4,        // in a mailbox
    queued = 5,        // for another server
    not_sent_on = 6,   // an address behind an alias or forward gets nothing
    filed = 7,         // the sender's own copy, in Sent
    // On the way out. These name the message by its blob.
    postponed = 8,  // an attempt has failed, another follows
    delivered = 9,  // another server has it
    failed = 10,    // given up
    sender_told = 11,
    held = 12,      // by an operator
    released = 13,  // by an operator
    retried = 14,   // due at once, by an operator
    dropped = 15,   // by an operator
    replaced = 16,  // the copy in Sent, by the mail program's own
    // Later. These name messages by their blobs.
    expunged = 17,  // from a mailbox; can be restored for a while
    purged = 18,    // for good
    restored = 19,
    // Of the trace itself.
    steps_lost = 20,
};
inline constexpr auto last_trace_step = trace_step::steps_lost;

/// Why a recipient's mail went where it went. The numbers stand on disk.
enum class trace_rule : std::uint8_t {
    none = 0,
    exact = 1,         // there is an account of this name
    sub_address = 2,   // name+detail
    alias = 3,         // `by` is the alias
    forward = 4,       // `by` is the account that forwards
    catch_all = 5,     // nobody has the address
    owner = 6,         // postmaster or abuse, for the owner's mailbox
    last_resort = 7,   // the same, for the first account that reads it
    other_domain = 8,  // mail of somebody who may send
    way_back = 9,      // a report about what was forwarded, to who sent it
};
inline constexpr auto last_trace_rule = trace_rule::way_back;

/// By which way somebody came. The numbers stand on disk.
enum class trace_door : std::uint8_t {
    none = 0,
    smtp = 1,
    submission = 2,
    imap = 3,
    pop3 = 4,
    administrator = 5,
    server = 6,  // nobody: by itself
};
inline constexpr auto last_trace_door = trace_door::server;

/// One step. What a step does not need is empty. Texts may hold whatever a stranger has sent; who
/// shows them escapes them. Long ones are cut by the store.
struct trace_event {
    trace_step step = trace_step::none;
    trace_rule rule = trace_rule::none;  // of stored and queued
    trace_door door = trace_door::none;  // of received, refused and expunged
    std::int64_t at = 0;                 // Unix milliseconds; 0: when it is written
    trace_id id;                         // of the message; 0: none was given, or see blob
    blob_id blob;                        // the message's octets, where they are in the store
    account_id account;                  // whose mailbox; of received, who has submitted it
    std::string from;                    // the reverse-path
    std::string to;  // the recipient as the envelope had it; on the way out, as the queue has it
    std::string target;      // the mailbox's address, or where it is sent; of expunged, the mailbox
    std::string by;          // see trace_rule; of received and expunged, who has logged in
    std::string peer;        // "name [address]"; of expunged, the client program
    std::string words;       // the reply, or the reason
    std::string tls;         // "TLSv1.3 ..."; empty: in the clear
    std::string message_id;  // of the header
    std::string subject;     // in UTF-8; only where the owner wants it
    std::uint64_t number = 0;    // octets of received; else the queue id; of the rest, how many
    std::uint64_t attempt = 0;   // its number
    std::int64_t due_at = 0;     // of postponed: the next one, Unix seconds
    std::vector<blob_id> blobs;  // of expunged, purged, restored
};

/// 13 letters and digits that can be read out on the telephone: Crockford's base 32.
[[nodiscard]] std::string to_text(trace_id id);
/// In any case of letters; O counts as 0, I and L as 1. nullopt: it is none.
[[nodiscard]] std::optional<trace_id> parse_trace_id(std::string_view text);

/// Who changes mail. With constructors of its own, so that it may stand in a co_await statement
/// (docs/develop.md, "Compiler faults").
struct trace_actor {
    trace_actor() noexcept {}
    trace_actor(trace_door by_which, std::string who, std::string with = {})
        : door(by_which), user(std::move(who)), program(std::move(with)) {}

    trace_door door = trace_door::none;
    std::string user;     // the address of the login
    std::string program;  // as it names itself
};

}  // namespace hauspost::storage
