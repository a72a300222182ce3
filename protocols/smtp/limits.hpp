#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hauspost::smtp {

/// What one peer may ask of a session. Each can be set in the configuration; where 0 is allowed it
/// switches the limit off, for a test bed.
struct limits {
    // RFC 5321 4.5.3.1.4 asks for 512 octets, CRLF included, and more for each extension (RFC 3461:
    // ENVID, ORCPT; RFC 6531: addresses in UTF-8). 2048 as Postfix has it.
    std::size_t max_command_octets = 2048;
    std::size_t max_auth_octets = 12'288;  // RFC 4954 4

    std::uint64_t max_message_octets = 50ull << 20;   // 0: no limit; RFC 1870
    std::uint64_t max_session_octets = 256ull << 20;  // in, without a login; 0: no limit
    std::size_t max_recipients = 1000;     // of one message; 0: no limit; RFC 5321 4.5.3.1.8
    std::size_t max_messages = 100;        // of one connection; 0: no limit
    std::size_t max_bdat_chunks = 10'000;  // of one message; 0: no limit

    // Commands that are wrong or out of order: from the first number on each answer waits, at the
    // second the connection ends. 0: off.
    std::size_t soft_bad_commands = 10;
    std::size_t hard_bad_commands = 20;
    std::chrono::milliseconds bad_command_delay{1000};
    // Commands that move no mail (NOOP, RSET, VRFY, HELP, EHLO ...) between two messages; 0: off.
    std::size_t max_idle_commands = 100;
    // Recipients refused on one connection; after that each RCPT is answered 452. 0: off.
    std::size_t max_refused_recipients = 100;

    std::chrono::seconds command_timeout{300};  // RFC 5321 4.5.3.2.7; for the whole line
    std::chrono::seconds data_timeout{180};     // RFC 5321 4.5.3.2.5; for each block
    std::uint64_t min_data_rate = 500;          // octets a second after one data_timeout; 0: off
    std::chrono::seconds write_timeout{300};    // without any progress
    std::chrono::seconds tls_timeout{30};

    // While the server is nearly full these take the place of those above.
    std::chrono::seconds stress_timeout{10};
    std::size_t stress_bad_commands = 1;
    std::size_t stress_idle_commands = 10;
};

}  // namespace hauspost::smtp
