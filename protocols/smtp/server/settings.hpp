#pragma once

#include "protocols/smtp/server/limits.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace hauspost::smtp {

/// What all sessions of one listener share, [smtp] in the configuration (conf/hauspost.toml). Never
/// changed once a session has it: a reload makes a new one for the sessions to come.
struct session_config {
    std::string hostname = "localhost";  // said in the greeting
    smtp::limits limits;
    /// Offer DSN. Only where somebody sends the reports: RFC 3461 5.2.3 makes "delivered" ones a
    /// duty.
    bool offer_dsn = false;
    /// Offer FUTURERELEASE (RFC 4865), where people log in: so long a message may wait for its time.
    /// 0: not offered.
    std::chrono::seconds max_hold{30 * 24 * 3600};
    /// Offer REQUIRETLS (RFC 8689) once TLS is on. Only where the sink keeps that promise.
    bool offer_require_tls = false;
    /// Wait so long before the greeting and turn away who speaks first. 0: greet at once.
    std::chrono::milliseconds greet_pause{0};
    // Where people log in (policy.hpp):
    /// Passwords are taken without TLS from peers on this machine. Never from others.
    bool allow_plain_login_on_loopback = true;
    std::chrono::milliseconds login_timeout{60'000};  // from greeting to login, in all
    std::chrono::milliseconds wrong_password_delay{2'000};
    unsigned max_failed_logins = 5;
    /// True while the server is nearly full: the limits' stress values apply. Empty: never.
    std::function<bool()> is_under_stress;

    [[nodiscard]] bool is_stressed() const { return is_under_stress && is_under_stress(); }
};

}  // namespace hauspost::smtp
