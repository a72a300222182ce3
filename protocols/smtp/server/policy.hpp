#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "protocols/sasl/credentials.hpp"
#include "protocols/smtp/mailbox_address.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "protocols/smtp/server/refusal_watch.hpp"
#include "storage/change_feed.hpp"

#include <string_view>

namespace hauspost::smtp {

/// The port by which a session asks from which addresses a user may send; server/outbound
/// implements it.
class sender_rules {
public:
    virtual ~sender_rules() = default;
    /// The null address is everybody's: it is not asked for.
    /// Throws  storage::fault
    /// Thread  any; resumes on the caller's executor
    virtual awaitable<bool> may_send_as(account_id user, mailbox_address sender) = 0;
};

/// Where people log in before their mail is taken.
struct submission_ports {
    sasl::credentials& credentials;
    storage::change_feed& changes;
    sender_rules& senders;
    const clock& time;  // of day, for FUTURERELEASE
};

/// What a port is for. Port 25 takes mail of other servers: from anybody, for own mailboxes. The
/// submission ports take mail of people's programs: from who has logged in, for everybody, in the
/// user's own name (RFC 6409). To whom mail may go is the sink's to decide.
///
/// All that it refers to outlives the sessions.
struct session_policy {
    std::string_view protocol;  // for the log, a constant: "smtp"
    mail_sink& mail;
    const submission_ports* submission = nullptr;  // null: nobody logs in here
    refusal_watch* refusals = nullptr;             // null: nobody wants to know
};

}  // namespace hauspost::smtp
