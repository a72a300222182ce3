#pragma once

#include "base/awaitable.hpp"
#include "protocols/smtp/mailbox_address.hpp"
#include "protocols/smtp/server/envelope.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// What RCPT is answered.
enum class recipient_verdict : std::uint8_t {
    accepted,
    no_such_user,         // 550 5.1.1
    relay_denied,         // 550 5.7.1: not our domain
    account_disabled,     // 550 5.2.1
    over_quota,           // 452 4.2.2
    loop,                 // 550 5.4.6
    too_many_targets,     // 550 5.3.5: an alias leads to more addresses than one may
    too_many_recipients,  // 452 4.5.3: with those before it; it may come alone
    try_again,            // 451 4.3.0
};

/// What becomes of a message, at each step of its way in.
enum class delivery_verdict : std::uint8_t {
    accepted,    // of write: go on; of commit, 250: on stable storage
    over_quota,  // 452 4.2.2
    disk_full,   // 452 4.3.1
    loop,        // 550 5.4.6: too many hops
    busy,        // 451 4.3.2
    try_again,   // 451 4.3.0
    // Of messages that are submitted:
    foreign_author,      // 550 5.7.1: the header names somebody else as its author
    bad_header,          // 550 5.6.0: it cannot be read, or is too long
    over_sending_limit,  // 450 4.7.1: its sender has sent too much for now
    sending_frozen,      // 550 5.7.1: its sender may not send until somebody lifts that
};

/// A message on its way in; the session writes octets, then commits. Once a call has refused it,
/// no other follows.
class incoming_message {
public:
    /// Dropped without commit: nothing is left.
    virtual ~incoming_message() = default;
    /// What is known before any octets came: whatever it is but `accepted` refuses the message, and no
    /// call but why() follows.
    [[nodiscard]] virtual delivery_verdict verdict_at_once() const {
        return delivery_verdict::accepted;
    }
    /// Octets as they are to be stored (dot-unstuffed, CRLF line ends). Throws storage::fault.
    virtual awaitable<delivery_verdict> write(std::string_view octets) = 0;
    /// Ends the message and stores it for all recipients of the envelope. Never throws.
    virtual awaitable<delivery_verdict> commit() = 0;
    /// In the reply to a refusal instead of the verdict's own words; "" when these say it all. One
    /// line of printable ASCII, valid as long as the message is.
    [[nodiscard]] virtual std::string_view why() const { return {}; }
    /// What to tell the peer beside 250: the id under which the log knows the message.
    [[nodiscard]] virtual const std::string& id() const = 0;
};

/// Answers the RCPT commands of one transaction, and remembers what it has found out about those
/// before: many recipients may lead to the same place.
class recipient_check {
public:
    virtual ~recipient_check() = default;
    /// May this recipient be served? Never throws.
    /// announced_octets  the message's size as MAIL said it (0: not said), so that a mailbox
    ///                   without room for it is refused for itself and not for all recipients
    virtual awaitable<recipient_verdict> ask(mailbox_address recipient,
                                             std::uint64_t announced_octets) = 0;
};

/// The port by which an SMTP session hands mail over; server/delivery implements it.
///
/// Thread: any, many sessions at a time; a check or a message is used by one coroutine. All resume
/// on the caller's executor.
class mail_sink {
public:
    virtual ~mail_sink() = default;
    /// One for each transaction with recipients; must not outlive the sink.
    /// reverse_path  of MAIL: not every address takes mail of everybody
    virtual std::unique_ptr<recipient_check> check_recipients(
        const mailbox_address& reverse_path) = 0;
    /// Begins a message; must not outlive the sink. The trace headers go in front of what is
    /// written.
    ///
    /// envelope  shared with the session, since it may hold a thousand recipients
    /// Throws    storage::fault
    virtual awaitable<std::unique_ptr<incoming_message>> begin(
        std::shared_ptr<const envelope> envelope) = 0;
};

}  // namespace hauspost::smtp
