#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// RFC 6152, RFC 3030.
enum class body_type : std::uint8_t { seven_bit, eight_bit, binary };

/// Parameters of MAIL that are understood.
struct mail_params {
    std::optional<std::uint64_t> size;  // RFC 1870; UINT64_MAX stands for all that is larger
    body_type body = body_type::seven_bit;
    bool smtputf8 = false;     // RFC 6531
    bool require_tls = false;  // RFC 8689
    /// RFC 4865 3: to be released after so many seconds, or then; one of them at most.
    std::optional<std::uint32_t> hold_for;   // 1 to 999,999,999
    std::optional<std::int64_t> hold_until;  // Unix seconds
    std::string ret;                         // RFC 3461 4.3: "", FULL or HDRS
    std::string envelope_id;                 // RFC 3461 4.4: xtext as given
    /// Who is said to have submitted it, RFC 4954 5: xtext as given, or "<>"; "" when it is not said.
    std::string submitter;
};

/// Parameters of RCPT that are understood.
struct rcpt_params {
    std::string notify;    // RFC 3461 4.1: "", NEVER, or a list of SUCCESS, FAILURE, DELAY
    std::string original;  // RFC 3461 4.2: "type;xtext" as given
};

/// Does NOTIFY name the event, "SUCCESS", "FAILURE" or "DELAY"? RFC 3461 4.1: where it is not given
/// senders want to hear of failures and delays.
[[nodiscard]] bool asks_for_notice(std::string_view notify, std::string_view event) noexcept;

enum class param_fault : std::uint8_t {
    none,
    bad_syntax,  // 501: a parameter twice, without its value, with a value that is none of its own
    unknown,     // 555
};

/// Reads what follows the path: *(SP esmtp-param), RFC 5321 4.1.2.
///   esmtp-param = esmtp-keyword ["=" esmtp-value]
[[nodiscard]] param_fault parse_params(std::string_view text, mail_params& params);
[[nodiscard]] param_fault parse_params(std::string_view text, rcpt_params& params);

}  // namespace hauspost::smtp
