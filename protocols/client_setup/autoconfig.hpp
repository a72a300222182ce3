#pragma once

#include "protocols/client_setup/served.hpp"

#include <string>

namespace hauspost::client_setup {

inline constexpr const char* autoconfig_type = "text/xml; charset=utf-8";

/// What Thunderbird and others fetch as config-v1.1.xml: each way that is offered, the best first
/// (IMAP before POP3, TLS from the first octet before STARTTLS). The user name is a place that the
/// program fills with the address, so the document is the same for everybody of a domain.
///
/// of   complete (is_complete); address and name are not looked at
/// RFC  draft-ietf-mailmaint-autoconfig (no number yet)
[[nodiscard]] std::string write_autoconfig(const served& of);

}  // namespace hauspost::client_setup
