#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "mail/date_time.hpp"
#include "storage/blob_store.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/queue_item.hpp"
#include "storage/queue_outcome.hpp"
#include "storage/sending.hpp"
#include "storage/trace_event.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage {

struct local_copy {
    account_id account;
    std::string prefix;  // Return-Path, Delivered-To, X-Original-To of this copy
};

/// The sender's own copy of what he submits. It goes into his mailbox with \Sent, as \Seen, unless
/// his account wants none, has no room or no such mailbox, or his mail program has put one there
/// already. A copy that the program brings within a day (append_request::message_id) takes its place.
struct sent_copy {
    account_id account;
    std::string prefix;
};

struct delivery_request {
    trace_id id;                        // of the message; 0: it is not repeated
    std::shared_ptr<staged_blob> blob;  // finished
    std::string summary;                // of the blob's octets
    mail::date_time internal_date;
    std::uint64_t thread = 0;        // RFC 8474, message::thread_of; 0: none
    std::vector<local_copy> local;   // each into its INBOX
    std::vector<queue_item> remote;  // id and blob are filled in by the store
    submission sent;                 // what it counts as, when somebody here sends it
    /// What the trace says, in this order. The store fills in the blob, and with `queued` the queue
    /// id: as `number` it gets the place in `remote`.
    std::vector<trace_event> trace;
    std::optional<sent_copy> copy_in_sent;
    std::string message_id;  // "<...>"; needed beside it alone
    /// Of a message that comes out of the queue, or tells what became of one.
    claimed_outcomes settles;
};

/// What became of a delivery.
class delivery_outcome {
public:
    delivery_outcome() = default;  // all of it is stored
    /// The same for all of it.
    delivery_outcome(error_code of_all) : rest_(of_all) {}
    /// local  of each of request.local, in their order
    /// rest   of all else
    delivery_outcome(std::vector<error_code> local, error_code rest)
        : local_(std::move(local)), rest_(rest) {}

    /// No error: all of it is stored.
    [[nodiscard]] error_code whole() const {
        const auto failed =
            std::ranges::find_if(local_, [](error_code one) { return one.failed(); });
        return failed != local_.end() ? *failed : rest_;
    }
    /// Of the account of request.local[n].
    [[nodiscard]] error_code of_local(std::size_t n) const {
        return local_.empty() ? rest_ : local_.at(n);
    }
    /// Some of it is stored, and some is not.
    [[nodiscard]] bool is_partial() const {
        const auto is_stored = [](error_code one) { return !one.failed(); };
        return whole().failed() &&
               (std::ranges::any_of(local_, is_stored) || (!local_.empty() && is_stored(rest_)));
    }
    operator error_code() const { return whole(); }
    explicit operator bool() const { return whole().failed(); }

private:
    std::vector<error_code> local_;  // empty: all as rest_
    error_code rest_;
};

/// The port by which new mail enters: the octets are kept once. LMDB stores all copies and queue rows in
/// one commit, all or nothing. Where accounts lie apart, some may get their copy and others not: then the
/// same request is made again, with the same id, which stores what is missing and nothing twice.
class delivery_store {
public:
    virtual ~delivery_store() = default;

    /// Returns  only after what is stored has reached the disk
    /// Refuses  no_such_account, over_quota, disk_full, busy: nothing of this part was stored
    ///          over_quota: an account was full before; one that has any room takes the message
    ///          over_sending_limit, sending_frozen: of request.sent. Of two messages for the last
    ///          place one is refused
    ///          changed_meanwhile: not all recipients in `settles` are under their lease any more: what
    ///          is repeated was stored before, or somebody else is at it
    ///          unsure: all was stored, or nothing. The sender is told to try again: a message
    ///          that comes twice is better than one that is lost
    /// Throws   storage::fault (nothing was stored)
    /// Thread   any; resumes on the caller's executor
    virtual awaitable<delivery_outcome> deliver(delivery_request request) = 0;
};

}  // namespace hauspost::storage
