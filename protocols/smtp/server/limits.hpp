#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace hauspost::smtp {

/// The value of a limit that is switched off, for a test bed ("0" in the configuration).
template <class Number>
inline constexpr Number no_limit = std::numeric_limits<Number>::max();

/// What one peer may ask of a session. Each can be set in the configuration.
struct limits {
    // RFC 5321 4.5.3.1.4 asks for 512 octets, CRLF included, and more for each extension (RFC 3461:
    // ENVID, ORCPT; RFC 6531: addresses in UTF-8). 2048 as Postfix has it.
    std::size_t max_command_octets = 2048;

    std::uint64_t max_message_octets = 50ull << 20;   // RFC 1870
    std::uint64_t max_session_octets = 256ull << 20;  // in, without a login
    std::size_t max_recipients = 1000;                // of one message; RFC 5321 4.5.3.1.8
    std::size_t max_messages = 100;                   // of one connection
    std::size_t max_bdat_chunks = 10'000;             // of one message

    // Commands that are wrong or out of order: from the first number on each answer waits, at the
    // second the connection ends.
    std::size_t soft_bad_commands = 10;
    std::size_t hard_bad_commands = 20;
    std::chrono::milliseconds bad_command_delay{1000};
    // Commands that move no mail (NOOP, RSET, VRFY, HELP, EHLO ...) between two messages.
    std::size_t max_idle_commands = 100;
    // Recipients refused on one connection; after that each RCPT is answered 452.
    std::size_t max_refused_recipients = 100;

    std::chrono::seconds command_timeout{300};  // RFC 5321 4.5.3.2.7; for the whole line
    std::chrono::seconds data_timeout{180};     // RFC 5321 4.5.3.2.5; for each block
    std::uint64_t min_data_rate = 500;          // octets a second after one data_timeout
    std::chrono::seconds write_timeout{300};    // without any progress
    std::chrono::seconds tls_timeout{30};

    // While the server is nearly full these take the place of those above that are not off.
    std::chrono::seconds stress_timeout{10};
    std::size_t stress_bad_commands = 1;
    std::size_t stress_idle_commands = 10;
};

}  // namespace hauspost::smtp
