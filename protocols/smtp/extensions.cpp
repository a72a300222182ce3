#include "protocols/smtp/extensions.hpp"

#include "protocols/smtp/release_time.hpp"

namespace hauspost::smtp {

std::vector<std::string> to_lines(const extensions& offered) {
    std::vector<std::string> lines{"PIPELINING"};  // RFC 2920
    lines.push_back("SIZE " + std::to_string(offered.max_message_octets));
    lines.emplace_back("8BITMIME");             // RFC 6152
    lines.emplace_back("SMTPUTF8");             // RFC 6531
    lines.emplace_back("ENHANCEDSTATUSCODES");  // RFC 2034
    if (offered.start_tls) lines.emplace_back("STARTTLS");
    lines.emplace_back("CHUNKING");                             // RFC 3030
    if (offered.binary_mime) lines.emplace_back("BINARYMIME");  // RFC 3030
    if (!offered.auth.empty()) lines.push_back("AUTH " + std::string(offered.auth));
    if (offered.dsn) lines.emplace_back("DSN");                 // RFC 3461
    if (offered.require_tls) lines.emplace_back("REQUIRETLS");  // RFC 8689
    if (offered.max_hold_seconds != 0)                          // RFC 4865
        lines.push_back("FUTURERELEASE " + std::to_string(offered.max_hold_seconds) + ' ' +
                        write_utc_time(offered.max_hold_until));
    std::string numbers;  // RFC 9422
    if (offered.max_messages != 0) numbers += " MAILMAX=" + std::to_string(offered.max_messages);
    if (offered.max_recipients != 0)
        numbers += " RCPTMAX=" + std::to_string(offered.max_recipients);
    if (!numbers.empty()) lines.push_back("LIMITS" + numbers);
    return lines;
}

}  // namespace hauspost::smtp
