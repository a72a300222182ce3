#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "storage/trace_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

/// Which messages are wanted, as it was typed. Empty: does not matter.
struct trace_request {
    std::string about;  // an address, "@domain", or a message's id
    // "2h" ago, "2026-03-31", "2026-03-31 14:30" where the machine is. Without `since` the last seven
    // days; all there is when an id or a Message-ID is given.
    std::string since;
    std::string until;
    std::string account;                 // an address
    std::string message_id;              // of the header, with or without angle brackets
    std::string after;                   // traced_mail::more of the page before
    std::optional<std::uint64_t> limit;  // messages; 1000 at most
};

struct traced_mail {
    traced_mail() = default;
    std::vector<storage::traced_message> messages;  // newest first
    bool is_one = false;                            // a message was asked for, not a list
    /// Refusals of that time that were only counted: what is looked for may be among them.
    std::uint64_t only_counted = 0;
    std::string more;  // where the list goes on; empty: that is all
};

inline constexpr std::uint64_t traced_by_default = 50;

/// What has happened to messages.
awaitable<outcome<traced_mail>> trace_mail(ports& at, trace_request wanted);

/// All that the trace has of one message.
struct traced_life {
    storage::trace_id id;
    std::vector<storage::traced_message> messages;
};

/// id       as it is typed
/// Refuses  nothing_to_trace: it is no id
awaitable<outcome<traced_life>> trace_one(ports& at, std::string id);

/// Of a time as it is typed; Unix milliseconds. nullopt: it is none.
/// now  Unix seconds
[[nodiscard]] std::optional<std::int64_t> read_time(const std::string& typed, std::int64_t now);

}  // namespace hauspost::admin
