#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// All that decides what a session may announce.
struct capability_state {
    bool is_logged_in = false;
    bool is_encrypted = false;
    bool can_start_tls = false;           // plain connection with a certificate at hand
    bool may_login_in_the_clear = false;  // loopback, or a test bed
    bool literal_minus = false;           // limits::literal_minus
    bool is_compressing = false;          // COMPRESS was done
    std::uint32_t message_limit = 0;      // RFC 9738; 0: none
    std::uint64_t append_limit = 0;       // limits::append_octets, RFC 7889
    bool has_index = false;               // a full-text index finds what is alike
};

/// The words of a CAPABILITY response or response code, without the word CAPABILITY itself:
/// "IMAP4rev1 LITERAL+ ...". RFC 9051 6.1.1, 7.2.2
[[nodiscard]] std::string capabilities(const capability_state& state);

/// LOGIN and AUTHENTICATE are allowed (RFC 9051 6.2.3: else LOGINDISABLED is announced).
[[nodiscard]] bool may_log_in(const capability_state& state) noexcept;

}  // namespace hauspost::imap
