#pragma once

#include "protocols/imap/response/text_writer.hpp"
#include "protocols/message/envelope_fields.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::imap {

inline constexpr std::size_t max_envelope_octets = 128 * 1024;  // ours; rest is NIL

/// Writes "(date subject from sender reply-to to cc bcc in-reply-to message-id)". Sender and
/// Reply-To are From where they are missing. RFC 9051 7.5.2.
void write_envelope(const message::envelope_fields& fields, text_writer& out);

/// Is the subject of this envelope that of a reply or forward? RFC 5256 2.1
/// base_subject  as the summary has it
[[nodiscard]] bool is_reply_or_forward(std::string_view envelope, std::string_view base_subject);

/// What people see of a message in a list, out of an ENVELOPE that write_envelope has made: decoded,
/// UTF-8. What is not there, or is damaged, is "".
struct envelope_heading {
    std::string subject;
    std::string from_name;     // display name of the first author
    std::string from_address;  // "local@domain"
};
[[nodiscard]] envelope_heading read_heading(std::string_view envelope);

}  // namespace hauspost::imap
