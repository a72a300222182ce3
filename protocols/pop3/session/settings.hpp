#pragma once

#include "protocols/net/turn.hpp"
#include "protocols/pop3/limits.hpp"

#include <chrono>
#include <string>

namespace hauspost::pop3 {

/// What all POP3 sessions of one listener share, [pop3] in the configuration (conf/hauspost.toml).
struct session_config {
    std::string hostname = "localhost";
    pop3::limits limits;
    /// Passwords are taken without TLS from peers on this machine. Never from others.
    bool allow_plain_login_on_loopback = true;
    std::chrono::milliseconds login_timeout{60'000};      // from greeting to login, in all
    std::chrono::milliseconds idle_timeout{10 * 60'000};  // RFC 1939 3: at least 10 minutes
    std::chrono::milliseconds write_timeout{5 * 60'000};  // without progress
    std::chrono::milliseconds tls_timeout{30'000};        // handshake after STLS
    std::chrono::milliseconds wrong_password_delay{2'000};
    /// A session that has been silent, or has not taken its output, for so long gives way to a new
    /// login of the same account.
    std::chrono::milliseconds takeover_silence{30'000};
    std::chrono::milliseconds takeover_wait{2'000};  // then the new login is told IN-USE
    std::chrono::milliseconds look_interval{100};    // for the client of a long login
    std::chrono::milliseconds turn = net::turn::default_length;
    unsigned max_bad_commands_before_login = 3;  // the next one closes
    unsigned max_bad_commands = 20;              // one after another
    unsigned max_failed_logins = 5;
};

}  // namespace hauspost::pop3
