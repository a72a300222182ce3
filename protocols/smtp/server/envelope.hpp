#pragma once

#include "protocols/sasl/credentials.hpp"
#include "protocols/smtp/mailbox_address.hpp"
#include "storage/queue_outcome.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::smtp {

/// One recipient that RCPT accepted. RFC 3461 4.1 and 4.2 parameters as given.
struct envelope_recipient {
    mailbox_address address;
    std::string original;  // ORCPT
    std::string notify;
};

struct envelope {
    mailbox_address reverse_path;
    std::vector<envelope_recipient> recipients;
    std::string envelope_id;  // ENVID
    std::string ret;
    bool smtputf8 = false;
    bool is_8bit = false;
    bool requires_tls = false;           // RFC 8689 2
    std::int64_t release_at = 0;         // RFC 4865: Unix seconds; 0: at once
    std::uint64_t announced_octets = 0;  // RFC 1870 SIZE; 0: not said. A hint, never a promise
    /// Who has logged in to submit it; account 0: it came from another server.
    sasl::identity submitter;
    /// Of what the server itself delivers out of its queue: storage::delivery_request::settles.
    storage::claimed_outcomes settles;
    /// Of what is sent once more by order: an address of ours that sends it on. Not signed as its author's,
    /// since a stranger may have written From. "": it goes by itself.
    std::string sent_on_by;
    // For the trace header.
    std::string helo;
    std::string peer_address;
    std::string protocol;  // ESMTP, ESMTPS, UTF8SMTPS, ... RFC 3848, RFC 6531 4.3
    std::string tls;       // "TLSv1.3 TLS_AES_256_GCM_SHA384", or empty
};

}  // namespace hauspost::smtp
