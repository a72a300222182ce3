#pragma once

#include "protocols/smtp/remote_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::smtp {

/// What a server offers by its reply to EHLO. Keywords that are not known, and parameters that are
/// wrong, count as not said.
/// RFC  5321 4.1.1.1
struct capabilities {
    std::string domain;                    // how the server calls itself; "" when it does not say
    bool size = false;                     // RFC 1870
    std::uint64_t max_message_octets = 0;  // RFC 1870 3; 0: no fixed limit, or none is told
    bool pipelining = false;               // RFC 2920
    bool eight_bit_mime = false;           // RFC 6152
    bool smtputf8 = false;                 // RFC 6531
    bool enhanced_status_codes = false;    // RFC 2034
    bool start_tls = false;                // RFC 3207
    bool chunking = false;                 // RFC 3030
    bool binary_mime = false;              // RFC 3030; only ever with chunking
    bool dsn = false;                      // RFC 3461
    bool require_tls = false;              // RFC 8689
    std::vector<std::string> auth;         // RFC 4954: mechanisms in upper case
    // RFC 9422 4; 0: not said
    std::size_t max_messages = 0;           // MAILMAX, of a connection
    std::size_t max_recipients = 0;         // RCPTMAX, of a transaction
    std::size_t max_recipient_domains = 0;  // RCPTDOMAINMAX, of a transaction

    /// mechanism  in upper case
    [[nodiscard]] bool has_auth(std::string_view mechanism) const noexcept;
};

/// Reads a positive reply to EHLO.
[[nodiscard]] capabilities parse_capabilities(const remote_reply& ehlo);

}  // namespace hauspost::smtp
