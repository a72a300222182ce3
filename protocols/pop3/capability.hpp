#pragma once

#include <string>

namespace hauspost::pop3 {

/// What of a session's state CAPA depends on.
struct capability_state {
    bool is_logged_in = false;
    bool is_encrypted = false;
    bool can_start_tls = false;
    bool may_login_in_the_clear = false;
};

/// RFC 8314 3, RFC 2595 2.1: a password never goes over a wire that others may read.
[[nodiscard]] constexpr bool may_log_in(const capability_state& now) noexcept {
    return now.is_encrypted || now.may_login_in_the_clear;
}

/// The lines between CAPA's +OK and its ".", each with CRLF. Names no version: that helps only who
/// looks for old ones.
/// RFC  2449 5 and 6 (TOP, UIDL, USER, SASL, RESP-CODES, LOGIN-DELAY, PIPELINING, EXPIRE,
///      IMPLEMENTATION), 2595 4 (STLS), 3206 (AUTH-RESP-CODE), 6856 (UTF8, LANG)
[[nodiscard]] std::string capabilities(const capability_state& now);

}  // namespace hauspost::pop3
