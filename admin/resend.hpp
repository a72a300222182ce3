#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"

#include <string>

namespace hauspost::admin {

struct resent_mail {
    resent_mail() = default;
    std::string id;       // of the message, as it was asked for
    std::string to;       // canonical
    std::string sent_as;  // the id of what was sent, by which it is traced
};

/// Sends a message that is still in the store to another address, here or elsewhere: as it was stored,
/// with Resent fields in front (RFC 5322 3.6.6), from the postmaster of the domain here that it was
/// for, who hears when it cannot arrive. Nothing changes for those who have it, or wait for it.
///
/// id       of the trace, or the number of a message that waits
/// Refuses  not_an_address ..., nothing_to_trace, no_such_message, message_gone, no_such_address,
///          mail_refused, not_running, disk_full, busy
awaitable<outcome<resent_mail>> resend(ports& at, std::string id, std::string to);

}  // namespace hauspost::admin
