#pragma once

#include "protocols/imap/grammar/limits.hpp"
#include "protocols/net/turn.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace hauspost::imap {

/// What all IMAP sessions of one listener share, [imap] in the configuration (conf/hauspost.toml).
struct session_config {
    std::string hostname = "localhost";
    imap::limits limits;
    /// Passwords are taken without TLS from peers on this machine. Never from others.
    bool allow_plain_login_on_loopback = true;
    std::chrono::milliseconds login_timeout{60'000};      // from greeting to login, in all
    std::chrono::milliseconds autologout{30 * 60'000};    // RFC 9051 5.4: at least 30 minutes
    std::chrono::milliseconds write_timeout{5 * 60'000};  // without progress
    std::chrono::milliseconds tls_timeout{30'000};        // handshake after STARTTLS
    std::chrono::milliseconds wrong_password_delay{2'000};
    std::chrono::milliseconds progress_interval{5'000};  // of INPROGRESS, RFC 9585
    std::chrono::milliseconds search_timeout{30'000};    // of one SEARCH or LIST; then NO [LIMIT]
    std::chrono::milliseconds look_interval{100};        // for the client of a long command
    std::chrono::milliseconds turn = net::turn::default_length;
    std::uint32_t max_messages_of_command = 5'000'000;  // RFC 9738; 0: no limit
    unsigned max_bad_commands_before_login = 3;         // the next one closes
    unsigned max_bad_commands = 20;                     // one after another
    unsigned max_failed_logins = 5;
};

}  // namespace hauspost::imap
