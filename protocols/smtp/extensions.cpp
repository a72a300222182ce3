#include "protocols/smtp/extensions.hpp"

namespace hauspost::smtp {

std::vector<std::string> ehlo_extensions(const limits& limits, bool offer_tls, bool offer_dsn) {
    std::vector<std::string> lines{"PIPELINING"};  // RFC 2920
    // RFC 1870 3: 0 says that there is no fixed limit.
    lines.push_back("SIZE " + std::to_string(limits.max_message_octets));
    lines.emplace_back("8BITMIME");             // RFC 6152
    lines.emplace_back("SMTPUTF8");             // RFC 6531
    lines.emplace_back("ENHANCEDSTATUSCODES");  // RFC 2034
    if (offer_tls) lines.emplace_back("STARTTLS");
    lines.emplace_back("CHUNKING");            // RFC 3030
    lines.emplace_back("BINARYMIME");          // RFC 3030
    if (offer_dsn) lines.emplace_back("DSN");  // RFC 3461
    std::string numbers;                       // RFC 9422
    if (limits.max_messages != 0) numbers += " MAILMAX=" + std::to_string(limits.max_messages);
    if (limits.max_recipients != 0) numbers += " RCPTMAX=" + std::to_string(limits.max_recipients);
    if (!numbers.empty()) lines.push_back("LIMITS" + numbers);
    return lines;
}

}  // namespace hauspost::smtp
