#pragma once

#include "base/secret.hpp"
#include "protocols/smtp/reply_parser.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hauspost::smtp {

/// How long a server may take, RFC 5321 4.5.3.2. Each counts for a whole reply, however slowly its
/// octets come; that of data_block also for any progress of what we write.
struct client_timeouts {
    std::chrono::seconds greeting{300};
    std::chrono::seconds hello{300};  // EHLO, HELO, STARTTLS, AUTH and RSET, for which it has none
    std::chrono::seconds handshake{60};  // of TLS
    std::chrono::seconds mail{300};
    std::chrono::seconds rcpt{300};
    std::chrono::seconds data{120};  // "DATA initiation"
    std::chrono::seconds data_block{180};
    std::chrono::seconds data_end{600};  // "DATA termination"
    std::chrono::seconds quit{5};        // nothing depends on it any more
    // Limits in all, against those who use up each of the others.
    std::chrono::seconds beginning{900};     // from the greeting until the first message can begin
    std::chrono::seconds transaction{3600};  // and, for the message's octets:
    std::uint64_t min_data_rate = 500;       // octets a second, at least 1
};

/// Who logs in with the password (a smarthost).
struct client_login {
    std::string user;
    secret password;
};

/// Is STARTTLS to be used?
enum class tls_use : std::uint8_t {
    never,       // after a handshake that failed, where nothing demands TLS
    if_offered,  // opportunistic, RFC 7435
    required,    // nothing is said in the clear (RFC 8461 5, RFC 7672 2.2)
};

/// What the sessions to one server go by.
struct client_settings {
    std::string hostname = "localhost";  // said in EHLO
    tls_use tls = tls_use::if_offered;
    std::optional<client_login> login;  // none: nobody logs in
    /// Messages go by BDAT where CHUNKING is offered, else by DATA.
    bool use_chunking = true;
    /// Commands that are said at once where PIPELINING is offered. So few that they and their
    /// replies always fit into the sockets' buffers: nobody can end up waiting for the other
    /// (RFC 2920 3.1).
    std::size_t commands_at_once = 50;
    client_timeouts timeouts;
    reply_limits replies;
};

}  // namespace hauspost::smtp
