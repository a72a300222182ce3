#pragma once

#include "protocols/message/imap_writer.hpp"

#include <string_view>

namespace hauspost::message {

/// The fields ENVELOPE is made of: first of each name, raw and folded, "" when there is none.
struct envelope_fields {
    std::string_view date, subject, from, sender, reply_to, to, cc, bcc, in_reply_to, message_id;
    std::string_view references;  // not in the envelope, but wanted together with it
};
[[nodiscard]] envelope_fields find_envelope_fields(std::string_view header) noexcept;

/// Writes "(date subject from sender reply-to to cc bcc in-reply-to message-id)". Sender and
/// Reply-To are From where they are missing. RFC 9051 7.5.2.
void write_envelope(const envelope_fields& fields, imap_writer& out);

}  // namespace hauspost::message
