#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/smtp/command.hpp"

#include <string_view>
#include <vector>

namespace hauspost::smtp {

/// The envelope of a message on its way to another server. What `mail.params` say of the message
/// has to be true: size (an estimate, RFC 1870 6), body (8-bit octets), smtputf8 (UTF-8 in header
/// fields), require_tls.
struct outgoing_message {
    cmd::mail mail;
    std::vector<cmd::rcpt> recipients;
};

/// The port to the octets of a message, from its beginning, for one transaction.
/// Thread: that of the transaction.
class message_source {
public:
    virtual ~message_source() = default;

    /// The next octets, as many as are at hand; none: that was all. Valid until the next call.
    /// Refuses  what the transaction has to be broken off for: the octets cannot be had
    virtual awaitable<result<std::string_view>> next() = 0;
};

}  // namespace hauspost::smtp
