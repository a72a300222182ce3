#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/trace_event.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage {

/// Where a step stands: they are in the order in which they were written.
struct trace_place {
    std::uint64_t microseconds = 0;
    std::uint32_t number = 0;
    friend auto operator<=>(const trace_place&, const trace_place&) = default;
};

/// Which messages are wanted: all that is not empty has to fit. A message belongs to the time at
/// which it came.
struct trace_query {
    std::int64_t since = 0;          // Unix milliseconds
    std::int64_t until = INT64_MAX;  // Unix milliseconds
    trace_id id;
    std::string address;  // sender or recipient, canonical; "@domain": any of the domain
    /// Whose mailbox it came to, or who has submitted it; what he removed, too. The name finds an
    /// account that is no more.
    account_id account;
    std::string account_name;
    std::string message_id;             // of the header, without angle brackets
    std::size_t most = 50;              // messages
    std::optional<trace_place> before;  // as the page before said
};

/// A message, or a step that belongs to none that was taken (refused at RCPT).
struct traced_message {
    std::vector<trace_event> steps;  // in the order in which they happened; one at least
    std::uint64_t left_out = 0;      // of the middle, where there are very many
    trace_place place;               // trace_query::before it: older ones
};

struct trace_page {
    std::vector<traced_message> messages;  // newest first
    std::optional<trace_place> next;       // nullopt: there are no more
    /// Refusals of the time of this page that stand in the trace as a number alone (more_refused):
    /// one that was asked for may be among them.
    std::uint64_t only_counted = 0;
};

/// The port to what has happened to each message. Steps that belong to a change of the store are
/// written with it (delivery_request::trace, the queue, expunging); others are noted here. They stay
/// for a time of their own, whatever becomes of messages and accounts.
///
/// Thread  any; awaitables resume on the caller's executor
class trace_store {
public:
    virtual ~trace_store() = default;

    /// False: nothing is kept, and what is noted is dropped.
    [[nodiscard]] virtual bool is_on() const noexcept = 0;
    /// Steps may have a subject.
    [[nodiscard]] virtual bool keeps_subjects() const noexcept = 0;

    /// Written with the next change of the store, or after some seconds. Never waits. So much may be
    /// waiting that it is dropped; the trace tells how many were (steps_lost), and a crash loses
    /// what is not written yet.
    virtual void note(trace_event event) noexcept = 0;

    /// A page of messages, each with its whole life up to now, also what has been noted just before.
    /// Walks the rows of the time, on a reader thread, some 100 ms for each million.
    /// Refuses  busy
    /// Throws   storage::fault
    virtual awaitable<result<trace_page>> find(trace_query wanted) = 0;
};

}  // namespace hauspost::storage
