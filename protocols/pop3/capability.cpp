#include "protocols/pop3/capability.hpp"

namespace hauspost::pop3 {

std::string capabilities(const capability_state& now) {
    std::string lines =
        "TOP\r\n"
        "UIDL\r\n"
        "RESP-CODES\r\n"
        "AUTH-RESP-CODE\r\n"
        "PIPELINING\r\n"
        "UTF8 USER\r\n"
        "LANG\r\n"
        "EXPIRE NEVER\r\n"
        "LOGIN-DELAY 0\r\n";
    // RFC 2595 4: announced in the AUTHORIZATION state only.
    if (now.can_start_tls && !now.is_logged_in) lines += "STLS\r\n";
    if (may_log_in(now)) lines += "USER\r\nSASL PLAIN LOGIN\r\n";
    lines += "IMPLEMENTATION Hauspost\r\n";
    return lines;
}

}  // namespace hauspost::pop3
