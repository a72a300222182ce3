#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string_view>

namespace hauspost::access {

/// How a refused login is answered, in the codes of each protocol and in the same words by all.
struct login_refusal {
    std::string_view text;         // "wrong user name or password: ..."
    std::string_view imap;         // RFC 5530 3: "AUTHENTICATIONFAILED"
    std::string_view pop3;         // RFC 3206 4 and 5, without brackets: "AUTH"
    std::uint16_t smtp = 0;        // RFC 4954 4 and 6: 535
    std::string_view smtp_status;  // RFC 3463, 4954 6: "5.7.8"
    std::string_view log;          // "wrong_password"
};

/// why  sasl::errc; anything else is a fault of ours
[[nodiscard]] const login_refusal& refusal_of(error_code why) noexcept;

}  // namespace hauspost::access
