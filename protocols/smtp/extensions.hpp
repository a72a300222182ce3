#pragma once

#include "protocols/smtp/limits.hpp"

#include <string>
#include <vector>

namespace hauspost::smtp {

/// The lines of the EHLO reply behind the host name, in the order in which they are said.
/// offer_tls  STARTTLS can be done now (RFC 3207 4.2: never said once TLS is on)
/// offer_dsn  reports that are asked for will be sent (RFC 3461 5.2)
[[nodiscard]] std::vector<std::string> ehlo_extensions(const limits& limits,
                                                       bool offer_tls,
                                                       bool offer_dsn);

}  // namespace hauspost::smtp
