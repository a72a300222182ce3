#pragma once

#include "protocols/client_setup/served.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::client_setup {

// Outlook's Autodiscover in its first form: XML by POST, "POX" (MS-OXDSCLI 2.2).

inline constexpr const char* autodiscover_type = "text/xml; charset=utf-8";

/// Why there are no settings (MS-OXDSCLI, ErrorCode).
enum class autodiscover_error : std::uint16_t {
    unknown_address = 500,  // its domain is none of ours; whether an account exists is never told
    invalid_request = 600,
    no_such_schema = 601,  // settings of another kind are asked for: ActiveSync
};

/// The answer with settings of IMAP, POP3 and SMTP, each by its best offer, for the login name
/// of.address.
///
/// TLS from the first octet is <SSL>on</SSL> alone. <Encryption> overrides that, and its word TLS
/// means STARTTLS to Outlook: with it the set-up of a port with TLS fails without a word.
///
/// of  complete, with its address
[[nodiscard]] std::string write_autodiscover(const served& of);

/// now  time of day, which the answer has to have
[[nodiscard]] std::string write_autodiscover_error(autodiscover_error why,
                                                   std::chrono::sys_seconds now);

// And in its second form, JSON by GET: only where the first one is.

inline constexpr const char* autodiscover_json_type = "application/json; charset=utf-8";

struct json_answer {
    unsigned status = 200;  // of HTTP
    std::string body;
};

/// address   as it was asked; not looked at
/// protocol  as it was asked, in any case; only "AutodiscoverV1" is there
/// url       of the first form
[[nodiscard]] json_answer write_autodiscover_json(const std::optional<std::string>& address,
                                                  const std::optional<std::string>& protocol,
                                                  std::string_view url);

}  // namespace hauspost::client_setup
