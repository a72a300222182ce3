#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "mail/date_time.hpp"
#include "storage/blob_store.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/queue_item.hpp"
#include "storage/sending.hpp"
#include "storage/trace_event.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
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
};

/// The port by which new mail enters: all copies and queue rows in one commit, the octets once.
class delivery_store {
public:
    virtual ~delivery_store() = default;

    /// Returns  only after the commit has reached the disk
    /// Refuses  no_such_account, over_quota, disk_full, busy: nothing was stored at all
    ///          over_quota: an account was full before; one that has any room takes the message
    ///          over_sending_limit, sending_frozen: of request.sent. Of two messages for the last
    ///          place one is refused
    ///          unsure: all was stored, or nothing. The sender is told to try again: a message
    ///          that comes twice is better than one that is lost
    /// Throws   storage::fault (nothing was stored)
    /// Thread   any; resumes on the caller's executor
    virtual awaitable<error_code> deliver(delivery_request request) = 0;
};

}  // namespace hauspost::storage
