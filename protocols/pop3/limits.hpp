#pragma once

#include <cstddef>
#include <cstdint>

namespace hauspost::pop3 {

/// What one client may make us hold. The operator may change each (conf/hauspost.toml, [pop3]).
struct limits {
    // A command, CRLF included. RFC 2449 4 asks for 255; passwords and addresses in UTF-8 may need
    // more.
    std::size_t line_octets = 2'048;
    // The messages that one session sees, 24 octets each. Those above it, the newest, show up once
    // older ones are gone.
    std::size_t messages = 2'000'000;
};

// A line of an AUTH exchange, CRLF included (RFC 4954 4 calls 12 288 sufficient).
inline constexpr std::size_t max_response_octets = 12'288 + 2;
inline constexpr std::size_t max_user_octets = 1'280;    // 64 + "@" + 255, four octets a character
inline constexpr std::size_t max_mechanism_octets = 20;  // RFC 4422 3.1
inline constexpr std::size_t max_language_octets = 100;  // ours; RFC 5646 4.4.1 needs 35

}  // namespace hauspost::pop3
