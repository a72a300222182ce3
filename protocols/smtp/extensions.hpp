#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::smtp {

/// What one side of a connection can do beyond RFC 5321's basic commands, as EHLO's reply says it.
/// PIPELINING, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES and CHUNKING are always offered.
struct extensions {
    std::uint64_t max_message_octets = 0;  // RFC 1870 3; 0: no fixed limit
    bool start_tls = false;                // RFC 3207 4.2: never said once TLS is on
    bool binary_mime = false;              // RFC 3030 3
    std::string_view auth;                 // RFC 4954 3: mechanisms, blanks between; "" for none
    bool dsn = false;                      // RFC 3461 5.2: reports that are asked for will be sent
    bool require_tls = false;              // RFC 8689 2: only once TLS is on
    std::uint64_t max_hold_seconds = 0;    // RFC 4865 4; 0: FUTURERELEASE is not offered
    std::int64_t max_hold_until = 0;       // the same as a time, Unix seconds
    std::size_t max_messages = 0;          // of a connection, RFC 9422; 0: not said
    std::size_t max_recipients = 0;        // of a message, RFC 9422; 0: not said
};

/// The lines of the EHLO reply behind the host name, in the order in which they are said.
[[nodiscard]] std::vector<std::string> to_lines(const extensions& offered);

}  // namespace hauspost::smtp
