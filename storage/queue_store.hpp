#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/queue_item.hpp"
#include "storage/queue_outcome.hpp"
#include "storage/tls_result.hpp"
#include "storage/trace_event.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage {

/// Recipients of one domain, for one who delivers to it.
struct queue_claim {
    std::uint64_t lease = 0;  // never 0, never given twice
    /// In lower case, A-labels. Empty: recipients whose senders are to be told what became of them.
    std::string domain;
    /// Each with those recipients alone that are claimed.
    std::vector<queue_item> items;
};

struct queue_claims {
    std::vector<queue_claim> claims;
    /// When the next recipient of a domain that is not busy is due; nullopt: none is. In the past:
    /// more are due than were asked for.
    std::optional<std::int64_t> next_due;
};

struct claim_request {
    std::int64_t now = 0;             // Unix seconds
    std::int64_t lease_until = 0;     // who has not settled by then has died
    std::size_t most_domains = 1;     // a claim each
    std::size_t most_recipients = 1;  // of a claim
    std::vector<std::string> busy;    // domains that are not wanted now, in any order
    /// Of a claim for a domain; reports are not counted.
    std::size_t most_messages = SIZE_MAX;
    /// By domain: so many instead.
    std::map<std::string, std::size_t, std::less<>> most_messages_of;
};

struct queue_settlement {
    std::uint64_t lease = 0;
    std::string domain;
    std::vector<queue_outcome> outcomes;
    /// Nothing of the domain is due before; 0: the domain is well.
    std::int64_t not_before = 0;
    /// How connections to it were protected: counted in the same commit, whatever became of the lease.
    std::vector<tls_result> tls;
};

/// A part of the queue in the order in which it came.
struct queue_page {
    std::vector<queue_item> items;
    std::optional<queue_id> next;  // where the next page begins; nullopt: this is the last
};

struct queue_figures {
    std::uint64_t messages = 0;
    std::uint64_t recipients = 0;
};

/// The port to mail that waits to leave. Items come in by delivery_store::deliver, each recipient
/// due at its due_at.
///
/// Several may deliver out of one queue: what one has claimed the others do not get, until it is
/// settled or the lease is over. A claim counts as an attempt, and is on the disk before it begins:
/// who dies of a message does not die of it again at once.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk, and may end unsure.
class queue_store {
public:
    virtual ~queue_store() = default;

    // --- reading: small reads on the calling thread --------------------------------------------

    /// from  ids from there on; at most `limit` items and some 1,000 recipients
    virtual awaitable<queue_page> list(queue_id from, std::size_t limit) = 0;
    /// nullopt: it has left, or was given up.
    virtual awaitable<std::optional<queue_item>> find(queue_id id) = 0;
    virtual awaitable<queue_figures> figures() = 0;

    // --- for who delivers ----------------------------------------------------------------------

    /// The domains whose recipients have been due longest, people before bulk. Costs nothing for
    /// what is not due.
    /// Refuses  disk_full, busy
    virtual awaitable<result<queue_claims>> claim(claim_request wanted) = 0;
    /// The lease ends later; for recipients that are still under it.
    /// Refuses  no_such_message: none is; disk_full, busy
    virtual awaitable<error_code> renew(queue_claim held, std::int64_t lease_until) = 0;
    /// Recipients that are not under the lease any more stay as they are.
    /// Refuses  disk_full, busy
    virtual awaitable<error_code> settle(queue_settlement done) = 0;

    // --- for the operator ----------------------------------------------------------------------

    /// All waiting recipients of the message are due now, nothing of their domains is put off.
    /// Refuses  no_such_message, disk_full, busy
    virtual awaitable<error_code> retry(queue_id id, std::int64_t now) = 0;
    /// Refuses  no_such_message, disk_full, busy
    virtual awaitable<error_code> hold(queue_id id, bool held) = 0;
    /// Takes the message out. Its octets go with the last reference to them.
    /// Refuses  no_such_message, busy
    virtual awaitable<error_code> remove(queue_id id) = 0;
};

}  // namespace hauspost::storage
