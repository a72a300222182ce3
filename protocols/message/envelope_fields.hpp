#pragma once

#include <string_view>

namespace hauspost::message {

/// What lists of messages show (RFC 9051 7.5.2): the first field of each name, raw and folded, ""
/// when there is none. Views into the header.
struct envelope_fields {
    std::string_view date, subject, from, sender, reply_to, to, cc, bcc, in_reply_to, message_id;
    std::string_view references;  // for threads
};
[[nodiscard]] envelope_fields find_envelope_fields(std::string_view header) noexcept;

}  // namespace hauspost::message
